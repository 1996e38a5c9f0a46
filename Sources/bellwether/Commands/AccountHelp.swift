import ArgumentParser
import Foundation
import Portal
import Records

extension Account {
    struct Invite: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Invite a client to the portal: by mail, or with a code that is printed here."
        )

        @Argument(help: "Id of the client.")
        var client: String

        @Option(help: "Mail it to this address. Without one, a code for paper is printed.")
        var email: String?

        @OptionGroup var options: PracticeOptions

        func run() async throws {
            guard let id = ID<Client>(client) else { throw ValidationError("\(client) is no id.") }
            try await options.with { portal, practice in
                let issued = try await portal.invitations.invite(
                    id,
                    by: email == nil ? .paper : .email,
                    email: email,
                    as: practice.commandLine
                )
                try options.show(
                    ["id": issued.invitation.id.text, "code": issued.code],
                    issued.code.map { "The code, for one use within 14 days: \($0)" }
                        ?? "The invitation goes out with the next mail."
                )
            }
        }
    }

    struct Reset: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Unlock a member of staff who is locked out, and print a link by which they choose a password.",
            discussion: "For an administrator who has lost their password, and whom nobody in the portal can help."
        )

        @Argument(help: "User name or e-mail address.")
        var username: String

        @Flag(help: "Take their second factors away, too, as when a phone was lost.")
        var clearFactors = false

        @OptionGroup var options: PracticeOptions

        func run() async throws {
            try await options.with { portal, practice in
                guard let id = try await portal.accounts.staff(named: username, in: practice.id) else {
                    throw failure(.noInput, "There is no member of staff \(username).")
                }
                let link = try await portal.accounts.recover(
                    id,
                    clearingFactors: clearFactors,
                    as: practice.commandLine
                )
                try options.show(["link": link], "To choose a password, within a day:", link)
            }
        }
    }

    struct Sessions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the open sessions of a practice.")

        @OptionGroup var options: PracticeOptions

        private struct Line: Encodable {
            let id: String
            let userAgent: String?
            let ip: String?
            let signedInAt: String
            let lastSeenAt: String

            enum CodingKeys: String, CodingKey {
                case id, ip
                case userAgent = "user_agent"
                case signedInAt = "signed_in_at"
                case lastSeenAt = "last_seen_at"
            }
        }

        func run() async throws {
            try await options.with { portal, practice in
                let lines = try await portal.accounts.openSessions(as: practice.commandLine).map {
                    Line(
                        id: $0.id.text,
                        userAgent: $0.userAgent,
                        ip: $0.ip,
                        signedInAt: $0.loginAt.description,
                        lastSeenAt: $0.lastSeenAt.description
                    )
                }
                switch options.output.format {
                case .json: printLine(try json(lines))
                case .table:
                    printLine(
                        table(
                            ["session", "since", "last seen", "address"],
                            lines.map { [$0.id, $0.signedInAt, $0.lastSeenAt, $0.ip ?? ""] }
                        )
                    )
                }
            }
        }
    }

    struct EndSessions: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "End one session, or all of a practice.")

        @Argument(help: "Id of the session; all unless given.")
        var session: String?

        @OptionGroup var options: PracticeOptions

        func run() async throws {
            let id = try session.map { text in
                guard let id = ID<Session>(text) else { throw ValidationError("\(text) is no id.") }
                return id
            }
            try await options.with { portal, practice in
                let ended = try await portal.accounts.endSessions(id, as: practice.commandLine)
                if id != nil, ended == 0 { throw failure(.noInput, "There is no such open session.") }
                try options.show(["ended": ended], "Ended \(ended).")
            }
        }
    }
}
