public import Records
import Store

/// Practices, their staff, their clients and who signs in. The database refuses what must not be: a second account for a
/// client, a name that is taken, a therapist of another practice.
///
/// Every change is somebody's: it is written to the audit in its own transaction. Accounts, and staff of another practice,
/// are refused with ``AccessDenied``, which is on record, too. Which role may do what, the caller's rule says.
public struct PracticeDirectory: Sendable {
    private let database: Database
    private let audit: AuditLog
    private let hasher: PasswordHasher
    let surroundings: Surroundings

    init(database: Database, audit: AuditLog, hasher: PasswordHasher, surroundings: Surroundings) {
        self.database = database
        self.audit = audit
        self.hasher = hasher
        self.surroundings = surroundings
    }

    /// Runs `body` in one transaction with its audit record.
    func change(
        _ action: String,
        _ entity: String,
        _ id: String,
        client: ID<Client>? = nil,
        in practice: ID<Practice>,
        as principal: Principal,
        _ body: @escaping @Sendable (Transaction) throws -> Void
    ) async throws {
        let entry = AuditEntry(
            principal: principal,
            clientID: client,
            purpose: .operations,
            action: action,
            entity: entity,
            entityID: id,
            outcome: .ok
        )
        let now = surroundings.now()
        do {
            guard principal.practiceID == practice, principal.accountID == nil else { throw AccessDenied() }
            try await database.write { transaction in
                try body(transaction)
                try audit.append(entry, at: now, in: transaction)
            }
        } catch  where error is AccessDenied || error is RecordNotFound {
            try await database.write { try audit.append(entry.denied, at: now, in: $0) }
            throw error
        }
    }

    public func practices() async throws -> [Practice] {
        try await database.read { transaction in
            try transaction.fetch(Practice.self, "SELECT * FROM practices ORDER BY created_at, id")
        }
    }

    public func practice(_ id: ID<Practice>) async throws -> Practice? {
        try await database.read { transaction in
            try transaction.fetchOne(Practice.self, "SELECT * FROM practices WHERE id = \(id)")
        }
    }

    /// Which practice a client belongs to; nil for one that does not exist.
    public func practice(of client: ID<Client>) async throws -> ID<Practice>? {
        try await database.read { transaction in
            try transaction.row("SELECT practice_id FROM clients WHERE id = \(client)")?.get("practice_id")
        }
    }

    /// Adds a practice. Nobody belongs to it before it is there, so the audit names the work that made it.
    ///
    /// - Parameter secondFactors: who signs in with two; those who see many records, unless given.
    public func addPractice(
        name: String,
        slug: String,
        timeZone: String,
        phone: String?,
        secondFactors: [String: SecondFactorPolicy] = PracticeSettings.standardSecondFactors,
        work: String = "setup"
    ) async throws -> Practice {
        var settings = PracticeSettings()
        settings.secondFactors = secondFactors
        let practice = Practice(
            id: surroundings.newID(),
            name: name,
            slug: slug,
            timeZone: timeZone,
            phone: phone,
            settings: settings,
            createdAt: surroundings.now()
        )
        try await change(
            "PRACTICE.CREATE",
            "practices",
            practice.id.text,
            in: practice.id,
            as: .system(work, practice: practice.id)
        ) { try $0.insert(practice, into: "practices") }
        return practice
    }

    /// Adds a member of staff. Names and addresses are kept in lower case, so that sign-in does not depend on it.
    public func addStaff(
        to practice: ID<Practice>,
        username: String,
        email: String,
        displayName: String,
        role: StaffMember.Role,
        supervisor: ID<StaffMember>? = nil,
        onCall: Bool = false,
        password: String,
        as principal: Principal
    ) async throws -> StaffMember {
        let member = StaffMember(
            id: surroundings.newID(),
            practiceID: practice,
            email: email.lowercased(),
            username: username.lowercased(),
            displayName: displayName,
            role: role,
            supervisorID: supervisor,
            passwordHash: try await hasher.hash(password),
            onCall: onCall,
            createdAt: surroundings.now()
        )
        try await change("STAFF.CREATE", "users", member.id.text, in: practice, as: principal) {
            try $0.insert(member, into: StaffMember.table)
        }
        return member
    }

