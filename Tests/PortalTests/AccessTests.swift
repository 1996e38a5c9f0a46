import Assessment
import Portal
import Records
import Store
import Support
import Testing

/// Every call of the services that touches a client's data, by everybody: who gets in is written here, and nowhere else in
/// the tests.
@Suite("Who may do what")
struct AccessTests {
    enum Person: String, CaseIterable {
        case client, sibling, stranger, neighborClient
        case clinician, otherClinician, supervisor, administrator, editor, frontDesk
        case neighborAdministrator, neighborClinician

        func principal(_ test: TestPortal) -> Principal {
            switch self {
            case .client: test.people.client.principal
            case .sibling: test.people.sibling.principal
            case .stranger: test.people.stranger.principal
            case .neighborClient: test.neighbors.client.principal
            case .clinician: test.people.clinician.principal
            case .otherClinician: test.people.otherClinician.principal
            case .supervisor: test.people.supervisor.principal
            case .administrator: test.people.administrator.principal
            case .editor: test.people.editor.principal
            case .frontDesk: test.people.frontDesk.principal
            case .neighborAdministrator: test.neighbors.administrator.principal
            case .neighborClinician: test.neighbors.clinician.principal
            }
        }
    }

    /// What there is of the client when the calls are made.
    struct Subject: Sendable {
        let client: ID<Client>
        let conversation: ID<Conversation>
        let assignment: ID<Assignment>
        let begun: ID<Administration>
        let submitted: ID<Administration>
        let alert: ID<Alert>
    }

    struct Call: Sendable, CustomTestStringConvertible {
        let name: String
        let allowed: Set<Person>
        let run: @Sendable (Portal, Subject, Principal) async throws -> Void

        init(
            _ name: String,
            _ allowed: Set<Person>,
            _ run: @escaping @Sendable (Portal, Subject, Principal) async throws -> Void
        ) {
            self.name = name
            self.allowed = allowed
            self.run = run
        }

        var testDescription: String { name }
    }

    private static let care: Set<Person> = [.client, .clinician, .administrator]

    private static let readers = care.union([.supervisor])

    static let calls = [
        Call("open a conversation", [.client]) { _ = try await $0.chat.open(for: $1.client, as: $2, locale: "en") },
        Call("list conversations", [.client]) { _ = try await $0.chat.conversations(of: $1.client, as: $2) },
        Call("read a conversation", [.client]) {
            _ = try await $0.chat.history($1.conversation, of: $1.client, as: $2)
        },
        Call("send a message", [.client]) {
            _ = try await $0.chat.send("hello", to: $1.conversation, nonce: nil, of: $1.client, as: $2)
        },
        Call("send a cry for help", [.client]) {
            _ = try await $0.chat.send(
                "I want to kill myself tonight",
                to: $1.conversation,
                nonce: nil,
                of: $1.client,
                as: $2
            )
        },
        Call("list questionnaires", readers) { _ = try await $0.assessments.overview(of: $1.client, as: $2) },
        Call("assign a questionnaire", [.clinician, .administrator]) {
            _ = try await $0.assessments.assign("PCL-5", to: $1.client, dueAt: nil, as: $2)
        },
        Call("begin a questionnaire", care) {
            _ = try await $0.assessments.start("GAD-7", assignment: nil, for: $1.client, as: $2)
        },
        Call("begin an assigned questionnaire", care) {
            _ = try await $0.assessments.start(nil, assignment: $1.assignment, for: $1.client, as: $2)
        },
        Call("save answers", care) {
            _ = try await $0.assessments.save(.items(["1": 1]), to: $1.begun, of: $1.client, as: $2)
        },
        Call("submit answers", care) { _ = try await $0.assessments.submit($1.begun, of: $1.client, as: $2) },
        Call("read an administration", readers) {
            _ = try await $0.assessments.administration($1.submitted, of: $1.client, as: $2)
        },
        Call("read a trend", readers) {
            _ = try await $0.assessments.trend(of: $1.client, instrument: "PHQ-9", as: $2)
        },
        Call("take an alert on", [.clinician, .supervisor, .administrator]) {
            _ = try await $0.alerts.acknowledge($1.alert, as: $2)
        },
        Call("close an alert", [.clinician, .supervisor, .administrator]) {
            _ = try await $0.alerts.close($1.alert, as: .contacted, note: "Called back", by: $2)
        },
        Call(
            "list alerts",
            [.clinician, .otherClinician, .supervisor, .administrator, .neighborAdministrator, .neighborClinician]
        ) {
            _ = try await $0.alerts.inbox(of: $2)
        },
        Call(
            "list clients",
            [
                .clinician, .otherClinician, .supervisor, .administrator, .frontDesk, .neighborAdministrator,
                .neighborClinician,
            ]
        ) {
            _ = try await $0.caseload.clients(of: $2)
        },
    ]

