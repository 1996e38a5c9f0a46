import Foundation
import Support
import Testing

@testable import Portal
@testable import Records
@testable import Store

@Suite("Replacing keys")
struct KeyRotationTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var administrator: Principal { test.people.administrator.principal }
    private var keys: KeyRotation { test.portal.oversight.keys }

    /// Everything in the database that `vault` opens as sealed by one of the keys of `versions`, by table and column.
    private func sealed(by vault: KeyVault, versions: Set<Int>) async throws -> [String] {
        let owners = try vault.owners()
        return try await test.portal.database.read { transaction in
            let sealers = try owners.map { try vault.sealer(for: $0) }
            return try transaction.tables(with: "id").flatMap { table in
                try transaction.rows("SELECT * FROM \(SQL.Name(column: table.text))").flatMap { row in
                    let id = String(sqlValue: row["id"]) ?? ""
                    return row.columns.compactMap { column, value -> String? in
                        guard case .text(let text) = value,
                            let version = Int(text.split(separator: ".").dropFirst().first ?? ""),
                            versions.contains(version),
                            sealers.contains(where: { (try? $0.open(text, column: column, row: id)) != nil })
                        else { return nil }
                        return "\(table.text).\(column)"
                    }
                }
            }
        }
    }

    /// The key vault as it is now, as in a safe copy.
    private func copyOfVault() throws -> KeyVault {
        let copy = test.folder.appending(path: "\(test.surroundings.newID(Client.self)).sqlite")
        try FileManager.default.copyItem(at: test.configuration.vaultFile, to: copy)
        return try KeyVault(
            url: copy,
            master: try MasterKey.read(test.configuration.masterKeyFile),
            random: test.surroundings.random
        )
    }

    private func rotation() async throws -> Examined {
        try #require(try await test.portal.examine().first { $0.subject == "key rotation" })
    }

    /// A day with something sealed in every table, also by the practice's key.
    private func busyDay() async throws {
        try await test.busyDay()
        try await test.portal.passwords.requestReset(
            name: test.people.clinician.member.username,
            at: .staff,
            practice: nil,
            origin: .init()
        )
        try await test.portal.selfRegistration.claim(
            .init(firstName: "No", lastName: "Body", birthDate: "1990-01-01", email: "nobody@example.org"),
            practice: nil,
            origin: .init()
        )
    }

    /// Does the work, but for mail, which stays sealed in its queue.
    private func drainWork() async throws {
        try await test.portal.workRunner { item, error in Issue.record("\(item.kind): \(error)") }.drain()
    }

    @Test func `every column that the schema calls sealed is where sealing anew comes by`() async throws {
        var tables: Set<String> = []
        for migration in Schema.migrator.migrations {
            var table = ""
            for line in migration.script.split(separator: "\n") {
                let words = line.split(separator: " ").map(String.init)
                if words.starts(with: ["CREATE", "TABLE"]) || words.starts(with: ["ALTER", "TABLE"]) {
                    table = words[2]
                }
                if line.contains("TEXT") && line.contains("-- sealed") { tables.insert(table) }
            }
        }
        #expect(tables.count > 20)
        let holders = [KeyHolder.client(test.people.client.id), .practice(test.practice.id)]
        let (reached, all) = try await test.portal.database.read { transaction in
            let reached = try holders.flatMap { try $0.sealedRows(in: transaction).map(\.table.text) }
            // One that was renamed is met again under its new name.
            return (reached, try transaction.tables(with: "id").map(\.text))
        }
        #expect(tables.intersection(all).subtracting(reached) == [])
    }

    // MARK: - Sealing anew

    @Test func `everything is sealed anew, and the old keys then open nothing that is there`() async throws {
        try await busyDay()
        try await drainWork()
        let before = try copyOfVault()
        let values = try await sealed(by: before, versions: [1]).count
        #expect(values > 50)
        let texts = try await texts()
        #expect(try await keys.rotateAll(as: administrator) == 3)

        var progress = try await keys.progress(as: administrator)
        #expect(progress.withOldKeys == 3 && progress.outdatedValues > 0 && progress.waiting == 4)
        #expect(try await rotation().verdict == .attention)
        try await drainWork()
        progress = try await keys.progress(as: administrator)
        #expect(progress.outdatedValues == 0 && progress.waiting == 0 && progress.withOldKeys == 3)
        let still = try await rotation()
        #expect(still.verdict == .attention && still.remedy?.contains("keys retire") == true)

        let retirement = try await keys.retire(as: administrator)
        #expect(retirement.retired == 3 && retirement.kept == 0)
        #expect(try await rotation().verdict == .sound)
        let left = try await sealed(by: before, versions: [1])
        // The neighbours' keys were not replaced.
        let neighbors = try await sealed(by: test.portal.vault, versions: [1])
        #expect(left.sorted() == neighbors.sorted())
        #expect(try await sealed(by: test.portal.vault, versions: [1, 2]).count == values)
        #expect(try await self.texts() == texts)
        let restarted = try await test.openAgain()
        defer { try? restarted.close() }
        for one in try await restarted.examine() { #expect(one.verdict == .sound, "\(one.subject): \(one.detail)") }
    }

    /// What the people wrote, as services give it.
    private func texts() async throws -> [String] {
        let maya = test.people.client
        let pages = try await test.portal.records.list(
            JournalEntry.self,
            .init(limit: 10),
            of: maya.id,
            as: maya.principal,
            through: .portal
        )
        let contacts = try await test.portal.profiles.profile(of: maya.id, as: maya.principal)
        return pages.map(\.body.plaintext) + [contacts.phone ?? ""]
    }

    private func write(_ count: Int) async throws {
        for number in 1...count {
            _ = try await test.portal.records.perform(
                JournalEntry.write,
                JournalEntry(body: SealedText("Page \(number)"), entryAt: test.clock.now),
                of: test.people.client.id,
                as: test.people.client.principal
            )
        }
    }

    private func pages() async throws -> [String] {
        try await test.portal.records.list(
            JournalEntry.self,
            .init(limit: 1000),
            of: test.people.client.id,
            as: test.people.client.principal,
            through: .portal
        ).map(\.body.plaintext).sorted()
    }

    private struct Stopped: Error {}

    @Test func `stopped between batches and within one, everything stays readable and goes on where it was`()
        async throws
    {
        try await write(KeyRotation.batch * 2 + 30)
        let written = try await pages()
        try await keys.rotate(test.people.client.id, as: administrator)
        let outdated = try await keys.progress(as: administrator).outdatedValues
        #expect(outdated == written.count)

        let queue = WorkQueue(database: test.portal.database, surroundings: test.surroundings)
        var left = [outdated]
        for _ in 0..<40 {
            guard let item = try await queue.claim(limit: 1, kinds: .only([KeyRotation.work])).first else { break }
            // The first time the process ends within the batch, before it commits.
            await #expect(throws: Stopped.self) {
                try await test.portal.database.write { transaction -> Void in
                    try keys.handler.run(item, transaction)
                    throw Stopped()
                }
            }
            #expect(try await keys.progress(as: administrator).outdatedValues == left.last)
            test.clock.advance(.minutes(2))
            let again = try #require(try await queue.claim(limit: 1, kinds: .only([KeyRotation.work])).first)
            #expect(again.id == item.id)
            try await test.portal.database.write { transaction in
                try keys.handler.run(again, transaction)
                #expect(try queue.complete(again, in: transaction))
            }
            #expect(try await pages() == written)
            left.append(try await keys.progress(as: administrator).outdatedValues)
        }
        #expect(left.last == 0 && Set(left).count == 4, "\(left)")
        #expect(zip(left, left.dropFirst()).allSatisfy { $0 - $1 <= KeyRotation.batch }, "\(left)")
    }

    @Test func `what is written while old rows are sealed anew takes the new key`() async throws {
        try await write(3)
        try await keys.rotate(test.people.client.id, as: administrator)
        try await write(2)
        try await test.drainWork()
        try await write(1)
        let bodies = try await test.rows("SELECT body FROM journal_entries").map { try $0.get("body") as String }
        #expect(bodies.count == 6 && bodies.allSatisfy { $0.hasPrefix("1.2.") })
        #expect(try await pages() == ["Page 1", "Page 1", "Page 1", "Page 2", "Page 2", "Page 3"])
    }

    @Test func `a client who is deleted meanwhile stops nothing`() async throws {
        try await write(3)
        _ = try await keys.rotateAll(as: administrator)
        _ = try await test.portal.oversight.deletion.delete(
            test.people.client.id,
            reason: .clientRequest,
            as: administrator
        )
        try await test.drainWork()
        #expect(try await keys.progress(as: administrator).outdatedValues == 0)
        #expect(try await keys.retire(as: administrator).kept == 0)
    }

    // MARK: - Retirement

    @Test func `an old key that something is sealed by is not destroyed, and is asked for again`() async throws {
        try await write(3)
        try await keys.rotate(test.people.client.id, as: administrator)
        // As when the process ended after the vault's transaction and before the database's.
        try await test.execute("DELETE FROM work_items WHERE kind = \(KeyRotation.work)")
        let refused = try await keys.retire(as: administrator)
        #expect(refused.retired == 0 && refused.kept == 1)
        #expect(try await pages().count == 3)
        #expect(try await keys.progress(as: administrator).waiting == 1)
        _ = try await keys.retire(as: administrator)
        #expect(try await keys.progress(as: administrator).waiting == 1, "asked once")
        try await test.drainWork()
        #expect(try await keys.retire(as: administrator).retired == 1)
        #expect(try await pages().count == 3)
        #expect(try test.portal.vault.keyCounts()[AccessPolicy.keyOwner(test.people.client.id)] == 1)
    }

    @Test func `a plain text that looks sealed neither stops a retirement nor is touched`() async throws {
        try await test.execute("UPDATE clients SET preferred_name = '1.1.AAAA' WHERE id = \(test.people.client.id)")
        try await test.execute(
            "UPDATE portal_accounts SET locale = '1.1.AAAA' WHERE client_id = \(test.people.client.id)"
        )
        try await keys.rotate(test.people.client.id, as: administrator)
        try await test.drainWork()
        #expect(try await keys.retire(as: administrator).kept == 0)
        #expect(
            try await test.count("SELECT COUNT(*) AS count FROM portal_accounts WHERE locale = '1.1.AAAA'") == 1
        )
    }

    @Test func `a backup from before opens with the vault of then, and not with today's`() async throws {
        try await write(2)
        let (backup, vault) = (test.folder.appending(path: "backup.sqlite"), try copyOfVault())
        try await test.portal.database.copy(to: backup)
        try await keys.rotate(test.people.client.id, as: administrator)
        try await test.drainWork()
        _ = try await keys.retire(as: administrator)
        let restored = try Database(url: backup)
        defer { try? restored.close() }
        let owner = AccessPolicy.keyOwner(test.people.client.id)
        for (keys, opens) in [(vault, 2), (test.portal.vault, 0)] {
            let opened = try await restored.read { transaction in
                let sealer = try keys.sealer(for: owner)
                return try transaction.rows("SELECT id, body FROM journal_entries").count { row in
                    (try? sealer.open(row.get("body"), column: "body", row: row.get("id"))) != nil
                }
            }
            #expect(opened == opens)
        }
    }

    @Test func `only administrators retire keys and see how far it is, and only their own practice's`() async throws {
        for principal in [test.people.clinician.principal, test.people.client.principal] {
            await #expect(throws: AccessDenied()) { _ = try await keys.retire(as: principal) }
            await #expect(throws: AccessDenied()) { _ = try await keys.progress(as: principal) }
        }
        try await write(1)
        _ = try await keys.rotateAll(as: administrator)
        try await test.drainWork()
        #expect(try await keys.retire(as: test.neighbors.administrator.principal).retired == 0)
        #expect(try await keys.progress(as: test.neighbors.administrator.principal).withOldKeys == 0)
        #expect(try await keys.retire(as: administrator).retired > 0)
    }

    // MARK: - Rotation

    @Test func `keys rotate while another process serves`() async throws {
        let maya = test.people.client
        let begun = try await test.complete("PHQ-9", PHQ9.minimal)
        let tool = try await test.openAgain()
        defer { try? tool.close() }
        try await tool.oversight.keys.rotate(maya.id, as: administrator)
        #expect(try await tool.oversight.keys.rotateAll(as: administrator) == 3)
        let new = test.folder.appending(path: "new.key")
        try await tool.oversight.keys.replaceMaster(from: new, as: .system("test", practice: test.practice.id))
        let view = try await test.portal.assessments.administration(
            begun.administration.id,
            of: maya.id,
            as: maya.principal
        )
        #expect(view.administration.status == begun.administration.status)
        try await test.complete("PHQ-9", PHQ9.moderate)
        #expect(try await test.portal.audit.verify(test.portal.database) == [], "the audit's key is still the same")
        let reports = try await test.rows("SELECT report FROM assessments").map {
            try $0.get("report", as: String.self)
        }
        #expect(reports.map { $0.prefix(4) }.sorted() == ["1.1.", "1.3."])
        let restarted = try await test.openAgain()
        defer { try? restarted.close() }
        for one in try await restarted.examine() where one.subject != "key rotation" {
            #expect(one.verdict == .sound, "\(one.subject): \(one.detail)")
        }
        let acts = try await test.rows("SELECT action FROM audit_log WHERE action LIKE '%KEY.%' ORDER BY seq")
        #expect(
            try acts.map { try $0.get("action") as String } == ["KEY.ROTATE", "KEY.ROTATE_ALL", "MASTER_KEY.REPLACE"]
        )
    }

    @Test func `only administrators rotate keys, and nobody at the practice the master key`() async throws {
        let keys = test.portal.oversight.keys
        for principal in [test.people.clinician.principal, test.people.client.principal] {
            await #expect(throws: AccessDenied()) { try await keys.rotate(test.people.client.id, as: principal) }
            await #expect(throws: AccessDenied()) { _ = try await keys.rotateAll(as: principal) }
        }
        await #expect(throws: RecordNotFound()) {
            try await keys.rotate(test.people.client.id, as: test.neighbors.administrator.principal)
        }
        await #expect(throws: AccessDenied()) {
            try await keys.replaceMaster(from: test.folder.appending(path: "x.key"), as: administrator)
        }
    }

    @Test func `a master key that is not the vault's is named`() async throws {
        let url = test.configuration.masterKeyFile
        try FileManager.default.removeItem(at: url)
        _ = try MasterKey.create(url, random: test.surroundings.random)
        do {
            try await test.openAgain().close()
            Issue.record("it opened")
        } catch let error as MasterKeyError {
            #expect(error.description.contains("not the one of this key vault"))
        }
    }
}
