public import Records
public import Store

/// A version of the terms of use or the privacy notice.
public struct LegalDocument: Sendable, Codable {
    public enum Kind: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case terms = "TERMS", privacy = "PRIVACY"
    }

    static let table: SQL.Name = "legal_documents"

    public var id: ID<LegalDocument>
    public var practiceID: ID<Practice>
    public var kind: Kind
    public var version: Int
    public var locale: String
    public var title: String
    public var body: String
    public var publishedAt: Timestamp
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// Names a version of a document, in any language.
public struct LegalReference: Sendable, Hashable {
    public let id: ID<LegalDocument>
    public let kind: LegalDocument.Kind
    public let version: Int

    init(_ document: LegalDocument) {
        id = document.id
        kind = document.kind
        version = document.version
    }
}