    private func subject(_ test: TestPortal) async throws -> Subject {
        let (maya, portal) = (test.people.client, test.portal)
        let conversation = try await portal.chat.open(for: maya.id, as: maya.principal, locale: "en")
        let assignment = try await portal.assessments.assign(
            "GAD-7",
            to: maya.id,
            dueAt: nil,
            as: test.people.clinician.principal
        )
        let submitted = try await test.complete("PHQ-9", PHQ9.flagged)
        return Subject(
            client: maya.id,
            conversation: conversation.id,
            assignment: assignment.id,
            begun: try await test.begin().administration.id,
            submitted: submitted.administration.id,
            alert: try #require(try await test.alerts().first).id
        )
    }

    @Test(arguments: calls) func `who may is let in and audited, who may not is refused, audited, and changes nothing`(
        call: Call
    ) async throws {
        let test = try await TestPortal(articles: [])
        let subject = try await subject(test)
        for person in Person.allCases where !call.allowed.contains(person) {
            let principal = person.principal(test)
            let before = try await Contents(of: test, except: ["audit_log"])
            let audited = try await newestAudit(test)
            do {
                try await call.run(test.portal, subject, principal)
                Issue.record("\(person) got in")
            } catch {
                #expect(error is AccessDenied || error is RecordNotFound, "\(person): \(error)")
            }
            #expect(try await Contents(of: test, except: ["audit_log"]).differences(to: before) == [], "\(person)")
            let rows = try await test.rows("SELECT * FROM audit_log WHERE seq > \(audited) ORDER BY seq")
            #expect(rows.map { $0["outcome"] } == [.text("DENIED")], "\(person)")
            #expect(
                rows.first?["actor_id"] == .text((principal.staffID?.text ?? principal.accountID?.text) ?? ""),
                "\(person)"
            )
            #expect(rows.first?["client_id"] == .null, "\(person): whether there is such a client is not said")
        }
        for person in Person.allCases where call.allowed.contains(person) {
            let audited = try await newestAudit(test)
            do {
                try await call.run(test.portal, subject, person.principal(test))
                #expect(try await newestAudit(test) > audited, "\(person)")
            } catch is Refusal {
                // Past the door; another was there before.
            }
        }
        #expect(try await test.portal.audit.verify(test.portal.database) == [])
    }

    private func newestAudit(_ test: TestPortal) async throws -> Int64 {
        try await test.rows("SELECT COALESCE(MAX(seq), 0) AS seq FROM audit_log").first?.get("seq") ?? 0
    }

    // MARK: - What lists hold

    @Test func `a caseload is one's own`() async throws {
        let test = try await TestPortal(articles: [])
        func names(_ staff: TestStaff) async throws -> [String] {
            try await test.portal.caseload.clients(of: staff.principal).map(\.firstName)
        }
        #expect(try await names(test.people.clinician) == ["Jordan", "Maya"])
        #expect(try await names(test.people.otherClinician) == ["Priya"])
        #expect(try await names(test.people.supervisor) == ["Jordan", "Maya"])
        #expect(try await names(test.people.administrator) == ["Jordan", "Maya", "Priya"])
        #expect(try await names(test.neighbors.administrator) == ["Noel"])
    }

    @Test func `a reassigned client goes from one clinician to the other at once`() async throws {
        let test = try await TestPortal(articles: [])
        let subject = try await subject(test)
        let (former, new) = (test.people.clinician, test.people.otherClinician)
        try await test.portal.directory.assign(subject.client, to: new.id, as: test.people.administrator.principal)
        await #expect(throws: AccessDenied()) {
            try await test.portal.assessments.overview(of: subject.client, as: former.principal)
        }
        await #expect(throws: AccessDenied()) {
            try await test.portal.alerts.acknowledge(subject.alert, as: former.principal)
        }
        #expect(try await test.alerts(of: former).isEmpty)
        _ = try await test.portal.assessments.overview(of: subject.client, as: new.principal)
        #expect(try await test.alerts(of: new).map(\.id) == [subject.alert])
        _ = try await test.portal.alerts.acknowledge(subject.alert, as: new.principal)
    }

    @Test func `a therapist of another practice cannot be given`() async throws {
        let test = try await TestPortal(articles: [])
        await #expect(throws: StoreError.self) {
            try await test.portal.directory.assign(
                test.people.client.id,
                to: test.neighbors.clinician.id,
                as: test.people.administrator.principal
            )
        }
    }

    @Test func `with the portal switched off the client is out, whatever they hold`() async throws {
        let test = try await TestPortal(articles: [])
        let subject = try await subject(test)
        try await test.portal.accounts.setPortalEnabled(
            false,
            for: subject.client,
            as: test.people.frontDesk.principal
        )
        for call in Self.calls where call.allowed.contains(.client) {
            await #expect(throws: AccessDenied(), "\(call.name)") {
                try await call.run(test.portal, subject, test.people.client.principal)
            }
        }
        _ = try await test.portal.assessments.overview(of: subject.client, as: test.people.clinician.principal)
    }

    @Test func `a record of another client is not there, and asking for it is on record`() async throws {
        let test = try await TestPortal(articles: [])
        let subject = try await subject(test)
        let sibling = test.people.sibling
        await #expect(throws: RecordNotFound()) {
            try await test.portal.assessments.administration(subject.submitted, of: sibling.id, as: sibling.principal)
        }
        await #expect(throws: RecordNotFound()) {
            try await test.portal.assessments.start(
                nil,
                assignment: subject.assignment,
                for: sibling.id,
                as: sibling.principal
            )
        }
        let rows = try await test.rows("SELECT * FROM audit_log WHERE outcome = 'DENIED' ORDER BY seq")
        #expect(rows.map { $0["entity_id"] } == [.text(subject.submitted.text), .text(subject.assignment.text)])
        #expect(rows.map { $0["client_id"] } == [.text(sibling.id.text), .text(sibling.id.text)])
    }

    @Test func `a notification is its reader's alone`() async throws {
        let test = try await TestPortal(articles: [])
        try await test.complete("PHQ-9", PHQ9.flagged)
        try await test.drainWork()
        let inbox = try await test.portal.notifications.inbox(of: test.people.clinician.principal)
        let id = try #require(inbox.notifications.first).id
        #expect(inbox.unread == inbox.notifications.count)
        for person in Person.allCases where person != .clinician {
            #expect(
                try await test.portal.notifications.inbox(of: person.principal(test)).notifications.isEmpty,
                "\(person)"
            )
            await #expect(throws: RecordNotFound(), "\(person)") {
                try await test.portal.notifications.markRead(id, as: person.principal(test))
            }
        }
        for _ in 0..<2 { try await test.portal.notifications.markRead(id, as: test.people.clinician.principal) }
        #expect(
            try await test.portal.notifications.inbox(of: test.people.clinician.principal).unread == inbox.unread - 1
        )
    }
}