    public func addClient(
        to practice: Practice,
        firstName: String,
        lastName: String,
        birthDate: String,
        language: String? = nil,
        therapist: ID<StaffMember>?,
        portalEnabled: Bool = true,
        as principal: Principal
    ) async throws -> Client {
        let client = Client(
            id: surroundings.newID(),
            practiceID: practice.id,
            firstName: firstName,
            lastName: lastName,
            birthDate: birthDate,
            language: language,
            timeZone: practice.timeZone,
            primaryTherapistID: therapist,
            portalEnabled: portalEnabled,
            createdAt: surroundings.now()
        )
        try await change("CLIENT.CREATE", "clients", client.id.text, client: client.id, in: practice.id, as: principal)
        {
            try $0.insert(client, into: Client.table)
        }
        return client
    }

    public func addAccount(
        for client: Client,
        username: String,
        email: String,
        password: String,
        as principal: Principal
    ) async throws -> PortalAccount {
        let account = PortalAccount(
            id: surroundings.newID(),
            practiceID: client.practiceID,
            clientID: client.id,
            username: username.lowercased(),
            email: email.lowercased(),
            passwordHash: try await hasher.hash(password),
            locale: client.language ?? "en",
            createdAt: surroundings.now()
        )
        try await change(
            "ACCOUNT.CREATE",
            "portal_accounts",
            account.id.text,
            client: client.id,
            in: client.practiceID,
            as: principal
        ) { try $0.insert(account, into: PortalAccount.table) }
        return account
    }

    /// Disables a portal account, or opens it again; disabling ends its sessions at once. Throws ``RecordNotFound`` for an
    /// account of another practice.
    public func setDisabled(_ isDisabled: Bool, _ account: ID<PortalAccountTag>, as principal: Principal) async throws {
        let now = surroundings.now()
        let status: PortalAccount.Status = isDisabled ? .disabled : .active
        try await change(
            isDisabled ? "ACCOUNT.DISABLE" : "ACCOUNT.ENABLE",
            "portal_accounts",
            account.text,
            in: principal.practiceID,
            as: principal
        ) { transaction in
            let changed = try transaction.execute(
                """
                UPDATE portal_accounts SET status = \(status), updated_at = \(now)
                WHERE id = \(account) AND practice_id = \(principal.practiceID)
                    AND status IN (\(list: [PortalAccount.Status.active, .disabled]))
                """
            )
            guard changed > 0 else { throw RecordNotFound() }
            if isDisabled { try endSessions(of: .account(account), in: transaction) }
        }
    }

    private func endSessions(of owner: SessionOwner, in transaction: Transaction) throws {
        try Session.end(owner.condition, because: .accessOff, at: surroundings.now(), in: transaction)
    }

    /// Gives a client another therapist; access moves with it at once (CORE-13). Throws ``RecordNotFound`` for a client
    /// of another practice.
    public func assign(_ client: ID<Client>, to therapist: ID<StaffMember>, as principal: Principal) async throws {
        let now = surroundings.now()
        try await change(
            "THERAPIST.ASSIGN",
            "clients",
            client.text,
            client: client,
            in: principal.practiceID,
            as: principal
        ) { transaction in
            let changed = try transaction.execute(
                """
                UPDATE clients SET primary_therapist_id = \(therapist), updated_at = \(now)
                WHERE id = \(client) AND practice_id = \(principal.practiceID)
                """
            )
            guard changed > 0 else { throw RecordNotFound() }
        }
    }

    /// Switches the language model on or off for a practice. Throws `AccessDenied` for all but administrators.
    public func setLanguageModelUse(_ isOn: Bool, as principal: Principal) async throws {
        let now = surroundings.now()
        try await change(
            isOn ? "MODEL.ENABLE" : "MODEL.DISABLE",
            "practices",
            principal.practiceID.text,
            in: principal.practiceID,
            as: principal
        ) { transaction in
            guard principal.role == .administrator,
                var practice = try transaction.fetchOne(
                    Practice.self,
                    "SELECT * FROM practices WHERE id = \(principal.practiceID)"
                )
            else { throw AccessDenied() }
            practice.settings.usesLanguageModel = isOn
            practice.updatedAt = now
            try transaction.update(practice, in: "practices", where: "id = \(practice.id)")
        }
    }

    /// Takes a member of staff out of service and ends their sessions. What they did stays theirs. Throws
    /// ``RecordNotFound`` for staff of another practice.
    public func deactivate(_ member: ID<StaffMember>, as principal: Principal) async throws {
        let now = surroundings.now()
        try await change("STAFF.DEACTIVATE", "users", member.text, in: principal.practiceID, as: principal) {
            transaction in
            let changed = try transaction.execute(
                """
                UPDATE users SET status = 'DEACTIVATED', updated_at = \(now)
                WHERE id = \(member) AND practice_id = \(principal.practiceID)
                """
            )
            guard changed > 0 else { throw RecordNotFound() }
            try endSessions(of: .staff(member), in: transaction)
        }
    }
}
