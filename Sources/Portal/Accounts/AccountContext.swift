import Records
import Store

/// What every service of this area works with.
struct AccountContext: Sendable {
    let database: Database
    let audit: AuditLog
    let policy: AccessPolicy
    let vault: KeyVault
    let hasher: PasswordHasher
    let tokens: OneTimeTokens
    let throttle: GuessThrottle
    let sessions: SessionService
    let devices: DeviceService
    let surroundings: Surroundings
    /// Where people reach the portal: what the links in mail begin with.
    let publicAddress: String

    var gate: ClientGate { ClientGate(database: database, policy: policy, surroundings: surroundings) }

    /// A link to a page, with a secret that browsers keep out of requests, logs and `Referer`.
    func link(_ page: String, secret: String) -> String {
        "\(publicAddress)/\(page)#\(secret)"
    }

    /// Puts a message to the holder into the queue.
    ///
    /// - Parameter lifetime: for how long it is of use.
    func mail(
        _ template: MailTemplate,
        to holder: SessionHolder,
        address: String? = nil,
        _ parameters: [String: String] = [:],
        lasting lifetime: Duration? = nil,
        in transaction: Transaction
    ) throws {
        guard let to = address ?? holder.email else { return }
        let now = surroundings.now()
        let end = lifetime.map { now.adding($0) }
        var parameters = parameters
        if template.parameters.contains(.at) { parameters["at"] = MailRequest.moment(now) }
        if let lifetime { parameters.merge(MailRequest.validity(lifetime, of: template)) { given, _ in given } }
        try MailRequest(template, to: to, locale: holder.locale, parameters: parameters).enqueue(
            practice: holder.practice.id,
            client: holder.account?.clientID,
            expiresAt: end,
            vault: vault,
            surroundings: surroundings,
            transaction: transaction
        )
    }

    /// Tells the holder in their list in the portal, too (SEC-17).
    func tell(_ holder: SessionHolder, type: String, title: String, message: String, in transaction: Transaction) throws
    {
        guard
            let recipient = holder.account.map({ PortalNotification.Recipient.account($0.id) })
                ?? holder.staff.map({ .staff($0.id) })
        else { return }
        let id = surroundings.newID(PortalNotification.self)
        try PortalNotification(
            id: id,
            practiceID: holder.practice.id,
            recipient: recipient,
            type: type,
            title: title,
            message: message,
            dedupeKey: "\(type):\(id)",
            sentAt: surroundings.now()
        ).insert(in: transaction)
    }

    /// Ends sessions, and the trust in devices with them.
    func endSessions(
        of owner: CredentialOwner,
        practice: ID<Practice>,
        because reason: Session.EndReason,
        except kept: ID<Session>? = nil,
        in transaction: Transaction
    ) throws {
        try sessions.endAll(
            of: owner.sessionOwner,
            because: reason,
            except: kept,
            by: .system("accounts", practice: practice),
            in: transaction
        )
        try devices.endTrust(of: owner.sessionOwner, in: transaction)
    }

    func record(
        _ action: String,
        of owner: CredentialOwner?,
        client: ID<Client>? = nil,
        as principal: Principal,
        outcome: AuditEntry.Outcome = .ok,
        in transaction: Transaction
    ) throws(StoreError) {
        try audit.append(
            AuditEntry(
                principal: principal,
                clientID: client,
                action: action,
                entity: owner?.table.text ?? (client == nil ? "portal_accounts" : "clients"),
                entityID: owner?.text ?? client?.text,
                outcome: outcome
            ),
            at: surroundings.now(),
            in: transaction
        )
    }
}
