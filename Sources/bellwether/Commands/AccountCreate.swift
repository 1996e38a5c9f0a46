import ArgumentParser
import Foundation
import Portal
import Records

/// The roles, as the command line takes them.
enum RoleArgument: String, ExpressibleByArgument, CaseIterable {
    case administrator, clinician, supervisor, frontDesk = "front-desk", billing, healthCoach = "health-coach"
    case contentEditor = "content-editor"

    var role: StaffMember.Role {
        switch self {
        case .administrator: .administrator
        case .clinician: .clinician
        case .supervisor: .supervisor
        case .frontDesk: .frontDesk
        case .billing: .billing
        case .healthCoach: .healthCoach
        case .contentEditor: .contentEditor
        }
    }
}

extension Account {
    struct CreatePractice: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a practice.",
            discussion: "Staff who see many records sign in with two factors there."
        )

        @Argument(help: "Its name.")
        var name: String

        @Option(help: "Short name, for addresses and sign-in: small letters, digits and dashes.")
        var slug: String

        @Option(help: "Time zone, such as America/Chicago.")
        var timeZone: String

        @Option(help: "Phone number that clients are told.")
        var phone: String?

        @OptionGroup var options: PracticeOptions

        func validate() throws {
            guard TimeZone(identifier: timeZone) != nil else {
                throw ValidationError("\(timeZone) is no time zone. Write one like America/Chicago.")
            }
            guard (2...40).contains(slug.count),
                slug.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") })
            else { throw ValidationError("The short name has 2 to 40 small letters, digits and dashes.") }
        }

        func run() async throws {
            // The one command that may find no database.
            let portal = try await DataOptions.open(options.data.configuration(options.knowledge))
            defer { try? portal.close() }
            try await accountFailures {
                let practice = try await portal.directory.addPractice(
                    name: name,
                    slug: slug,
                    timeZone: timeZone,
                    phone: phone
                )
                try await portal.publishCorpus()
                try options.show(
                    ["id": practice.id.text, "slug": practice.slug],
                    "Created the practice \(practice.slug)."
                )
            }
        }
    }

    struct CreateStaff: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a member of staff, and print a link by which they choose a password.",
            discussion: "The link works once, for a day."
        )

        @Argument(help: "User name.")
        var username: String

        @Option(help: "E-mail address.")
        var email: String

        @Option(help: "Name as others see it.")
        var name: String

        @Option(help: "What they may do.")
        var role: RoleArgument

        @Flag(help: "Alerts that nobody takes on come to this person.")
        var onCall = false

        @OptionGroup var options: PracticeOptions

        func run() async throws {
            try await options.with { portal, practice in
                let (id, link) = try await portal.accounts.createStaff(
                    username: username,
                    email: email,
                    displayName: name,
                    role: role.role,
                    onCall: onCall,
                    as: practice.commandLine
                )
                try options.show(
                    ["id": id.text, "link": link],
                    "Created \(username). To choose a password, within a day:",
                    link
                )
            }
        }
    }

    struct CreateClient: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Create a client, without portal access.",
            discussion: "`bellwether account invite` gives them access."
        )

        @Option(help: "First name.")
        var firstName: String

        @Option(help: "Last name.")
        var lastName: String

        @Option(help: "Date of birth, such as 1990-05-17.")
        var birthDate: String

        @Option(help: "Language, en or es.")
        var language: String?

        @Option(help: "User name of the therapist.")
        var therapist: String?

        @OptionGroup var options: PracticeOptions

        func validate() throws {
            guard CivilDate.isValid(birthDate) else { throw ValidationError("Write the date like 1990-05-17.") }
        }

        func run() async throws {
            try await options.with { portal, practice in
                let therapistID = try await therapist.asyncMap { name in
                    guard let id = try await portal.accounts.staff(named: name, in: practice.id) else {
                        throw failure(.noInput, "There is no member of staff \(name).")
                    }
                    return id
                }
                let client = try await portal.directory.addClient(
                    to: practice,
                    firstName: firstName,
                    lastName: lastName,
                    birthDate: birthDate,
                    language: language,
                    therapist: therapistID,
                    portalEnabled: false,
                    as: .system("command-line", practice: practice.id)
                )
                try options.show(["id": client.id.text], "Created the client \(client.id).")
            }
        }
    }
}

/// A day, as the commands take it.
enum CivilDate {
    static func isValid(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2])
        else { return false }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        return DateComponents(calendar: calendar, year: year, month: month, day: day).isValidDate
    }
}

extension Optional {
    fileprivate func asyncMap<Result>(_ body: (Wrapped) async throws -> Result) async rethrows -> Result? {
        switch self {
        case .some(let value): try await body(value)
        case .none: nil
        }
    }
}
