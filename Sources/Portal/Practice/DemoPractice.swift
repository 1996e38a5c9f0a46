import Assessment
import Foundation
public import Records
import Synchronization

/// A fictional practice to try the portal with: staff, clients, their past scores, and what is due. Nobody in it is real.
public struct DemoPractice: Sendable {
    public struct SignIn: Sendable, Codable {
        public let username: String
        /// Who that is, such as `client` or `clinician`.
        public let who: String
    }

    public let name: String
    public let signIns: [SignIn]
    /// The same for all of them, made anew for every demo practice.
    public let password: String

    private static let name = "Harbor Lane Counseling"

    /// Creates the practice in the portal of `configuration`, living through its last three months with a clock that
    /// moves. Nil when there is a practice already.
    public static func create(_ configuration: PortalConfiguration, surroundings: Surroundings = .system) async throws
        -> DemoPractice?
    {
        let today = surroundings.now()
        let clock = TravellingClock(today.adding(.seconds(-100 * 86_400)))
        let portal = try await Portal.open(
            configuration,
            surroundings: Surroundings(now: { clock.now }, random: surroundings.random)
        )
        defer { try? portal.close() }
        guard try await portal.directory.practices().isEmpty else { return nil }
        let demo = try await Builder(portal: portal, clock: clock, today: today).build()
        return demo
    }

    private final class TravellingClock: Sendable {
        private let current: Mutex<Timestamp>
        init(_ start: Timestamp) { current = Mutex(start) }
        var now: Timestamp { current.withLock { $0 } }
        func travel(to moment: Timestamp) { current.withLock { $0 = max($0, moment) } }
    }

    private struct Builder {
        let portal: Portal
        let clock: TravellingClock
        let today: Timestamp

        /// Days ago, instrument, answers in order.
        private typealias Past = (daysAgo: Int, instrument: String, answers: [Int])

        func build() async throws -> DemoPractice {
            let password = Self.password(random: portal.surroundings.random)
            let practice = try await portal.directory.addPractice(
                name: DemoPractice.name,
                slug: "demo",
                timeZone: "America/Chicago",
                phone: "555-0100",
                // So that one command signs in.
                secondFactors: [:]
            )
            let admin = try await staff("ruth", "Ruth Calder", .administrator, practice, password)
            _ = try await staff("noor", "Noor Haddad", .contentEditor, practice, password)
            let supervisor = try await staff("ben", "Dr. Ben Ashford", .supervisor, practice, password, onCall: true)
            let clinician = try await staff(
                "elena",
                "Dr. Elena Park",
                .clinician,
                practice,
                password,
                supervisor: supervisor.id
            )
            let maya = try await client("maya", "Maya", "Torres", "1991-04-12", practice, clinician, password)
            let jordan = try await client("jordan", "Jordan", "Lee", "1986-11-30", practice, clinician, password)
            let lucia = try await client(
                "lucia",
                "Lucía",
                "Ramírez",
                "1998-02-03",
                practice,
                clinician,
                password,
                language: "es"
            )
            _ = try await client("priya", "Priya", "Natarajan", "1979-08-21", practice, supervisor, password)
            try await live([
                (
                    maya,
                    [
                        (84, "PHQ-9", [2, 3, 2, 2, 2, 2, 2, 2, 0, 2]), (56, "PHQ-9", [2, 2, 2, 2, 1, 2, 2, 1, 0, 1]),
                        (28, "PHQ-9", [1, 2, 1, 2, 1, 1, 2, 1, 0, 1]), (3, "PHQ-9", [1, 1, 1, 1, 1, 1, 1, 0, 0, 1]),
                        (84, "GAD-7", [2, 2, 2, 2, 2, 2, 2]), (28, "GAD-7", [2, 2, 1, 2, 1, 1, 1]),
                        (3, "GAD-7", [1, 1, 1, 1, 1, 1, 0]),
                    ]
                ),
                (
                    jordan,
                    [
                        (70, "PHQ-9", [1, 1, 1, 1, 1, 1, 1, 1, 0, 1]), (35, "PHQ-9", [2, 1, 2, 1, 1, 1, 2, 1, 0, 1]),
                        (1, "PHQ-9", [2, 3, 2, 2, 2, 2, 2, 1, 1, 2]),
                    ]
                ),
            ])
            clock.travel(to: today)
            let principal = Principal(practiceID: practice.id, identity: .staff(clinician.id, role: .clinician))
            for (person, code) in [(maya, "PHQ-9"), (jordan, "GAD-7"), (lucia, "PHQ-9"), (lucia, "PCL-5")] {
                _ = try await portal.assessments.assign(
                    code,
                    to: person.client.id,
                    dueAt: today.adding(.seconds(3 * 86_400)),
                    as: principal
                )
            }
            try await portal.publishCorpus()
            try await portal.workRunner { _, _ in }.drain()
            _ = admin
            return DemoPractice(
                name: practice.name,
                signIns: [
                    SignIn(username: "maya", who: "client"),
                    SignIn(username: "jordan", who: "client with an open alert"),
                    SignIn(username: "lucia", who: "client who prefers Spanish"),
                    SignIn(username: "elena", who: "clinician"),
                    SignIn(username: "ben", who: "supervisor on call"), SignIn(username: "noor", who: "content editor"),
                    SignIn(username: "ruth", who: "administrator"),
                ],
                password: password
            )
        }

