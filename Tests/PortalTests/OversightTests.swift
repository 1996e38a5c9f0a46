import Foundation
import Portal
import Records
import Store
import Support
import Testing

@Suite("Looking over the audit")
struct OversightTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var administrator: Principal { test.people.administrator.principal }
    private var search: AuditSearch { test.portal.oversight.audit }

    private func rows(_ filter: AuditFilter, before: Int64? = nil, limit: Int = 1000, as principal: Principal? = nil)
        async throws -> [AuditRow]
    {
        try await search.rows(filter, before: before, limit: limit, as: principal ?? administrator)
    }

    private func newest() async throws -> Row {
        try #require(try await test.rows("SELECT * FROM audit_log ORDER BY seq DESC LIMIT 1").first)
    }

    // MARK: - What comes in

    @Test func `every administrative act is on record with who did it`() async throws {
        let directory = test.portal.directory
        let client = test.people.client.id
        func check(_ action: String, _ id: String?, by who: String) async throws {
            let row = try await newest()
            #expect(row["action"] == .text(action) && row["outcome"] == .text("OK"))
            #expect(row["actor_id"] == .text(who))
            if let id { #expect(row["entity_id"] == .text(id)) }
        }
        let me = test.people.administrator.id.text
        let staff = try await directory.addStaff(
            to: test.practice.id,
            username: "new",
            email: "new@practice.example",
            displayName: "New",
            role: .clinician,
            password: TestPortal.password,
            as: administrator
        )
        try await check("STAFF.CREATE", staff.id.text, by: me)
        let added = try await directory.addClient(
            to: test.practice,
            firstName: "New",
            lastName: "Client",
            birthDate: "1990-01-01",
            therapist: staff.id,
            as: administrator
        )
        try await check("CLIENT.CREATE", added.id.text, by: me)
        let account = try await directory.addAccount(
            for: added,
            username: "newclient",
            email: "newclient@mail.example",
            password: TestPortal.password,
            as: administrator
        )
        try await check("ACCOUNT.CREATE", account.id.text, by: me)
        try await test.portal.accounts.setPortalEnabled(false, for: client, as: administrator)
        try await check("PORTAL.DISABLE", client.text, by: me)
        try await test.portal.accounts.setPortalEnabled(true, for: client, as: administrator)
        try await check("PORTAL.ENABLE", client.text, by: me)
        try await directory.assign(client, to: staff.id, as: administrator)
        try await check("THERAPIST.ASSIGN", client.text, by: me)
        try await directory.deactivate(staff.id, as: administrator)
        try await check("STAFF.DEACTIVATE", staff.id.text, by: me)
        let practice = try await directory.addPractice(name: "P", slug: "p", timeZone: "UTC", phone: nil)
        try await check("PRACTICE.CREATE", practice.id.text, by: "setup")
    }

    @Test func `another practice's clients and staff are out of reach, and the try is on record`() async throws {
        let directory = test.portal.directory
        let nora = test.neighbors.administrator.principal
        let before = try await Contents(of: test, except: ["audit_log"])
        await #expect(throws: AccessDenied()) {
            try await test.portal.accounts.setPortalEnabled(false, for: test.people.client.id, as: nora)
        }
        await #expect(throws: RecordNotFound()) {
            try await directory.assign(test.people.client.id, to: test.neighbors.clinician.id, as: nora)
        }
        await #expect(throws: RecordNotFound()) {
            try await directory.deactivate(test.people.clinician.id, as: nora)
        }
        await #expect(throws: AccessDenied()) {
            try await test.portal.accounts.setPortalEnabled(
                false,
                for: test.people.client.id,
                as: test.people.client.principal
            )
        }
        #expect(try await Contents(of: test, except: ["audit_log"]) == before)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM audit_log WHERE outcome = 'DENIED'") == 4)
    }

    @Test func `a deactivated member of staff is out with the next request`() async throws {
        let session = try await test.portal.signIn.signIn(
            name: "cora",
            password: TestPortal.password,
            at: .staff,
            origin: .init()
        )
        #expect(try await test.portal.sessions.authenticate(session.token.text, origin: .init()) != nil)
        try await test.portal.directory.deactivate(test.people.clinician.id, as: administrator)
        #expect(try await test.portal.sessions.authenticate(session.token.text, origin: .init()) == nil)
    }

    @Test func `an attempt that the state of things did not allow is on record, and changes nothing`() async throws {
        let maya = test.people.client
        let begun = try await test.complete("PHQ-9", PHQ9.minimal)
        let before = try await Contents(of: test, except: ["audit_log"])
        await #expect(throws: Refusal.self) {
            _ = try await test.portal.assessments.save(
                .items(["1": 3]),
                to: begun.administration.id,
                of: maya.id,
                as: maya.principal
            )
        }
        #expect(try await Contents(of: test, except: ["audit_log"]) == before)
        let row = try await newest()
        #expect(row["outcome"] == .text("ERROR") && row["client_id"] == .text(maya.id.text))
        #expect(row["relation"] == .text("SELF") && row["entity_id"] == .text(begun.administration.id.text))
    }

    @Test func `nothing that a client wrote is in the audit`() async throws {
        try await test.busyDay()
        let audit = try await test.rows("SELECT * FROM audit_log").map { "\($0)" }.joined()
        for text in ["kill", "panic", "instructions", "thank", "Maya", "Example", "severe", "County"] {
            #expect(!audit.contains(text), "\(text)")
        }
    }

    // MARK: - What comes out

    @Test func `each filter narrows, and pages join to the whole`() async throws {
        try await test.busyDay()
        let all = try await rows(.init())
        #expect(all.map(\.seq) == all.map(\.seq).sorted(by: >))
        let client = test.people.client.id
        let moment = try #require(all.first { $0.action == "ALERTS.CHANGE" }).at
        for (filter, fits) in [
            (AuditFilter(actor: test.people.clinician.id.text), { $0.actorID == test.people.clinician.id.text }),
            (.init(client: client), { $0.clientID == client.text }),
            (.init(action: "CHAT.CHANGE"), { $0.action == "CHAT.CHANGE" }),
            (.init(action: "CHAT."), { $0.action.hasPrefix("CHAT.") }),
            (.init(entity: "auth_sessions"), { $0.entity == "auth_sessions" }),
            (.init(outcome: .denied), { $0.outcome == "DENIED" }), (.init(from: moment), { $0.at >= moment }),
            (.init(to: moment), { $0.at < moment }),
            (
                .init(client: client, action: "CHAT.CHANGE", outcome: .ok),
                { $0.clientID == client.text && $0.action == "CHAT.CHANGE" && $0.outcome == "OK" }
            ),
        ] as [(AuditFilter, (AuditRow) -> Bool)] {
            let found = try await rows(filter).filter { $0.seq <= all[0].seq }
            #expect(found == all.filter(fits) && !found.isEmpty, "\(filter)")
        }
        var pages: [AuditRow] = []
        while let page = try await Optional(rows(.init(client: client), before: pages.last?.seq, limit: 7)),
            !page.isEmpty
        {
            pages += page
        }
        #expect(pages == all.filter { $0.clientID == client.text })
    }

    @Test func `an administrator sees their own practice, others nothing; each look is on record`() async throws {
        try await test.busyDay()
        let nora = test.neighbors.administrator.principal
        #expect(try await rows(.init(), as: nora).allSatisfy { $0.practiceID == nora.practiceID.text })
        #expect(try await rows(.init(client: test.people.client.id), as: nora) == [])
        for principal in [
            test.people.clinician.principal, test.people.supervisor.principal, test.people.editor.principal,
            test.people.frontDesk.principal, test.people.client.principal,
        ] {
            await #expect(throws: AccessDenied()) { _ = try await rows(.init(), as: principal) }
            await #expect(throws: AccessDenied()) { _ = try await search.export(.init(), as: principal) }
            await #expect(throws: AccessDenied()) { _ = try await search.inspect(as: principal) }
        }
        #expect(try await rows(.init(action: "AUDIT.", outcome: .denied)).count == 15)
        #expect(try await rows(.init(action: "AUDIT.SEARCH", outcome: .ok)).count >= 2)
    }

    @Test func `an export holds every row as it is stored, and is on record`() async throws {
        try await test.busyDay()
        for format in AuditExportFormat.allCases {
            let stored = try await test.portal.database.read {
                try $0.fetch(
                    AuditRow.self,
                    "SELECT * FROM audit_log WHERE practice_id = \(test.practice.id) ORDER BY seq"
                )
            }
            let text = Text()
            let export = try await search.export(.init(), as: administrator)
            try await export.write(as: format) { piece in text.append(piece) }
            let lines = text.all.split(separator: "\n").map(String.init)
            let row = try await newest()
            #expect(row["action"] == .text("AUDIT.EXPORT"))
            switch format {
            case .jsonl:
                let read = try lines.map { try JSONDecoder().decode(AuditRow.self, from: Data($0.utf8)) }
                #expect(Array(read.dropLast()) == stored, "the export's own row comes last")
            case .csv:
                #expect(lines.count == stored.count + 2)
                #expect(lines[0].hasPrefix("seq,at,practice_id,actor_kind,"))
                #expect(lines[1].hasSuffix(",\(stored[0].previousHash),\(stored[0].rowHash)"))
            }
        }
    }

    private final class Text: @unchecked Sendable {
        // Written by one test, one piece after the other.
        private(set) var all = ""
        func append(_ piece: String) { all += piece }
    }

    // MARK: - Checkpoints

    @Test func `checkpoints are written when they are due, and doctor holds the audit against them`() async throws {
        let checkpoints = test.portal.oversight.checkpoints
        #expect(try await checkpoints.writeWhenDue() != nil)
        try await test.complete("PHQ-9", PHQ9.minimal)
        #expect(try await checkpoints.writeWhenDue() == nil, "not so soon")
        test.clock.advance(.minutes(15))
        #expect(try await checkpoints.writeWhenDue() != nil)
        test.clock.advance(.minutes(15))
        #expect(try await checkpoints.writeWhenDue() == nil, "nothing happened")
        #expect(try await test.portal.examine().first { $0.subject == "audit chain" }?.verdict == .sound)
        try await test.execute("DROP TRIGGER audit_log_is_never_deleted")
        try await test.execute("DELETE FROM audit_log WHERE seq > 10")
        let chain = try #require(try await test.portal.examine().first { $0.subject == "audit chain" })
        #expect(chain.verdict == .broken && chain.detail.contains("cut off at the end"), "\(chain.detail)")
    }
}
