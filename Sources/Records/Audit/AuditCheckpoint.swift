public import Crypto
public import Foundation

/// What the audit was at one moment, signed with Ed25519 (RFC 8032), so that whoever holds the public key can tell on
/// another machine that it is genuine. Each names the one before it. Kept off the machine, they show that rows were cut
/// from the end, or written anew by somebody who had the chain's key.
public struct AuditCheckpoint: Sendable, Hashable, Codable {
    /// The action under which the audit itself notes a checkpoint; its entity id is ``identity``.
    public static let action = "AUDIT.CHECKPOINT"

    /// The last row, its hash, and how many rows there were.
    public let seq: Int64
    public let rowHash: String
    public let count: Int
    public let at: Timestamp
    /// ``identity`` of the checkpoint before; zeros for the first.
    public let previous: String
    /// Base64, over ``statement``.
    public let signature: String

    private enum CodingKeys: String, CodingKey {
        case seq, count, at, previous, signature
        case rowHash = "row_hash"
    }

    static func statement(seq: Int64, rowHash: String, count: Int, at: Timestamp, previous: String) -> Data {
        Data("bellwether audit checkpoint 1\n\(seq)\n\(rowHash)\n\(count)\n\(at.milliseconds)\n\(previous)\n".utf8)
    }

    /// The bytes that are signed.
    public var statement: Data {
        Self.statement(seq: seq, rowHash: rowHash, count: count, at: at, previous: previous)
    }

    /// SHA-256 over statement and signature, in hexadecimal digits.
    public var identity: String { SHA256.hash(data: statement + Data(signature.utf8)).hexText }

    /// Whether it was signed by the owner of `key`.
    public func isGenuine(_ key: AuditPublicKey) -> Bool {
        guard let signature = Data(base64Encoded: signature) else { return false }
        return key.key.isValidSignature(signature, for: statement)
    }
}

/// Signs checkpoints.
public struct AuditSigner: Sendable {
    private let key: Curve25519.Signing.PrivateKey

    /// - Parameter seed: 256 bits.
    public init(seed: SymmetricKey) throws {
        key = try seed.withUnsafeBytes { try Curve25519.Signing.PrivateKey(rawRepresentation: Data($0)) }
    }

    public var publicKey: AuditPublicKey { AuditPublicKey(key: key.publicKey) }

    func sign(seq: Int64, rowHash: String, count: Int, at: Timestamp, previous: String) throws -> AuditCheckpoint {
        let statement = AuditCheckpoint.statement(seq: seq, rowHash: rowHash, count: count, at: at, previous: previous)
        return AuditCheckpoint(
            seq: seq,
            rowHash: rowHash,
            count: count,
            at: at,
            previous: previous,
            signature: try key.signature(for: statement).base64EncodedString()
        )
    }
}

/// What an auditor needs to check checkpoints.
public struct AuditPublicKey: Sendable {
    let key: Curve25519.Signing.PublicKey

    init(key: Curve25519.Signing.PublicKey) { self.key = key }

    /// Nil unless `text` is the Base64 of an Ed25519 public key.
    public init?(_ text: String) {
        guard let data = Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)),
            let key = try? Curve25519.Signing.PublicKey(rawRepresentation: data)
        else { return nil }
        self.key = key
    }

    /// The 32 bytes in Base64.
    public var text: String { key.rawRepresentation.base64EncodedString() }
}

/// The checkpoints of a file, oldest first, and what is wrong with them among themselves.
public struct CheckpointHistory: Sendable {
    /// The genuine ones.
    public let checkpoints: [AuditCheckpoint]
    public let findings: [AuditFinding]
    private let hashes: [Int64: String]
    private let identities: Set<String>

    /// - Parameter lines: one checkpoint as JSON each.
    public init(lines: some Sequence<some StringProtocol>, key: AuditPublicKey) {
        var checkpoints: [AuditCheckpoint] = []
        var findings: [AuditFinding] = []
        for line in lines {
            guard let checkpoint = try? JSONDecoder().decode(AuditCheckpoint.self, from: Data(line.utf8)) else {
                findings.append(.init(.forgedCheckpoint, checkpoints.last?.seq ?? 0))
                continue
            }
            let continues =
                checkpoint.previous == checkpoints.last?.identity ?? AuditLog.genesis
                && checkpoint.seq > checkpoints.last?.seq ?? 0
            // One that is genuine, but does not continue the last, is kept: what it says of its row is true.
            let isGenuine = checkpoint.isGenuine(key)
            if !isGenuine || !continues { findings.append(.init(.forgedCheckpoint, checkpoint.seq)) }
            if isGenuine { checkpoints.append(checkpoint) }
        }
        self.checkpoints = checkpoints
        self.findings = findings
        hashes = Dictionary(checkpoints.map { ($0.seq, $0.rowHash) }, uniquingKeysWith: { first, _ in first })
        identities = Set(checkpoints.map(\.identity))
    }

    var newest: Int64 { checkpoints.map(\.seq).max() ?? 0 }
    func hash(of seq: Int64) -> String? { hashes[seq] }
    func holds(_ identity: String) -> Bool { identities.contains(identity) }
}
