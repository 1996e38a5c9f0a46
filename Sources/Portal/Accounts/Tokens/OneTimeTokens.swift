import Crypto
import Foundation
import Records
import Store

/// A secret that is good for one use: who it is for, what it does, and until when. Only its keyed hash is stored.
struct OneTimeToken: Sendable, Codable {
    enum Purpose: String, Sendable, Codable, SQLConvertible {
        case activation = "ACTIVATION"
        case magicLink = "MAGIC_LINK"
        case reset = "RESET"
        /// Shows that an address belongs to who gave it.
        case emailVerify = "EMAIL_VERIFY"
        case emailChange = "EMAIL_CHANGE"
        /// A code by mail, bound to a challenge or an enrolment.
        case mfaCode = "MFA_CODE"
        /// A sign-in that lacks its second factor.
        case challenge = "CHALLENGE"
        case download = "DOWNLOAD"
    }

    static let table: SQL.Name = "auth_tokens"

    var id: ID<OneTimeToken>
    var practiceID: ID<Practice>
    var accountID: ID<PortalAccountTag>?
    var userID: ID<StaffMember>?
    var purpose: Purpose
    var tokenHash: String
    var subjectID: String?
    var destination: SealedText?
    var attempts: Int
    var expiresAt: Timestamp
    var usedAt: Timestamp?
    var createdAt: Timestamp
    var updatedAt: Timestamp

    /// Nil for a row that was made for a name that nobody has.
    var owner: CredentialOwner? { accountID.map { .account($0) } ?? userID.map { .staff($0) } }
}

/// Makes one-time secrets, and uses them up.
struct OneTimeTokens: Sendable {
    private let key: SymmetricKey
    private let vault: KeyVault
    private let surroundings: Surroundings

    /// How often a wrong code may be tried on one challenge.
    static let maximumAttempts = 5

    init(master: MasterKey, vault: KeyVault, surroundings: Surroundings) {
        key = master.derived(for: "one-time-tokens")
        self.vault = vault
        self.surroundings = surroundings
    }

    /// The keyed hash of a secret, under which it is stored. Codes of few digits cannot be found from it without the key.
    func hash(_ purpose: String, _ parts: String...) -> String {
        let text = ([purpose] + parts).joined(separator: "|")
        return HMAC<SHA256>.authenticationCode(for: Data(text.utf8), using: key)
            .map { String(format: "%02x", $0) }.joined()
    }

    private func sealer(_ practice: ID<Practice>) throws -> ColumnSealer {
        try vault.sealer(for: MailRecord.keyOwner(practice: practice, client: nil))
    }

    /// Makes a secret for `owner` and returns it; it is nowhere else.
    ///
    /// - Parameters:
    ///   - owner: nil does the same work for nobody.
    ///   - subject: what it is bound to.
    ///   - secret: 256 random bits for a link unless given. A short one must be bound to a subject, whose hash it shares.
    @discardableResult
    func issue(
        _ purpose: OneTimeToken.Purpose,
        practice: ID<Practice>,
        owner: CredentialOwner?,
        lifetime: Duration,
        subject: String? = nil,
        destination: String? = nil,
        secret: String? = nil,
        in transaction: Transaction
    ) throws -> String {
        let now = surroundings.now()
        let text = secret ?? OneTimeSecret.link(surroundings.random)
        // Of the same code for the same subject the newer one stands.
        let tokenHash = hash(purpose.rawValue, secret == nil ? "" : subject ?? "", text)
        try transaction.execute("DELETE FROM auth_tokens WHERE token_hash = \(tokenHash)")
        try transaction.insert(
            OneTimeToken(
                id: surroundings.newID(),
                practiceID: practice,
                accountID: owner?.accountID,
                userID: owner?.userID,
                purpose: purpose,
                tokenHash: tokenHash,
                subjectID: subject,
                destination: destination.map { SealedText($0) },
                attempts: 0,
                expiresAt: now.adding(lifetime),
                createdAt: now,
                updatedAt: now
            ),
            into: OneTimeToken.table,
            sealing: sealer(practice)
        )
        // What ran out yesterday is of no use to anybody.
        try transaction.execute("DELETE FROM auth_tokens WHERE expires_at < \(now.adding(.seconds(-86_400)))")
        return text
    }

