import Foundation
import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Deleting a client")
struct ClientDeletionTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private struct Stopped: Error {}

    private var gone: ID<Client> { test.people.client.id }
    private var stays: ID<Client> { test.people.stranger.id }
    private var deletion: ClientDeletion { test.portal.oversight.deletion }
    private var administrator: Principal { test.people.administrator.principal }

    private func delete(_ principal: Principal? = nil) async throws -> ClientErasure {
        try await deletion.delete(gone, reason: .clientRequest, as: principal ?? administrator)
    }

    private func keys() throws -> [String] { try test.portal.vault.owners() }

    private func spool(_ client: TestClient) throws {
        try test.portal.spool.keep(
            .init(
                id: test.surroundings.newID(),
                practiceID: test.practice.id,
                accountID: client.account.id,
                clientID: client.id,
                conversationID: test.surroundings.newID(),
                text: "help me",
                nonce: nil,
                at: test.clock.now
            )
        )
    }

    /// Everything that is there of a client, past the audit and the report, which keep the id.
    private func traces(_ client: TestClient) async throws -> [String] {
        let contents = try await Contents(of: test, except: ["audit_log", "client_erasures"])
        let rows = contents.tables.flatMap { table, rows in
            [client.id.text, client.account.id.text, "(\"\(client.account.username)\")"].filter { name in
                rows.contains { $0.contains(name) }
            }.map { "\(table): \($0)" }
        }
        return rows + (try keys().filter { $0.contains(client.id.text) })
            + test.portal.spool.waiting().filter { $0.clientID == client.id }.map(\.id.text)
    }

    @Test func `no row, key or file is left, and nobody else loses any`() async throws {
        try await test.busyDay()
        try spool(test.people.client)
        try spool(test.people.stranger)
        let others = try await Contents(of: test).tables.mapValues { $0.filter { $0.contains(stays.text) } }
        let report = try await delete()
        let left = try await traces(test.people.client)
        #expect(left == [])
        let now = try await Contents(of: test).tables.mapValues { $0.filter { $0.contains(stays.text) } }
        #expect(now == others)
        #expect(test.portal.spool.waiting().map(\.clientID) == [stays])
        #expect(report.completedAt != nil && report.files == 1)
        #expect(report.rowCounts["chat_messages"] == 6)
        #expect(report.rowCounts["auth_sessions"] == 1 && report.rowCounts["portal_accounts"] == 3, "and two proxies'")
        #expect(report.rowCounts.count > 15)
        #expect(try await deletion.reports(as: administrator).map(\.erasedID) == [gone])
        for one in try await test.portal.examine() where one.subject != "crisis spool" {
            #expect(one.verdict == .sound, "\(one.subject): \(one.detail)")
        }
    }

    @Test func `the audit stays, and says who deleted whom and why`() async throws {
        try await test.busyDay()
        let before = try await test.count("SELECT COUNT(*) AS count FROM audit_log WHERE client_id = \(gone)")
        _ = try await delete()
        #expect(
            try await test.count("SELECT COUNT(*) AS count FROM audit_log WHERE client_id = \(gone)") == before + 1
        )
        let row = try #require(try await test.rows("SELECT * FROM audit_log WHERE action = 'CLIENT.ERASE'").first)
        #expect(row["entity_id"] == .text(gone.text) && row["reason"] == .text("CLIENT_REQUEST"))
        #expect(row["actor_id"] == .text(test.people.administrator.id.text) && row["outcome"] == .text("OK"))
        #expect(try await test.portal.audit.verify(test.portal.database) == [])
    }

    @Test func `an older backup with the keys of today gives nothing of theirs, and all of the others'`() async throws {
        try await test.busyDay()
        let backup = test.folder.appending(path: "backup.sqlite")
        try await test.portal.database.copy(to: backup)
        _ = try await delete()

        let restored = try Database(url: backup)
        defer { try? restored.close() }
        let vault = try KeyVault(
            url: test.configuration.vaultFile,
            master: try MasterKey.read(test.configuration.masterKeyFile),
            random: test.surroundings.random
        )
        func texts(_ client: ID<Client>) async throws -> [String?] {
            try await restored.read { transaction in
                let sealer = try vault.sealer(for: AccessPolicy.keyOwner(client))
                return try transaction.rows("SELECT id, body FROM chat_messages WHERE client_id = \(client)").map {
                    try? sealer.open(try $0.get("body"), column: "body", row: try $0.get("id"))
                }
            }
        }
        let (lost, kept) = (try await texts(gone), try await texts(stays))
        #expect(lost.count == 6 && lost.allSatisfy { $0 == nil })
        #expect(kept.count == 6 && kept.contains("I want to kill myself tonight"))
    }

    @Test func `their name is in no file any more`() async throws {
        try await test.execute("UPDATE clients SET last_name = 'Quetzalcoatlus' WHERE id = \(gone)")
        try await test.busyDay()
        _ = try await delete()
        let files = try FileManager.default.subpathsOfDirectory(atPath: test.configuration.dataFolder.path)
        for file in files {
            let url = test.configuration.dataFolder.appending(path: file)
            let data = (try? Data(contentsOf: url)) ?? Data()
            #expect(data.range(of: Data("Quetzalcoatlus".utf8)) == nil, "\(file)")
        }
    }

    @Test(arguments: ClientDeletion.Step.allCases)
    func `stopped at any step, the client is whole, or gone after the next start`(step: ClientDeletion.Step)
        async throws
    {
        try await test.busyDay()
        try spool(test.people.client)
        // That it was tried stays on record.
        let before = try await Contents(of: test, except: ["audit_log"])
        let owners = try keys()
        await #expect(throws: Stopped.self) {
            _ = try await deletion.delete(gone, reason: .duplicate, as: administrator) {
                if $0 == step { throw Stopped() }
            }
        }
        if step == .begun || step == .rowsGone {
            #expect(try await Contents(of: test, except: ["audit_log"]) == before)
            #expect(try keys() == owners)
            #expect(test.portal.spool.waiting().count == 1)
            _ = try await test.portal.assessments.overview(of: gone, as: test.people.client.principal)
            _ = try await delete()
        } else {
            let portal = try await test.openAgain()
            defer { try? portal.close() }
            test.clock.advance(.minutes(2))
            try await portal.workRunner { item, error in Issue.record("\(item.kind): \(error)") }.drain()
        }
        let left = try await traces(test.people.client)
        #expect(left == [])
        let report = try #require(try await deletion.reports(as: administrator).first)
        #expect(report.completedAt != nil)
    }

    @Test func `only administrators may, of their own practice, and a refusal is on record`() async throws {
        try await test.busyDay()
        for principal in [
            test.people.clinician.principal, test.people.supervisor.principal, test.people.frontDesk.principal,
            test.people.client.principal, test.people.stranger.principal,
        ] {
            await #expect(throws: AccessDenied()) { _ = try await delete(principal) }
        }
        await #expect(throws: AccessDenied()) { _ = try await delete(test.neighbors.administrator.principal) }
        #expect(
            try await test.count(
                "SELECT COUNT(*) AS count FROM audit_log WHERE action = 'CLIENT.ERASE' AND outcome = 'DENIED'"
            ) == 6
        )
        #expect(try await test.count("SELECT COUNT(*) AS count FROM clients WHERE id = \(gone)") == 1)
    }

    @Test func `a second time there is nobody to delete`() async throws {
        _ = try await delete()
        await #expect(throws: AccessDenied()) { _ = try await delete() }
    }

    @Test func `a table that would keep rows of theirs stops the deletion`() async throws {
        try await test.execute("CREATE TABLE strays (id TEXT PRIMARY KEY, client_id TEXT)")
        try await test.execute("INSERT INTO strays VALUES ('1', \(gone))")
        await #expect(throws: ClientDeletion.RowsRemain.self) { _ = try await delete() }
        #expect(try await test.count("SELECT COUNT(*) AS count FROM clients WHERE id = \(gone)") == 1)
    }
}
