import Assistant
import Knowledge
import Portal
import Records
import Store
import Support
import Testing

/// What holds for every declared kind of record, shown on four.
@Suite("Records")
struct RecordTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }
    private var cora: TestStaff { test.people.clinician }
    private var records: RecordService { test.portal.records }

    @discardableResult
    private func log(_ mood: Int, note: SealedText? = nil, shared: Bool? = nil, key: String? = nil) async throws
        -> RecordService.Written<MoodEntry>
    {
        try await records.perform(
            MoodEntry.log,
            MoodEntry(mood: mood, note: note, entryAt: test.clock.now),
            offlineKey: key,
            shared: shared,
            of: maya.id,
            as: maya.principal
        )
    }

    private func write(_ body: SealedText, shared: Bool? = nil) async throws -> RecordService.Written<JournalEntry> {
        try await records.perform(
            JournalEntry.write,
            JournalEntry(body: body, entryAt: test.clock.now),
            shared: shared,
            of: maya.id,
            as: maya.principal
        )
    }

    private func moods(as principal: Principal, through door: Door, of client: ID<Client>? = nil) async throws -> [Int]
    {
        try await records.list(
            MoodEntry.self,
            RecordWindow(limit: 10),
            of: client ?? maya.id,
            as: principal,
            through: door
        ).map(\.mood)
    }

    // MARK: - Who sees what

    @Test func `a mood is shared unless the client says otherwise, entry by entry`() async throws {
        let first = try await log(3)
        test.clock.advance(.seconds(1))
        try await log(5, shared: false)
        #expect(try await moods(as: maya.principal, through: .portal) == [5, 3])
        #expect(try await moods(as: cora.principal, through: .staff) == [3])
        _ = try await records.share(first.record.id, false, of: maya.id, as: maya.principal)
        #expect(try await moods(as: cora.principal, through: .staff) == [])
        await #expect(throws: RecordNotFound()) {
            _ = try await records.record(first.record.id, of: maya.id, as: cora.principal, through: .staff)
        }
    }

    @Test func `a journal is private unless the client shares it, entry by entry`() async throws {
        let page = try await write("We walked to the lake.").record
        #expect(page.shared == false)
        await #expect(throws: RecordNotFound()) {
            _ = try await records.record(page.id, of: maya.id, as: cora.principal, through: .staff)
        }
        _ = try await records.share(page.id, true, of: maya.id, as: maya.principal)
        let seen = try await records.record(page.id, of: maya.id, as: cora.principal, through: .staff)
        #expect(seen.body.plaintext == "We walked to the lake.")
    }

    @Test func `nobody else gets at a record, nor does a clinician write a client's own`() async throws {
        let mood = try await log(3).record
        for stranger in [
            test.people.sibling.principal, test.people.otherClinician.principal, test.people.editor.principal,
        ] {
            await #expect(throws: AccessDenied()) {
                _ = try await moods(as: stranger, through: .staff)
            }
        }
        await #expect(throws: AccessDenied()) {
            _ = try await records.perform(
                MoodEntry.correct,
                MoodEntry(mood: 9, entryAt: test.clock.now),
                on: mood.id,
                of: maya.id,
                as: cora.principal
            )
        }
        // One's own door does not open another's record by its id.
        await #expect(throws: RecordNotFound()) {
            _ = try await records.record(
                mood.id,
                of: test.people.sibling.id,
                as: test.people.sibling.principal,
                through: .portal
            )
        }
    }

    // MARK: - Writing

    @Test func `what is not valid names every field, and stores nothing`() async throws {
        let error = await #expect(throws: RecordFaults.self) {
            _ = try await records.perform(
                MoodEntry.log,
                MoodEntry(
                    mood: 11,
                    note: SealedText(String(repeating: "x", count: 4001)),
                    entryAt: test.clock.now.adding(.seconds(3 * 86_400))
                ),
                of: maya.id,
                as: maya.principal
            )
        }
        #expect(error?.findings.map(\.field) == ["mood", "note", "entry_at"])
        #expect(try await moods(as: maya.principal, through: .portal) == [])
    }

    @Test func `a change of a version that is not there any more is refused, and loses nothing`() async throws {
        let first = try await log(3, note: "first").record
        func change(_ mood: Int, seen: Int) async throws -> Record<MoodEntry> {
            try await records.perform(
                MoodEntry.correct,
                MoodEntry(mood: mood, entryAt: test.clock.now),
                on: first.id,
                rev: seen,
                of: maya.id,
                as: maya.principal
            ).record
        }
        #expect(try await change(4, seen: 1).rev == 2)
        await #expect(throws: StaleRecord.self) { _ = try await change(9, seen: 1) }
        #expect(try await moods(as: maya.principal, through: .portal) == [4])
    }

    @Test func `sent twice under one key it is stored once`() async throws {
        let first = try await log(3, key: "phone-1").record
        let second = try await log(8, key: "phone-1").record
        #expect(first.id == second.id)
        #expect(second.mood == 3)
        #expect(try await moods(as: maya.principal, through: .portal) == [3])
    }

    @Test func `a deleted record is gone for everybody`() async throws {
        let mood = try await log(3).record
        await #expect(throws: AccessDenied()) {
            try await records.delete(mood.id, of: maya.id, as: cora.principal, through: .staff)
        }
        try await records.delete(mood.id, of: maya.id, as: maya.principal, through: .portal)
        #expect(try await moods(as: maya.principal, through: .portal) == [])
        await #expect(throws: RecordNotFound()) {
            try await records.delete(mood.id, of: maya.id, as: maya.principal, through: .portal)
        }
    }

    @Test func `free text is sealed in the database`() async throws {
        try await test.keepRecords(of: maya, by: cora)
        for (table, column) in [
            ("mood_entries", "note"), ("journal_entries", "body"), ("homework_assignments", "title"),
            ("session_reviews", "feedback"), ("access_reasons", "reason"),
        ] as [(SQL.Name, SQL.Name)] {
            let rows = try await test.portal.database.read { try $0.rows("SELECT \(column) AS text FROM \(table)") }
            #expect(rows.count == 1)
            #expect(try rows.allSatisfy { try $0.get("text", as: String.self).hasPrefix("1.1.") }, "\(table.text)")
        }
    }

    @Test func `a list runs back in time, piece by piece, and each record comes once`() async throws {
        for mood in 1...7 {
            try await log(mood)
            // Two of a moment.
            if mood % 2 == 0 { test.clock.advance(.seconds(60)) }
        }
        var seen: [Record<MoodEntry>] = []
        var after: (moment: Timestamp, id: ID<Record<MoodEntry>>)?
        repeat {
            let piece = try await records.list(
                MoodEntry.self,
                RecordWindow(limit: 3, after: after),
                of: maya.id,
                as: maya.principal,
                through: .portal
            )
            seen += piece
            after = piece.last.map { ($0.entryAt, $0.id) }
        } while after != nil
        #expect(seen.map(\.mood).sorted() == Array(1...7))
        #expect(zip(seen, seen.dropFirst()).allSatisfy { $0.entryAt >= $1.entryAt })
    }

    // MARK: - What follows

    @Test func `words of danger bring help in any case, and an alert when they are shared`() async throws {
        let secret = try await write("I want to kill myself tonight")
        #expect(secret.panel?.resources.contains { $0.call == "988" } == true)
        #expect(try await test.alerts().isEmpty, "a private page is private")
        _ = try await records.share(secret.record.id, true, of: maya.id, as: maya.principal)
        let alert = try #require(try await test.alerts().first)
        #expect(alert.severity == .critical)
        #expect(alert.source == "JOURNAL")
        let mood = try await log(1, note: "I don't want to be here anymore")
        #expect(mood.panel != nil)
        #expect(try await test.alerts().map(\.signals) == [2])
        #expect(try await log(7, note: "A good day.").panel == nil)
    }

    // MARK: - Every kind

    @Test func `every kind has its words in each language, and words that say nothing of a record`() {
        func check<Kind: RecordKind>(_ kind: Kind.Type) {
            let declaration = Kind.declaration
            let texts = [declaration.heading] + declaration.acts.compactMap { $0.telling?.title }
            for text in texts {
                #expect(text.languages == Set(MailWording.languages), "\(declaration.name)")
                #expect(Set(MailWording.languages.map { text.text(in: $0) }).count == 2, "\(declaration.name)")
            }
        }
        for kind in RecordKinds.all { check(kind) }
    }

    @Test func `taking a record away is an event`() async throws {
        let mood = try await log(3).record
        try await records.delete(mood.id, of: maya.id, as: maya.principal, through: .portal)
        #expect(try await test.count("SELECT COUNT(*) AS count FROM portal_events WHERE type = 'mood.deleted'") == 1)
    }

    @Test func `every kind's table falls with its client, and its events are on record`() async throws {
        try await test.keepRecords(of: maya, by: cora)
        for kind in RecordKinds.all {
            let table = table(of: kind)
            #expect(try await test.count("SELECT COUNT(*) AS count FROM \(table)") == 1, "\(table.text)")
        }
        #expect(try await test.count("SELECT COUNT(*) AS count FROM portal_events WHERE type = 'mood.logged'") == 1)
        try await test.execute("DELETE FROM clients WHERE id = \(maya.id)")
        for kind in RecordKinds.all {
            let table = table(of: kind)
            #expect(try await test.count("SELECT COUNT(*) AS count FROM \(table)") == 0, "\(table.text)")
        }
    }

    private func table<Kind: RecordKind>(of kind: Kind.Type) -> SQL.Name { Kind.declaration.table }
}
