import Portal
import Records

/// What a record says and what is said about it, side by side in one object.
protocol EnvelopedDocument: Codable, Sendable {
    associatedtype Envelope: Codable & Sendable
    associatedtype Kind: RecordKind

    var envelope: Envelope { get }
    var content: Kind { get }
    init(envelope: Envelope, content: Kind)
}

extension EnvelopedDocument {
    init(from decoder: any Decoder) throws {
        self.init(envelope: try Envelope(from: decoder), content: try Kind(from: decoder))
    }

    func encode(to encoder: any Encoder) throws {
        try envelope.encode(to: encoder)
        try content.encode(to: encoder)
    }
}

/// A record as the API shows it.
struct RecordDocument<Kind: RecordKind>: EnvelopedDocument {
    struct Envelope: Codable, Sendable {
        let id: ID<Record<Kind>>
        let rev: Int
        let shared: Bool
        let author: Record<Kind>.AuthorKind
        let createdAt: Timestamp
        let updatedAt: Timestamp
        /// Help that is shown before anything else, when what was written calls for it.
        let crisisPanel: PanelDocument?
    }

    let envelope: Envelope
    let content: Kind
}

extension RecordDocument {
    init(_ record: Record<Kind>, panel: PanelDocument? = nil) {
        envelope = Envelope(
            id: record.id,
            rev: record.rev,
            shared: record.shared,
            author: record.authorKind,
            createdAt: record.createdAt,
            updatedAt: record.updatedAt,
            crisisPanel: panel
        )
        content = record.content
    }
}

/// A record in a list across the practice.
struct PracticeRecordDocument<Kind: RecordKind>: EnvelopedDocument {
    struct Envelope: Codable, Sendable {
        let id: ID<Record<Kind>>
        let rev: Int
        /// Absent while the record is masked.
        let clientId: ID<Client>?
        let shared: Bool
        let createdAt: Timestamp
    }

    let envelope: Envelope
    let content: Kind
}

extension PracticeRecordDocument {
    init(_ record: PracticeRecord<Kind>) {
        envelope = Envelope(
            id: record.id,
            rev: record.rev,
            clientId: record.clientID,
            shared: record.shared,
            createdAt: record.createdAt
        )
        content = record.content
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
