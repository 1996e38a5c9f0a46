import Records
import Store

/// What is guessed at.
enum GuessedSecret: String, Sendable { case password, factor }

// Whose wrong tries are counted together.
//
// A lock after wrong tries would let any stranger keep the owner out. So a browser that the owner has signed in on before,
// which shows it by the secret in its cookie, counts for itself: what strangers do does not lock it, and five wrong tries
// on it lock it alone (OWASP, "Slow Down Online Guessing Attacks with Device Cookies"). Its tries count towards the ceiling
// of ``SignInService/failureCeiling`` like all others, so that NIST SP 800-63B-4 § 3.2.2 is kept.

extension AccountContext {
    /// The counter of a try on this client.
    ///
    /// - Parameter stranger: the counter of everybody who is not known to the owner.
    func counter(
        _ secret: GuessedSecret,
        of owner: CredentialOwner?,
        on client: SessionClient,
        orElse stranger: String,
        in transaction: Transaction
    ) throws -> String {
        guard let owner,
            let browser = try devices.browser(client.deviceSecret, of: owner.sessionOwner, in: transaction)
        else { return stranger }
        return throttle.deviceHash(secret, browser)
    }

    /// The counter of a second factor that is shown on this client.
    func factorCounter(of owner: CredentialOwner, on client: SessionClient, in transaction: Transaction) throws
        -> String
    {
        let stranger = throttle.hash(GuessedSecret.factor.rawValue, owner.text)
        return try counter(.factor, of: owner, on: client, orElse: stranger, in: transaction)
    }

    /// The counter of what is shown anew in a session: a stolen one must not lock its owner out elsewhere.
    func factorCounter(of owner: CredentialOwner, onDeviceOf live: LiveSession) -> String {
        live.session.deviceID.map { throttle.deviceHash(.factor, $0) }
            ?? throttle.hash(GuessedSecret.factor.rawValue, owner.text)
    }
}

extension GuessThrottle {
    func deviceHash(_ secret: GuessedSecret, _ device: ID<Device>) -> String {
        hash("device", secret.rawValue, device.text)
    }

    /// Unlocks whoever `holder` is: under each of their names, and on each of their devices.
    func clear(_ holder: SessionHolder, in transaction: Transaction) throws {
        let door: SignInService.Door = holder.account == nil ? .staff : .portal
        for name in [holder.username, holder.email].compactMap({ $0 }) {
            try clear(nameHash(name, door: door, practice: holder.practice.id), in: transaction)
        }
        guard let owner = holder.owner else { return }
        try clear(hash(GuessedSecret.factor.rawValue, owner.text), in: transaction)
        for row in try transaction.rows("SELECT id FROM devices WHERE \(owner.condition) AND revoked_at IS NULL") {
            let device: ID<Device> = try row.get("id")
            try clear(deviceHash(.password, device), in: transaction)
            try clear(deviceHash(.factor, device), in: transaction)
        }
    }
}