        private typealias Person = (client: Client, principal: Principal)

        private func staff(
            _ username: String,
            _ name: String,
            _ role: StaffMember.Role,
            _ practice: Practice,
            _ password: String,
            supervisor: ID<StaffMember>? = nil,
            onCall: Bool = false
        ) async throws -> StaffMember {
            try await portal.directory.addStaff(
                to: practice.id,
                username: username,
                email: "\(username)@harborlane.example",
                displayName: name,
                role: role,
                supervisor: supervisor,
                onCall: onCall,
                password: password,
                as: .system("demo", practice: practice.id)
            )
        }

        private func client(
            _ username: String,
            _ first: String,
            _ last: String,
            _ birth: String,
            _ practice: Practice,
            _ therapist: StaffMember,
            _ password: String,
            language: String? = nil
        ) async throws -> Person {
            let client = try await portal.directory.addClient(
                to: practice,
                firstName: first,
                lastName: last,
                birthDate: birth,
                language: language,
                therapist: therapist.id,
                as: .system("demo", practice: practice.id)
            )
            let account = try await portal.directory.addAccount(
                for: client,
                username: username,
                email: "\(username)@mail.example",
                password: password,
                as: .system("demo", practice: practice.id)
            )
            let principal = Principal(
                practiceID: practice.id,
                identity: .account(account.id, ownClient: client.id)
            )
            return (client, principal)
        }

        /// Answers every questionnaire on its day, oldest first, with the work that follows from it.
        private func live(_ histories: [(Person, [Past])]) async throws {
            let days = histories.flatMap { person, past in past.map { (person, $0) } }.sorted {
                $0.1.daysAgo > $1.1.daysAgo
            }
            for (person, past) in days {
                clock.travel(to: today.adding(.seconds(-past.daysAgo * 86_400)))
                let begun = try await portal.assessments.start(
                    past.instrument,
                    assignment: nil,
                    for: person.client.id,
                    as: person.principal
                )
                let answers = Responses(inOrder: past.answers.map { .value($0) }, of: begun.instrument)
                _ = try await portal.assessments.submit(
                    begun.administration.id,
                    responses: answers,
                    of: person.client.id,
                    as: person.principal
                )
                try await portal.workRunner { _, _ in }.drain()
            }
        }

        /// Four groups of four letters and digits that are not easily mistaken: about 78 random bits.
        private static func password(random: (Int) -> [UInt8]) -> String {
            let alphabet = Array("abcdefghjkmnpqrstuvwxyz23456789")
            let letters = random(16).map { alphabet[Int($0) % alphabet.count] }
            return stride(from: 0, to: 16, by: 4).map { String(letters[$0..<($0 + 4)]) }.joined(separator: "-")
        }
    }
}
