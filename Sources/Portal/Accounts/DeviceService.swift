public import Records
public import Store

/// The devices that people sign in on: known again, trusted for a while, taken away (ACC-32, ACC-33).
public struct DeviceService: Sendable {
    private let database: Database
    private let audit: AuditLog
    private let surroundings: Surroundings

    /// How many people can use one browser and have it known again for each.
    private static let secretsInCookie = 4
    private static let secretLength = 43

    init(database: Database, audit: AuditLog, surroundings: Surroundings) {
        self.database = database
        self.audit = audit
        self.surroundings = surroundings
    }

    // MARK: - Trust

    /// Whether the device of this cookie stands for the person's second factor.
    ///
    /// - Parameter cookie: ``SessionClient/deviceSecret``.
    public func isTrusted(_ cookie: String?, by principal: Principal, in transaction: Transaction) throws -> Bool {
        guard let device = try known(Self.secrets(in: cookie), by: principal, in: transaction) else { return false }
        return device.trustedUntil.map { $0 > surroundings.now() } ?? false
    }

    /// Lets the device stand for the person's second factor, for as many days as the practice chose. Only a browser that has
    /// just shown one may be trusted; does nothing for a program, which anybody could imitate.
    public func trust(_ id: ID<Device>, by principal: Principal, days: Int = 30, in transaction: Transaction) throws {
        guard let owner = SessionOwner(principal) else { return }
        let now = surroundings.now()
        let until = now.adding(.seconds(86_400 * max(0, days)))
        let changed = try transaction.execute(
            """
            UPDATE devices SET trusted_until = \(until), updated_at = \(now)
            WHERE id = \(id) AND \(owner.condition) AND kind = \(Device.Kind.browser) AND revoked_at IS NULL
            """
        )
        if changed > 0 { try note("DEVICE.TRUST", id.text, by: principal, in: transaction) }
    }

    /// Ends the trust in all devices of the owner, as after a change of password or second factor.
    public func endTrust(of owner: SessionOwner, in transaction: Transaction) throws {
        try transaction.execute(
            """
            UPDATE devices SET trusted_until = NULL, updated_at = \(surroundings.now())
            WHERE \(owner.condition) AND trusted_until IS NOT NULL
            """
        )
    }

    // MARK: - One's own devices

    /// One's own devices, those used last first.
    public func devices(of principal: Principal) async throws -> [Device] {
        guard let owner = SessionOwner(principal) else { return [] }
        return try await database.read { transaction in
            try transaction.fetch(
                Device.self,
                """
                SELECT * FROM devices WHERE \(owner.condition) AND revoked_at IS NULL
                ORDER BY last_seen_at DESC, id DESC LIMIT 100
                """
            )
        }
    }

    /// Takes a device away: it is trusted no more, its sessions end, and signing in on it again is told to the owner.
    /// Throws `RecordNotFound` for anybody else's.
    public func revoke(_ id: ID<Device>, as principal: Principal) async throws {
        guard let owner = SessionOwner(principal) else { throw RecordNotFound() }
        let now = surroundings.now()
        try await database.write { transaction in
            let changed = try transaction.execute(
                """
                UPDATE devices SET revoked_at = \(now), trusted_until = NULL, updated_at = \(now)
                WHERE id = \(id) AND \(owner.condition) AND revoked_at IS NULL
                """
            )
            if changed == 0 { throw RecordNotFound() }
            try Session.end("device_id = \(id)", because: .deviceRevoked, at: now, in: transaction)
            try note("DEVICE.REVOKE", id.text, by: principal, in: transaction)
        }
    }

    // MARK: - Signing in

    /// The device that somebody signs in on, and what its cookie is to hold.
    struct Recognition {
        let device: ID<Device>
        let cookie: String?
        /// Whether its owner, who uses others, has never signed in on it.
        let isUnfamiliar: Bool
    }

