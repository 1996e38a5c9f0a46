import Testing

@testable import Records
@testable import Store

/// A kind with rows that are shared or not, confidential or not.
private struct Entry: ClientRecord, Hashable {
    static let table: SQL.Name = "test_entries"
    static let area = DataArea.goals

    var id: ID<Entry>
    var clientID: ID<Client>
    var shared: Bool
    var confidential: Bool

    static func visibility(_ sight: Sight) -> SQL? {
        switch sight {
        case .all, .masked: "TRUE"
        case .shared: "shared = 1"
        case .nonconfidential: "confidential = 0"
        }
    }
}

@Suite("Which rows are seen")
struct SightTests {
    private func house() async throws -> (TestHouse, [Entry]) {
        let house = try await TestHouse()
        try await house.database.write {
            try $0.execute(
                """
                CREATE TABLE test_entries (id TEXT PRIMARY KEY, client_id TEXT NOT NULL, shared INTEGER NOT NULL,
                                           confidential INTEGER NOT NULL)
                """
            )
        }
        var entries: [Entry] = []
        for client in [house.oak.first.id, house.oak.second.id] {
            for (shared, confidential) in [(true, true), (true, false), (false, true), (false, false)] {
                entries.append(
                    Entry(id: house.surroundings.newID(), clientID: client, shared: shared, confidential: confidential)
                )
            }
        }
        let all = entries
        for client in [house.oak.first.id, house.oak.second.id] {
            try await open(house, client, .create) { access in
                for entry in all where entry.clientID == client { try access.insert(entry) }
            }
        }
        return (house, entries)
    }

    private func open<Result: Sendable>(
        _ house: TestHouse,
        _ client: ID<Client>,
        _ action: AccessAction,
        as principal: Principal? = nil,
        _ body: @escaping @Sendable (ClientAccess) throws -> Result
    ) async throws -> Result {
        try await house.gate.open(
            action,
            on: .goals,
            of: client,
            as: principal ?? .system("test", practice: house.oak.id),
            purpose: .operations,
            entity: "test",
            body
        )
    }

    private static let rules: [(GuardianAccess, Int?)] = [
        (.full, 4), (.partial, 2), (.summary, 2), (GuardianAccess.none, nil),
    ]

    @Test(arguments: rules)
    func `confidential rows are withheld by every way of reading`(rule: GuardianAccess, rows: Int?) async throws {
        let (house, entries) = try await house()
        let client = house.oak.first.id
        try await house.change(client, "birth_date = '2013-06-01'")
        try await house.rule(.goals, rule)
        let (mother, _) = try await house.proxy(.parent, of: client, in: house.oak)
        let hidden = try #require(entries.first { $0.clientID == client && $0.confidential })
        guard let rows else {
            await #expect(throws: AccessDenied()) { try await open(house, client, .read, as: mother) { _ in } }
            return
        }
        try await open(house, client, .read, as: mother) { (access: ClientAccess) throws -> Void in
            #expect(try access.all(Entry.self).count == rows)
            #expect(try access.all(Entry.self, where: "TRUE OR TRUE").count == rows)
            #expect(try access.count(Entry.self, where: "TRUE") == rows)
            #expect(try access.first(Entry.self, where: "id = \(hidden.id)") == (rows == 4 ? hidden : nil))
            if rows != 4 { #expect(throws: RecordNotFound()) { try access.one(hidden.id) } }
        }
    }

    @Test func `a row is deleted under a right to delete, when it is in sight, and no other`() async throws {
        let (house, entries) = try await house()
        let (mine, theirs) = (entries[0], entries[4])
        for action in [AccessAction.read, .create, .change] {
            await #expect(throws: AccessDenied()) {
                try await open(house, house.oak.first.id, action) { try $0.delete(mine.id) }
            }
        }
        await #expect(throws: RecordNotFound()) {
            try await open(house, house.oak.first.id, .delete) { try $0.delete(theirs.id) }
        }
        await #expect(throws: AccessDenied()) {
            try await open(house, house.oak.first.id, .delete) { try $0.insert(mine) }
        }
        #expect(try await house.count("test_entries") == 8)
        try await open(house, house.oak.first.id, .delete) { try $0.delete(mine.id) }
        #expect(try await house.count("test_entries") == 7)
        await #expect(throws: RecordNotFound()) {
            try await open(house, house.oak.first.id, .delete) { try $0.delete(mine.id) }
        }
    }

    @Test func `entries are shared by default as the client chose, or else as shipped`() async throws {
        let house = try await TestHouse()
        let client = house.oak.first.id
        func shared() async throws -> [SharedKind] {
            try await open(house, client, .read) { access in
                try SharedKind.allCases.filter { try access.sharesByDefault($0) }
            }
        }
        #expect(try await shared() == [.mood, .symptom, .sleep, .exercise, .checkin, .medication, .goal])
        try await house.database.write {
            for (kind, isShared) in [("MOOD", false), ("JOURNAL", true)] {
                try $0.execute(
                    """
                    INSERT INTO privacy_settings (id, client_id, data_kind, default_shared, created_at, updated_at)
                    VALUES (\(house.surroundings.newID(Client.self)), \(client), \(kind), \(isShared), 1, 1)
                    """
                )
            }
        }
        #expect(try await shared() == [.symptom, .sleep, .exercise, .journal, .checkin, .medication, .goal])
        let theirs = try await open(house, house.oak.second.id, .read) { try $0.sharesByDefault(.mood) }
        #expect(theirs, "one client's choice is not another's")
    }
}
