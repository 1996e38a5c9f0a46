public import Records
import Store

/// Practices, their staff, their clients and who signs in. The database refuses what must not be: a second account for a
/// client, a name that is taken, a therapist of another practice.
public struct PracticeDirectory: Sendable {
    private let database: Database
    private let hasher: PasswordHasher
    private let surroundings: Surroundings

    init(database: Database, hasher: PasswordHasher, surroundings: Surroundings) {
        self.database = database
        self.hasher = hasher
        self.surroundings = surroundings
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

    /// - Parameter secondFactors: who signs in with two; those who see many records, unless given.
    public func addPractice(
        name: String,
        slug: String,
        timeZone: String,
        phone: String?,
        secondFactors: [String: SecondFactorPolicy] = PracticeSettings.standardSecondFactors
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
        try await database.write { transaction in try transaction.insert(practice, into: "practices") }
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
        password: String
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
        try await database.write { transaction in try transaction.insert(member, into: StaffMember.table) }
        return member
    }

    public func addClient(
        to practice: Practice,
        firstName: String,
        lastName: String,
        birthDate: String,
        language: String? = nil,
        therapist: ID<StaffMember>?,
        portalEnabled: Bool = true
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
        try await database.write { transaction in try transaction.insert(client, into: Client.table) }
        return client
    }

    public func addAccount(for client: Client, username: String, email: String, password: String) async throws
        -> PortalAccount
    {
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
        try await database.write { transaction in try transaction.insert(account, into: PortalAccount.table) }
        return account
    }

    /// Turns a client's portal access on or off; off ends open sessions at once (CORE-10).
    public func setPortalEnabled(_ isEnabled: Bool, for client: ID<Client>) async throws {
        let now = surroundings.now()
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE clients SET portal_enabled = \(isEnabled), updated_at = \(now) WHERE id = \(client)"
            )
            if !isEnabled { try endSessions(of: .client(client), in: transaction) }
        }
    }

    /// Disables a portal account, or opens it again; disabling ends its sessions at once. Throws `RecordNotFound`.
    public func setDisabled(_ isDisabled: Bool, _ account: ID<PortalAccountTag>) async throws {
        let now = surroundings.now()
        let status: PortalAccount.Status = isDisabled ? .disabled : .active
        try await database.write { transaction in
            let changed = try transaction.execute(
                """
                UPDATE portal_accounts SET status = \(status), updated_at = \(now)
                WHERE id = \(account) AND status IN (\(list: [PortalAccount.Status.active, .disabled]))
                """
            )
            if changed == 0 { throw RecordNotFound() }
            if isDisabled { try endSessions(of: .account(account), in: transaction) }
        }
    }

    /// Deactivates a member of staff; their sessions end at once (CORE-16). Throws `RecordNotFound`.
    public func deactivate(_ staff: ID<StaffMember>) async throws {
        let now = surroundings.now()
        try await database.write { transaction in
            let changed = try transaction.execute(
                "UPDATE users SET status = \(StaffMember.Status.deactivated), updated_at = \(now) WHERE id = \(staff)"
            )
            if changed == 0 { throw RecordNotFound() }
            try endSessions(of: .staff(staff), in: transaction)
        }
    }

    private func endSessions(of owner: SessionOwner, in transaction: Transaction) throws {
        try Session.end(owner.condition, because: .accessOff, at: surroundings.now(), in: transaction)
    }

    /// Gives a client another therapist; access moves with it at once (CORE-13).
    public func assign(_ client: ID<Client>, to therapist: ID<StaffMember>) async throws {
        let now = surroundings.now()
        try await database.write { transaction in
            try transaction.execute(
                "UPDATE clients SET primary_therapist_id = \(therapist), updated_at = \(now) WHERE id = \(client)"
            )
        }
    }
}