    /// Finds the device or writes down a new one. Of a new one the owner is told, unless it is the first they ever used.
    func recognize(_ client: SessionClient, of principal: Principal, in transaction: Transaction) throws -> Recognition
    {
        let now = surroundings.now()
        let secrets = Self.secrets(in: client.deviceSecret)
        let isBrowser = client.channel == .web || !secrets.isEmpty
        let agent = SessionToken.hash("agent:\(client.userAgent ?? "")")
        let found =
            try isBrowser
            ? known(secrets, by: principal, in: transaction)
            : SessionOwner(principal).flatMap { try self.device([agent], of: $0, in: transaction) }
        if let found {
            try transaction.execute(
                "UPDATE devices SET last_seen_at = \(now), updated_at = \(now) WHERE id = \(found.id)"
            )
            return Recognition(device: found.id, cookie: nil, isUnfamiliar: false)
        }
        // Never a secret that the client chose: it may have been planted there by somebody who knows it.
        let secret = Base64URL.encode(surroundings.random(32))
        let device = Device(
            id: surroundings.newID(),
            accountID: principal.accountID,
            userID: principal.staffID,
            kind: isBrowser ? .browser : .program,
            fingerprintHash: isBrowser ? SessionToken.hash(secret) : agent,
            name: client.userAgent.map { String($0.prefix(200)) },
            lastSeenAt: now,
            createdAt: now,
            updatedAt: now
        )
        let isUnfamiliar = try tell(of: device, principal, in: transaction)
        // A program that was taken away and comes back as before.
        try transaction.execute(
            """
            DELETE FROM devices WHERE fingerprint_hash = \(device.fingerprintHash) AND revoked_at IS NOT NULL
            AND (account_id = \(device.accountID) OR user_id = \(device.userID))
            """
        )
        try transaction.insert(device, into: Device.table)
        let cookie = ([secret] + secrets).prefix(Self.secretsInCookie).joined(separator: ".")
        return Recognition(device: device.id, cookie: isBrowser ? cookie : nil, isUnfamiliar: isUnfamiliar)
    }

    /// Tells the owner of a device other than their first. Returns whether it is one.
    private func tell(of device: Device, _ principal: Principal, in transaction: Transaction) throws -> Bool {
        guard let owner = SessionOwner(principal), let recipient = owner.recipient else { return false }
        let isFirst = try transaction.row("SELECT id FROM devices WHERE \(owner.condition) LIMIT 1") == nil
        if isFirst { return false }
        let now = surroundings.now()
        try PortalNotification(
            id: surroundings.newID(),
            practiceID: principal.practiceID,
            recipient: recipient,
            type: "device.new",
            title: "Sign-in on a new device",
            message: "Somebody signed in with your name on a device that was not used before. "
                + "If that was not you, end its session, change your password and tell the practice.",
            dedupeKey: "device.new:\(device.id)",
            sentAt: now
        ).insert(in: transaction)
        try DomainEvent("device.new", subject: device.id.text).append(
            practice: principal.practiceID,
            client: nil,
            at: now,
            ids: surroundings,
            transaction: transaction
        )
        return true
    }

    // MARK: - Finding

    /// The browser of this cookie, if its owner has signed in on it before and has not taken it away.
    func browser(_ cookie: String?, of owner: SessionOwner, in transaction: Transaction) throws -> ID<Device>? {
        let device = try self.device(Self.secrets(in: cookie).map(SessionToken.hash), of: owner, in: transaction)
        return device?.kind == .browser ? device?.id : nil
    }

    private func known(_ secrets: [String], by principal: Principal, in transaction: Transaction) throws -> Device? {
        guard let owner = SessionOwner(principal) else { return nil }
        return try device(secrets.map(SessionToken.hash), of: owner, in: transaction)
    }

    private func device(_ hashes: [String], of owner: SessionOwner, in transaction: Transaction) throws -> Device? {
        if hashes.isEmpty { return nil }
        return try transaction.fetchOne(
            Device.self,
            """
            SELECT * FROM devices
            WHERE \(owner.condition) AND fingerprint_hash IN (\(list: hashes)) AND revoked_at IS NULL
            """
        )
    }

    private static func secrets(in cookie: String?) -> [String] {
        guard let cookie, cookie.utf8.count <= 1024 else { return [] }
        return cookie.split(separator: ".").prefix(secretsInCookie).map(String.init)
            .filter { $0.utf8.count == secretLength && $0.utf8.allSatisfy(Base64URL.contains) }
    }

    private func note(_ action: String, _ id: String, by principal: Principal, in transaction: Transaction) throws {
        try audit.append(
            AuditEntry(principal: principal, action: action, entity: "devices", entityID: id, outcome: .ok),
            at: surroundings.now(),
            in: transaction
        )
    }
}