    /// Uses up a link's secret. Of many tries at once exactly one gets the token; nil for all others, and for a secret that
    /// is unknown, used, out of date, or nobody's.
    func redeem(_ text: String, as purpose: OneTimeToken.Purpose, in transaction: Transaction) throws -> OneTimeToken? {
        try take("purpose = \(purpose) AND token_hash = \(hash(purpose.rawValue, "", text))", in: transaction)
    }

    /// Uses up a token whose id is known.
    func redeem(_ id: ID<OneTimeToken>, in transaction: Transaction) throws -> OneTimeToken? {
        try take("id = \(id)", in: transaction)
    }

    /// Uses up a short code that was sent for `subject`.
    func redeem(code: String, as purpose: OneTimeToken.Purpose, subject: String, in transaction: Transaction) throws
        -> OneTimeToken?
    {
        let digits = code.filter { !$0.isWhitespace }
        return try take(
            "purpose = \(purpose) AND token_hash = \(hash(purpose.rawValue, subject, digits))",
            in: transaction
        )
    }

    private func take(_ condition: SQL, in transaction: Transaction) throws -> OneTimeToken? {
        let now = surroundings.now()
        guard
            let row = try transaction.row(
                """
                UPDATE auth_tokens SET used_at = \(now), updated_at = \(now)
                WHERE (\(condition)) AND used_at IS NULL AND expires_at > \(now)
                RETURNING *
                """
            )
        else { return nil }
        return try decode(row, in: transaction)
    }

    /// The live token behind a link's secret, which stays unused.
    func find(_ text: String, as purpose: OneTimeToken.Purpose, in transaction: Transaction) throws -> OneTimeToken? {
        guard
            let row = try transaction.row(
                """
                SELECT * FROM auth_tokens
                WHERE purpose = \(purpose) AND token_hash = \(hash(purpose.rawValue, "", text)) AND used_at IS NULL
                    AND expires_at > \(surroundings.now())
                """
            )
        else { return nil }
        return try decode(row, in: transaction)
    }

    /// Counts a try of a code on a live token; nil when it was tried too often.
    func countAttempt(_ text: String, as purpose: OneTimeToken.Purpose, in transaction: Transaction) throws
        -> OneTimeToken?
    {
        let now = surroundings.now()
        guard
            let row = try transaction.row(
                """
                UPDATE auth_tokens SET attempts = attempts + 1, updated_at = \(now)
                WHERE purpose = \(purpose) AND token_hash = \(hash(purpose.rawValue, "", text)) AND used_at IS NULL
                    AND expires_at > \(now) AND attempts < \(Self.maximumAttempts)
                RETURNING *
                """
            )
        else { return nil }
        return try decode(row, in: transaction)
    }

    private func decode(_ row: Row, in transaction: Transaction) throws -> OneTimeToken? {
        let practice: ID<Practice> = try row.get("practice_id")
        let token = try transaction.decode(OneTimeToken.self, from: row, sealing: sealer(practice))
        return token.owner == nil && token.subjectID == nil ? nil : token
    }

    /// How many an owner was given since `moment`.
    func count(
        _ purpose: OneTimeToken.Purpose,
        of owner: CredentialOwner,
        since moment: Timestamp,
        in transaction: Transaction
    )
        throws -> Int
    {
        try transaction.count(
            "SELECT COUNT(*) AS count FROM auth_tokens WHERE \(owner.condition) AND purpose = \(purpose) AND created_at > \(moment)"
        )
    }

    /// Makes an owner's unused ones useless.
    func revoke(_ purposes: [OneTimeToken.Purpose], of owner: CredentialOwner, in transaction: Transaction) throws {
        try transaction.execute(
            "DELETE FROM auth_tokens WHERE \(owner.condition) AND purpose IN (\(list: purposes)) AND used_at IS NULL"
        )
    }
}
