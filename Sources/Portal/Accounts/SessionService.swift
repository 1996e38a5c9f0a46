import Crypto
import Foundation
import Records
import Store

/// The sessions of portal accounts and staff: opened by whoever has found out who it is, kept alive by use, ended on the server.
///
/// Limits: a session ends after 30 minutes without use (ACC-28) and 12 hours after it began, at both doors; a practice can
/// choose shorter ones. NIST SP 800-63B-4 § 2.2.3 asks at AAL2 for reauthentication after at most an hour without use and 24
/// hours overall, ASVS 4.0.3 § 3.3.2 at level 2 for 30 minutes and 12 hours: the stricter of the two are the defaults (ASVS
/// 5.0 § 7.1.1, 7.3.1, 7.3.2). Of more than twenty sessions at once the oldest ends (§ 7.1.2).
///
/// A browser's token is renewed by use (ACC-30): a request that comes with it gets the next one, and the one before is good
/// for another ``renewalGrace``, for requests that were under way. So that there is never more than one such, a token is not
/// renewed again within that time. Whoever comes with an older one has a copy, or somebody else has: the session ends, and its
/// owner is told.
public struct SessionService: Sendable {
    /// What a request does with its session.
    public enum Use: Sendable, Hashable {
        case view, action
        /// Looking whether the session is still there, which does not keep it alive.
        case watching
    }

    /// For how long the token before the present one is good.
    public static let renewalGrace: Duration = .seconds(10)
    /// A session's last use is written down at most this often.
    static let touchInterval: Duration = .seconds(60)
    /// How many sessions one person may have open.
    public static let mostSessions = 20

    let database: Database
    let audit: AuditLog
    let surroundings: Surroundings
    let activity = SessionActivity()
    private let devices: DeviceService
    private let antiForgeryKey: SymmetricKey

    init(database: Database, audit: AuditLog, devices: DeviceService, master: MasterKey, surroundings: Surroundings) {
        self.database = database
        self.audit = audit
        self.devices = devices
        self.surroundings = surroundings
        antiForgeryKey = master.derived(for: "anti-forgery")
    }

    /// Opens a session for somebody who has shown who they are, in the transaction that used up what they showed.
    ///
    /// Throws ``Refusal/wrongCredentials`` when they were switched off in the meantime.
    ///
    /// - Parameters:
    ///   - principal: as ``SessionHolder/principal(origin:)`` gives it.
    ///   - hasSecondFactor: whether a second factor was shown, or the device is trusted to stand for one.
    func open(
        for holder: SessionHolder,
        as principal: Principal,
        client: SessionClient,
        hasSecondFactor: Bool = false,
        in transaction: Transaction
    ) throws -> SignInResult {
        let now = surroundings.now()
        let settings = holder.practice.settings
        let token = SessionToken(random: surroundings.random)
        let recognition = try devices.recognize(client, of: principal, in: transaction)
        let hours = principal.staffID == nil ? settings.portalSessionHours : settings.staffSessionHours
        let absoluteExpiresAt = now.adding(.seconds(3600 * hours))
        let session = Session(
            id: surroundings.newID(),
            accountID: principal.accountID,
            userID: principal.staffID,
            tokenHash: token.hash,
            familyHash: token.familyHash,
            renews: client.channel == .web || client.followsRenewal,
            channel: client.channel,
            deviceID: recognition.device,
            actingClientID: nil,
            ip: principal.origin.ip,
            userAgent: client.userAgent.map { String($0.prefix(200)) },
            loginAt: now,
            lastSeenAt: now,
            expiresAt: min(now.adding(.seconds(60 * settings.sessionMinutes)), absoluteExpiresAt),
            absoluteExpiresAt: absoluteExpiresAt,
            authenticatedAt: now,
            mfaPassed: hasSecondFactor,
            pagesViewed: 0,
            actionsTaken: 0,
            isActive: true,
            createdAt: now,
            updatedAt: now
        )
        try makeRoom(for: principal, at: now, in: transaction)
        try transaction.insert(session, into: Session.table)
        guard try SessionHolder(of: session, in: transaction)?.principal(origin: principal.origin) != nil else {
            throw Refusal.wrongCredentials
        }
        if let id = principal.accountID {
            try transaction.execute("UPDATE portal_accounts SET last_login_at = \(now) WHERE id = \(id)")
        }
        if let id = principal.staffID {
            try transaction.execute("UPDATE users SET last_login_at = \(now) WHERE id = \(id)")
        }
        try note("SESSION.START", session.id, by: principal, in: transaction)
        return SignInResult(
            sessionID: session.id,
            token: token,
            antiForgeryToken: antiForgeryToken(of: session.id),
            channel: client.channel,
            principal: principal,
            displayName: holder.displayName,
            deviceID: recognition.device,
            deviceSecret: recognition.cookie,
            isOnUnfamiliarDevice: recognition.isUnfamiliar,
            expiresAt: session.expiresAt,
            absoluteExpiresAt: absoluteExpiresAt
        )
    }

    /// Marks what has run out by now, and ends the oldest of the holder's sessions where there would be too many.
    private func makeRoom(for principal: Principal, at now: Timestamp, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE auth_sessions SET is_active = 0, end_reason = \(Session.EndReason.expired), updated_at = \(now)
            WHERE is_active = 1 AND expires_at <= \(now)
            """
        )
        guard let owner = SessionOwner(principal) else { return }
        try Session.end(
            """
            id IN (SELECT id FROM auth_sessions WHERE is_active = 1 AND \(owner.condition)
                   ORDER BY last_seen_at DESC, id DESC LIMIT 1000 OFFSET \(Self.mostSessions - 1))
            """,
            because: .tooMany,
            at: now,
            in: transaction
        )
    }

    /// The session's secret against forged requests (OWASP: HMAC-based, bound to the session). It outlives renewals.
    func antiForgeryToken(of session: ID<Session>) -> String {
        Base64URL.encode(
            Array(HMAC<SHA256>.authenticationCode(for: Data("session|\(session)".utf8), using: antiForgeryKey))
        )
    }

    func note(
        _ action: String,
        _ session: ID<Session>?,
        by principal: Principal,
        outcome: AuditEntry.Outcome = .ok,
        reason: Session.EndReason? = nil,
        in transaction: Transaction
    ) throws {
        try audit.append(
            AuditEntry(
                principal: principal,
                action: action,
                entity: "auth_sessions",
                entityID: session?.text,
                outcome: outcome,
                reason: reason.map { AuditReason($0) }
            ),
            at: surroundings.now(),
            in: transaction
        )
    }
}
