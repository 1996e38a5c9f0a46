/// Something that is wrong with the audit, and the rows that it is about.
public struct AuditFinding: Sendable, Hashable, Codable, CustomStringConvertible {
    public enum Kind: String, Sendable, Codable, CaseIterable {
        /// The content does not fit the keyed hash.
        case edited = "EDITED"
        /// Rows that were there are gone.
        case deleted = "DELETED"
        /// Rows stand there that this program never wrote.
        case inserted = "INSERTED"
        /// Genuine rows stand at another place than they were written to.
        case moved = "MOVED"
        /// A genuine row that does not continue the one before it, as when two histories were joined.
        case unlinked = "UNLINKED"
        /// The last rows are gone: a checkpoint speaks of them.
        case cutTail = "CUT_TAIL"
        /// A row is sound in itself, but a checkpoint knows it otherwise: somebody had the key.
        case rewritten = "REWRITTEN"
        /// A checkpoint whose signature is not this installation's, or that does not continue the one before it.
        case forgedCheckpoint = "FORGED_CHECKPOINT"
        /// The audit speaks of a checkpoint that its file does not hold.
        case missingCheckpoint = "MISSING_CHECKPOINT"
    }

    public let kind: Kind
    /// The first and the last row that it is about.
    public let firstRow: Int64
    public let lastRow: Int64

    init(_ kind: Kind, _ firstRow: Int64, through lastRow: Int64? = nil) {
        self.kind = kind
        self.firstRow = firstRow
        self.lastRow = lastRow ?? firstRow
    }

    public var description: String {
        let rows = firstRow == lastRow ? "audit row \(firstRow)" : "audit rows \(firstRow) to \(lastRow)"
        return switch kind {
        case .edited: "\(rows): changed"
        case .deleted: "\(rows): deleted"
        case .inserted: "\(rows): inserted"
        case .moved: "\(rows): moved here from another place"
        case .unlinked: "\(rows): does not continue the row before"
        case .cutTail: "\(rows): cut off at the end"
        case .rewritten: "\(rows): written anew with the key; a checkpoint knows another row"
        case .forgedCheckpoint: "the checkpoint of \(rows) is not genuine"
        case .missingCheckpoint: "the checkpoint that \(rows) speaks of is missing"
        }
    }
}

/// What a look through the whole audit found.
public struct AuditInspection: Sendable, Hashable, Codable {
    /// How many rows there are.
    public let rows: Int
    /// The number of the last row; 0 when there is none.
    public let newest: Int64
    /// How many checkpoints the rows were held against.
    public let checkpoints: Int
    /// In the order of the rows; empty when all is sound.
    public let findings: [AuditFinding]
}
