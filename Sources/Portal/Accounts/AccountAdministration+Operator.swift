public import Records
import Store

// What is done from the command line, by who runs the machine.

extension AccountAdministration {
    static let linkLifetime: Duration = .seconds(86_400)

    private func requireOperator(_ principal: Principal) throws {
        guard principal.isSystem else { throw AccessDenied() }
    }

    /// Creates a member of staff without a password, and a link by which they choose one.
    public func createStaff(
        username: String,
        email: String,
        displayName: String,
        role: StaffMember.Role,
        onCall: Bool = false,
        as principal: Principal
    ) async throws -> (id: ID<StaffMember>, link: String) {
        try requireOperator(principal)
        let address = try EmailAddress.validated(email)
        let name = try Username.validated(username)
        return try await context.database.write { transaction in
            let member = StaffMember(
                id: context.surroundings.newID(),
                practiceID: principal.practiceID,
                email: address,
                username: name,
                displayName: displayName,
                role: role,
                onCall: onCall,
                createdAt: context.surroundings.now()
            )
            try transaction.insert(member, into: StaffMember.table)
            try context.record("STAFF.CREATE", of: .staff(member.id), as: principal, in: transaction)
            return (member.id, try resetLink(for: member.id, practice: principal.practiceID, in: transaction))
        }
    }

    /// The member of staff with a name or an address.
    public func staff(named name: String, in practice: ID<Practice>) async throws -> ID<StaffMember>? {
        let folded = name.lowercased()
        return try await context.database.read { transaction in
            try transaction.row(
                "SELECT id FROM users WHERE practice_id = \(practice) AND (username = \(folded) OR email = \(folded))"
            )?.get("id")
        }
    }

    /// Unlocks a member of staff, ends their sessions, and makes a link by which they choose a password.
    public func recover(_ id: ID<StaffMember>, clearingFactors: Bool, as principal: Principal) async throws -> String {
        try requireOperator(principal)
        return try await context.database.write { transaction in
            let owner = CredentialOwner.staff(id)
            guard let holder = try SessionHolder.find(owner, in: transaction),
                holder.practice.id == principal.practiceID
            else { throw RecordNotFound() }
            try context.throttle.clear(holder, in: transaction)
            try owner.set("failed_attempts = 0", in: transaction)
            try context.endSessions(
                of: owner,
                practice: principal.practiceID,
                because: .endedByAdministrator,
                in: transaction
            )
            if clearingFactors {
                try transaction.execute("DELETE FROM mfa_methods WHERE \(owner.condition)")
                try transaction.execute("DELETE FROM recovery_codes WHERE \(owner.condition)")
                try context.mail(.factorChanged, to: holder, in: transaction)
            }
            try context.record("ACCOUNT.RECOVER", of: owner, as: principal, in: transaction)
            return try resetLink(for: id, practice: principal.practiceID, in: transaction)
        }
    }

    private func resetLink(for id: ID<StaffMember>, practice: ID<Practice>, in transaction: Transaction) throws
        -> String
    {
        let secret = try context.tokens.issue(
            .reset,
            practice: practice,
            owner: .staff(id),
            lifetime: Self.linkLifetime,
            in: transaction
        )
        return context.link("staff/reset-password", secret: secret)
    }

    /// The open sessions of the practice.
    public func openSessions(as principal: Principal) async throws -> [Session] {
        try requireOperator(principal)
        return try await context.database.read { transaction in
            try transaction.fetch(
                Session.self,
                """
                SELECT * FROM auth_sessions
                WHERE is_active = 1 AND expires_at > \(context.surroundings.now()) AND \(inPractice(principal.practiceID))
                ORDER BY last_seen_at DESC, id
                """
            )
        }
    }

    /// Ends one session of the practice, or all. Returns how many they were.
    public func endSessions(_ id: ID<Session>?, as principal: Principal) async throws -> Int {
        try requireOperator(principal)
        return try await context.database.write { transaction in
            let which: SQL = id.map { "id = \($0)" } ?? "1 = 1"
            try context.record("SESSION.REVOKE", of: nil, as: principal, in: transaction)
            return try Session.end(
                "\(which) AND \(inPractice(principal.practiceID))",
                because: .endedByAdministrator,
                at: context.surroundings.now(),
                in: transaction
            )
        }
    }

    private func inPractice(_ practice: ID<Practice>) -> SQL {
        """
        (account_id IN (SELECT id FROM portal_accounts WHERE practice_id = \(practice))
         OR user_id IN (SELECT id FROM users WHERE practice_id = \(practice)))
        """
    }
}
