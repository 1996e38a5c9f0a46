import Foundation
import Portal
import Records
import Store
import Support
import Testing

/// Keys that are replaced while the portal serves.
@Suite("New keys in place of old ones")
struct KeyRotationTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var administrator: Principal { test.people.administrator.principal }

    private func rows(_ filter: AuditFilter) async throws -> [AuditRow] {
        try await test.portal.oversight.audit.rows(filter, before: nil, limit: 1000, as: administrator)
    }

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
        for one in try await restarted.examine() { #expect(one.verdict == .sound, "\(one.subject): \(one.detail)") }
        #expect(try await rows(.init(action: "KEY.")).count == 2)
        #expect(try await rows(.init(action: "MASTER_KEY.REPLACE")).count == 1)
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
