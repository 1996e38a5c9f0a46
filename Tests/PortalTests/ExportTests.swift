import Foundation
import Knowledge
import Records
import Support
import Testing

@testable import Portal
@testable import Store

/// A copy of everything that is held on a client.
@Suite("Exports")
struct ExportTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var maya: TestClient { test.people.client }

    private func finished() async throws -> DataExport {
        _ = try await test.portal.exports.request(of: maya.id, as: maya.principal)
        try await test.drainWork()
        return try #require(try await test.portal.exports.exports(of: maya.id, as: maya.principal).first)
    }

    private func file(_ export: DataExport, _ format: DataExport.Format) async throws -> String {
        let link = try await test.portal.exports.link(to: export.id, format, of: maya.id, as: maya.principal)
        return try await test.portal.exports.file(link.link, origin: .init()).text
    }

    @Test func `every table about a client is in the copy, or withheld for a reason`() async throws {
        let tables = try await test.portal.database.read { transaction in
            try transaction.rows(
                "SELECT t.name FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' AND c.name = 'client_id'"
            ).map { try $0.get("name", as: String.self) }
        }
        let known = Set(ExportContents.sections.map(\.table.text)).union(ExportContents.withheld.keys)
        #expect(Set(tables).subtracting(known) == [])
        #expect(known.subtracting(tables) == ["clients"])
        #expect(ExportContents.withheld.values.allSatisfy { !$0.isEmpty })
    }

    @Test func `no secret is in the copy`() async throws {
        for section in ExportContents.sections {
            let columns = try await test.portal.database.read { transaction in
                try transaction.rows("SELECT name FROM pragma_table_info(\(section.table.text))")
                    .map { try $0.get("name", as: String.self) }
            }
            let secret = columns.filter { name in
                !section.omitted.contains(name) && ["hash", "secret", "token"].contains { name.contains($0) }
            }
            #expect(secret == [], "\(section.table.text)")
        }
    }

    @Test func `it holds the client's own words, opened, in JSON and in a page, and nobody else's`() async throws {
        try await test.busyDay()
        let export = try await finished()
        #expect(export.status == .ready)
        let json = try await file(export, .json)
        let parsed = try #require(try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let sections = try #require(parsed["sections"] as? [String: [[String: Any]]])
        #expect(sections["journal_entries"]?.first?["body"] as? String == "We walked to the lake.")
        #expect(
            sections["chat_messages"]?.contains { $0["body"] as? String == "I want to kill myself tonight" } == true
        )
        #expect((sections["assessment_responses"]?.count ?? 0) > 0)
        #expect(!json.contains("\"1.1."), "nothing is left sealed")
        #expect(!json.contains(test.people.stranger.id.text))
        #expect(!json.contains("scrypt$"))
        let page = try await file(export, .html)
        #expect(page.contains("<h2>Journal</h2>") && page.contains("<html lang=\"en\">"))
        #expect(page.contains("We walked to the lake."))
        #expect(json.contains(maya.id.text) && !page.contains(maya.id.text), "ids are for programs")
    }

    @Test func `the page speaks the language of who asked for it`() async throws {
        _ = try await test.portal.preferences.update(.init(language: "es"), of: maya.principal)
        try await test.keepRecords(of: maya, by: test.people.clinician)
        let page = try await file(try await finished(), .html)
        #expect(page.contains("<html lang=\"es\">") && page.contains("<h1>Una copia de su expediente</h1>"))
        for section in ["Sobre usted", "Diario", "Tareas", "A quién llamar en una emergencia"] {
            #expect(page.contains("<h2>\(section)</h2>"), "\(section)")
        }
        let inbox = try await test.portal.notifications.inbox(of: maya.principal).notifications
        #expect(inbox.contains { $0.title == "La copia de su expediente está lista" })
    }

    @Test func `every section has a title in each language`() {
        let languages = Set(MailWording.languages)
        for section in ExportContents.sections {
            #expect(section.title.languages == languages, "\(section.table.text)")
        }
        #expect(ExportContents.heading.languages == languages && ExportContents.madeAt.languages == languages)
    }

    @Test func `what somebody wrote stays text in the page`() async throws {
        _ = try await test.portal.records.perform(
            JournalEntry.write,
            JournalEntry(body: "<script>alert(1)</script> & \"more\"", entryAt: test.clock.now),
            of: maya.id,
            as: maya.principal
        )
        let page = try await file(try await finished(), .html)
        #expect(!page.contains("<script>"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;"))
    }

    @Test func `a link is good for ten minutes, unchanged, while its owner may come in`() async throws {
        let export = try await finished()
        let exports = test.portal.exports
        let link = try await exports.link(to: export.id, .json, of: maya.id, as: maya.principal).link
        #expect(try await exports.file(link, origin: .init()).format == .json)
        for forged in [link + "A", String(link.dropFirst()), "x.y", "", link.replacing(".", with: "")] {
            await #expect(throws: RecordNotFound()) { _ = try await exports.file(forged, origin: .init()) }
        }
        try await test.portal.accounts.setPortalEnabled(false, for: maya.id, as: test.people.administrator.principal)
        await #expect(throws: AccessDenied()) { _ = try await exports.file(link, origin: .init()) }
        try await test.portal.accounts.setPortalEnabled(true, for: maya.id, as: test.people.administrator.principal)
        test.clock.advance(.seconds(600))
        await #expect(throws: RecordNotFound()) { _ = try await exports.file(link, origin: .init()) }
    }

    @Test func `the link of somebody who acts for the client ends with their right`() async throws {
        let export = try await finished()
        let attorney = try await test.addProxy("attorney")
        let right = try await test.relate(attorney, to: maya.id, as: .powerOfAttorney)
        let exports = test.portal.exports
        let acting = attorney.principal.acting(for: maya.id)
        let link = try await exports.link(to: export.id, .json, of: maya.id, as: acting).link
        #expect(try await exports.file(link, origin: .init()).format == .json)
        let administrator = test.people.administrator.principal
        _ = try await test.portal.relationships.revoke(right, of: maya.id, reason: "x", as: administrator)
        await #expect(throws: AccessDenied()) { _ = try await exports.file(link, origin: .init()) }
    }

    @Test func `after a week the copy is gone`() async throws {
        let export = try await finished()
        test.clock.advance(.seconds(7 * 86_400))
        try await test.drainWork()
        await #expect(throws: StepRefused.self) { _ = try await file(export, .json) }
        #expect(
            try await test.count(
                "SELECT COUNT(*) AS count FROM data_exports WHERE json IS NOT NULL OR html IS NOT NULL"
            )
                == 0
        )
    }

    @Test func `nobody else asks for it or fetches it`() async throws {
        let export = try await finished()
        for stranger in [
            test.people.sibling.principal, test.people.editor.principal, test.people.otherClinician.principal,
        ] {
            await #expect(throws: AccessDenied()) {
                _ = try await test.portal.exports.request(of: maya.id, as: stranger)
            }
            await #expect(throws: AccessDenied()) {
                _ = try await test.portal.exports.link(to: export.id, .json, of: maya.id, as: stranger)
            }
        }
    }
}
