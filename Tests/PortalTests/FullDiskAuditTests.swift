import Portal
import Records
import Store
import Support
import Testing

@Suite("The audit and a store that takes nothing")
struct FullDiskAuditTests {
    /// Somebody who waits for help is answered from memory; a second try to write, for the audit's sake, would keep them
    /// waiting.
    @Test func `what was granted but not on record is not done`() async throws {
        let test = try await TestPortal(articles: [])
        let maya = test.people.client
        let begun = try await test.begin()
        try await test.sabotage()
        let before = try await test.count("SELECT COUNT(*) AS count FROM audit_log")
        await #expect(throws: StoreError.full) {
            _ = try await test.portal.assessments.save(
                .items(["1": 1]),
                to: begun.administration.id,
                of: maya.id,
                as: maya.principal
            )
        }
        await #expect(throws: StoreError.full) {
            try await test.portal.accounts.setPortalEnabled(
                false,
                for: maya.id,
                as: test.people.administrator.principal
            )
        }
        try await test.heal()
        #expect(try await test.count("SELECT COUNT(*) AS count FROM audit_log") == before)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM clients WHERE portal_enabled = 0") == 0)
        #expect(try await test.portal.audit.verify(test.portal.database) == [])
    }
}
