import Store

@testable import Records

/// A kind of record with a sealed column, on a table of the real schema.
struct TestAlert: ClientRecord, Hashable {
    static let table: SQL.Name = "compliance_alerts"
    static let area = DataArea.alerts

    var id: ID<TestAlert>
    var clientID: ID<Client>
    var practiceID: ID<Practice>
    var kind = "OTHER"
    var severity = "INFO"
    var source = "test"
    var sourceID = "test"
    /// Apart from the id, so that any number may be open.
    var episodeKey: String
    var signals = 1
    var summary: SealedText
    var state = "OPEN"
    var raisedAt: Timestamp
    var closedAt: Timestamp?
    var createdAt: Timestamp
    var updatedAt: Timestamp

    init(_ id: ID<TestAlert>, client: ID<Client>, practice: ID<Practice>, summary: String, at now: Timestamp) {
        self.id = id
        clientID = client
        practiceID = practice
        episodeKey = id.text
        self.summary = SealedText(summary)
        raisedAt = now
        createdAt = now
        updatedAt = now
    }
}

extension TestHouse {
    /// Opens one client's alerts as the service.
    func asService<Result: Sendable>(
        _ action: AccessAction,
        of client: ID<Client>,
        in practice: TestPractice,
        _ body: @escaping @Sendable (ClientAccess) throws -> Result
    ) async throws -> Result {
        try await gate.open(
            action,
            on: .alerts,
            of: client,
            as: .system("test", practice: practice.id),
            purpose: .automation,
            entity: "alert",
            body
        )
    }

    /// Adds an alert about a client.
    func addAlert(_ summary: String, about client: ID<Client>, in practice: TestPractice) async throws -> TestAlert {
        let alert = TestAlert(
            surroundings.newID(),
            client: client,
            practice: practice.id,
            summary: summary,
            at: outside.now
        )
        try await asService(.create, of: client, in: practice) { try $0.insert(alert) }
        return alert
    }
}
