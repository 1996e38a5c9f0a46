import Portal
import Records

/// A record as the API shows it: the envelope's fields and the kind's own, side by side.
struct RecordDocument<Kind: RecordKind>: Codable, Sendable {
    let id: ID<Record<Kind>>
    let rev: Int
    let shared: Bool
    let author: Record<Kind>.AuthorKind
    let createdAt: Timestamp
    let updatedAt: Timestamp
    /// Help that is shown before anything else, when what was written calls for it.
    let crisisPanel: PanelDocument?
    let content: Kind

    init(_ record: Record<Kind>, panel: PanelDocument? = nil) {
        id = record.id
        rev = record.rev
        shared = record.shared
        author = record.authorKind
        createdAt = record.createdAt
        updatedAt = record.updatedAt
        crisisPanel = panel
        content = record.content
    }

    private enum Field: String, CodingKey { case id, rev, shared, author, createdAt, updatedAt, crisisPanel }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        id = try fields.decode(ID<Record<Kind>>.self, forKey: .id)
        rev = try fields.decode(Int.self, forKey: .rev)
        shared = try fields.decode(Bool.self, forKey: .shared)
        author = try fields.decode(Record<Kind>.AuthorKind.self, forKey: .author)
        createdAt = try fields.decode(Timestamp.self, forKey: .createdAt)
        updatedAt = try fields.decode(Timestamp.self, forKey: .updatedAt)
        crisisPanel = try fields.decodeIfPresent(PanelDocument.self, forKey: .crisisPanel)
        content = try Kind(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(id, forKey: .id)
        try fields.encode(rev, forKey: .rev)
        try fields.encode(shared, forKey: .shared)
        try fields.encode(author, forKey: .author)
        try fields.encode(createdAt, forKey: .createdAt)
        try fields.encode(updatedAt, forKey: .updatedAt)
        try fields.encodeIfPresent(crisisPanel, forKey: .crisisPanel)
        try content.encode(to: encoder)
    }
}

/// A record in a list across the practice.
struct PracticeRecordDocument<Kind: RecordKind>: Codable, Sendable {
    let id: ID<Record<Kind>>
    let rev: Int
    /// Absent while the record is masked.
    let clientId: ID<Client>?
    let shared: Bool
    let createdAt: Timestamp
    let content: Kind

    init(_ record: PracticeRecord<Kind>) {
        id = record.id
        rev = record.rev
        clientId = record.clientID
        shared = record.shared
        createdAt = record.createdAt
        content = record.content
    }

    private enum Field: String, CodingKey { case id, rev, clientId, shared, createdAt }

    init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: Field.self)
        id = try fields.decode(ID<Record<Kind>>.self, forKey: .id)
        rev = try fields.decode(Int.self, forKey: .rev)
        clientId = try fields.decodeIfPresent(ID<Client>.self, forKey: .clientId)
        shared = try fields.decode(Bool.self, forKey: .shared)
        createdAt = try fields.decode(Timestamp.self, forKey: .createdAt)
        content = try Kind(from: decoder)
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: Field.self)
        try fields.encode(id, forKey: .id)
        try fields.encode(rev, forKey: .rev)
        try fields.encodeIfPresent(clientId, forKey: .clientId)
        try fields.encode(shared, forKey: .shared)
        try fields.encode(createdAt, forKey: .createdAt)
        try content.encode(to: encoder)
    }
}

/// What somebody sends to make a record of a kind whose sharing they may switch: the act's input, and the switch.
struct SharedInput<Doing: RecordAct>: Decodable, Sendable, FieldsLimited, SchemaNamed {
    let input: Doing.Input
    /// The client's default for this kind of data unless given.
    let shared: Bool?

    private enum Field: String, CodingKey { case shared }

    init(from decoder: any Decoder) throws {
        input = try Doing.Input(from: decoder)
        shared = try decoder.container(keyedBy: Field.self).decodeIfPresent(Bool.self, forKey: .shared)
    }

    static var fieldLimits: [String: Schema] { Doing.Kind.declaration.fieldLimits }
    static var schemaName: String { "New\(SchemaBuilder.name(of: Doing.Input.self))" }
}

/// What somebody sends to do an act.
struct ActInput<Doing: RecordAct>: Decodable, Sendable, FieldsLimited, SchemaNamed {
    let input: Doing.Input

    init(from decoder: any Decoder) throws { input = try Doing.Input(from: decoder) }

    static var fieldLimits: [String: Schema] { Doing.Kind.declaration.fieldLimits }
    static var schemaName: String { "\(SchemaBuilder.name(of: Doing.Input.self))Input" }
}

extension RecordDeclaration {
    /// The limits of its rules, as a schema tells them.
    fileprivate var fieldLimits: [String: Schema] {
        Dictionary(
            rules.compactMap { rule in
                switch rule.limit {
                case .integer(let range): (rule.field, .integer(Int64(range.lowerBound)...Int64(range.upperBound)))
                case .length(let range): (rule.field, .text(range))
                case nil: nil
                }
            },
            uniquingKeysWith: { first, _ in first }
        )
    }
}
