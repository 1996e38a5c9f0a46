public import Records
import Store

/// A client's own profile: what they are called and how they are reached.
public struct ProfileService: Sendable {
    let gate: ClientGate

    init(gate: ClientGate) { self.gate = gate }

    private var surroundings: Surroundings { gate.surroundings }

    public struct Profile: Sendable {
        public let client: Client
        public let phone: String?
        public let postalAddress: PostalAddress?
        /// The account's; nil when the client has none.
        public let email: String?
        /// Fields that the one who asks cannot change.
        public let readOnly: [ProfileField]
        /// Grows with every change, from 0.
        public let rev: Int
    }

    /// What is to be changed; what is nil stays. An empty text, or ``postalAddress`` of `.some(nil)`, takes an entry away.
    public struct Edit: Sendable, Hashable {
        public var firstName: String?
        public var lastName: String?
        public var preferredName: String?
        public var phone: String?
        public var postalAddress: PostalAddress?

        public init(
            firstName: String? = nil,
            lastName: String? = nil,
            preferredName: String? = nil,
            phone: String? = nil,
            postalAddress: PostalAddress? = nil
        ) {
            self.firstName = firstName
            self.lastName = lastName
            self.preferredName = preferredName
            self.phone = phone
            self.postalAddress = postalAddress
        }
    }

    public func profile(of client: ID<Client>, as principal: Principal) async throws -> Profile {
        let found = try await gate.open(
            .read,
            on: .profile,
            of: client,
            as: principal,
            purpose: Self.purpose(principal),
            entity: "profile"
        ) { access in try profile(under: access) }
        return try await withEmail(found)
    }

    /// Changes the fields that are given and differ, and returns the profile as it is then.
    ///
    /// Throws ``Refusal/invalid(pointer:message:remedy:)`` for a field that is not to be changed or does not hold, and
    /// `StaleRecord` when `rev` is given and is not the profile's any more; then nothing is changed.
    public func update(_ edit: Edit, rev: Int? = nil, of client: ID<Client>, as principal: Principal) async throws
        -> Profile
    {
        let changed = try await gate.open(
            .change,
            on: .profile,
            of: client,
            as: principal,
            purpose: Self.purpose(principal),
            entity: "profile"
        ) { access in
            try apply(edit, to: rev, under: access)
            return try profile(under: access)
        }
        return try await withEmail(changed)
    }

    static func purpose(_ principal: Principal) -> Purpose { principal.staffID == nil ? .ownCare : .treatment }

    // MARK: - Reading

    private func profile(under access: ClientAccess) throws -> Profile {
        let details = try access.first(ContactDetails.self, where: "TRUE")
        return Profile(
            client: try access.client(),
            phone: details?.phone?.plaintext,
            postalAddress: details?.address,
            email: nil,
            readOnly: try readOnly(under: access),
            rev: details?.rev ?? 0
        )
    }

    /// Staff keep the record and may change all of it.
    private func readOnly(under access: ClientAccess) throws -> [ProfileField] {
        guard access.principal.staffID == nil else { return [] }
        let marked = try access.practice().settings.readOnlyProfileFields
        return ProfileField.allCases.filter { marked.contains($0.rawValue) }
    }

    private func withEmail(_ profile: Profile) async throws -> Profile {
        let id = profile.client.id
        let email = try await gate.database.read { transaction in
            try transaction.row("SELECT email FROM portal_accounts WHERE client_id = \(id)").map {
                try $0.get("email", as: String.self)
            }
        }
        return Profile(
            client: profile.client,
            phone: profile.phone,
            postalAddress: profile.postalAddress,
            email: email,
            readOnly: profile.readOnly,
            rev: profile.rev
        )
    }

    // MARK: - Changing

    private struct Difference {
        let field: ProfileField
        let old: String?
        let new: String?
    }

    private func apply(_ edit: Edit, to seen: Int?, under access: ClientAccess) throws {
        var client = try access.client()
        let known = try access.first(ContactDetails.self, where: "TRUE")
        if let seen, seen != known?.rev ?? 0 { throw StaleRecord(rev: known?.rev ?? 0) }
        var details = known ?? ContactDetails(id: surroundings.newID(), clientID: access.clientID, now: access.now)
        let readOnly = try readOnly(under: access)
        var differences: [Difference] = []
        func note(_ field: ProfileField, _ old: String?, _ new: String?) throws {
            guard old != new else { return }
            guard !readOnly.contains(field) else {
                throw Refusal.invalid(
                    pointer: "/\(field.rawValue)",
                    message: "is kept by the practice",
                    remedy: "Ask the practice to change it"
                )
            }
            differences.append(Difference(field: field, old: old, new: new))
        }
        if let text = edit.firstName {
            let new = try ContactChecks.line(text, at: "/first_name")
            try note(.firstName, client.firstName, new)
            client.firstName = new
        }
        if let text = edit.lastName {
            let new = try ContactChecks.line(text, at: "/last_name")
            try note(.lastName, client.lastName, new)
            client.lastName = new
        }
        if let text = edit.preferredName {
            let new = try ContactChecks.optionalLine(text, at: "/preferred_name")
            try note(.preferredName, client.preferredName, new)
            client.preferredName = new
        }
        if let text = edit.phone {
            let new = text.allSatisfy(\.isWhitespace) ? nil : try ContactChecks.phone(text, at: "/phone")
            try note(.phone, details.phone?.plaintext, new)
            details.phone = new.map { SealedText($0) }
        }
        if let address = edit.postalAddress {
            let new = try ContactChecks.address(address, at: "/postal_address").json
            try note(.postalAddress, details.postalAddress?.plaintext, new)
            details.postalAddress = SealedText(new)
        }
        guard !differences.isEmpty else { return }
        let fields = Set(differences.map(\.field))
        if !fields.isDisjoint(with: [.firstName, .lastName, .preferredName]) {
            try access.rename(first: client.firstName, last: client.lastName, preferred: client.preferredName)
        }
        // Their version is that of the whole profile.
        details.rev += 1
        details.updatedAt = access.now
        if known == nil { try access.insert(details) } else { try access.update(details) }
        for difference in differences { try record(difference, under: access) }
        try announce(review: differences.contains { $0.field.needsReview }, under: access)
    }

    /// Keeps both values sealed, and names the field in the audit.
    private func record(_ difference: Difference, under access: ClientAccess) throws {
        let change = ProfileChange(
            id: surroundings.newID(),
            clientID: access.clientID,
            field: difference.field.rawValue,
            oldValue: difference.old.map { SealedText($0) },
            newValue: difference.new.map { SealedText($0) },
            accountID: access.principal.accountID,
            userID: access.principal.staffID,
            needsReview: difference.field.needsReview && access.principal.staffID == nil,
            at: access.now,
            createdAt: access.now,
            updatedAt: access.now
        )
        try access.insert(change)
        _ = try access.beside(.change, on: .profile, entity: "profile.\(difference.field.rawValue)")
    }

    /// Tells the house that a profile changed, and the staff where they have to look at it.
    func announce(review: Bool, under access: ClientAccess) throws {
        let event = "profile.updated"
        try access.append(DomainEvent(event, subject: access.clientID.text), ids: surroundings)
        guard review, access.principal.accountID != nil else { return }
        let key = surroundings.newID(WorkItem.self).text
        try access.enqueue(
            WorkRequest("profile.review", subject: access.clientID.text, dedupeKey: key),
            ids: surroundings
        )
    }

    /// Tells those at the desk, or the administrators where there is nobody, that a change waits for them.
    var reviewHandler: WorkHandler {
        WorkHandler("profile.review") { [surroundings] item, transaction in
            guard let client = item.clientID else { return }
            func staff(_ role: StaffMember.Role) throws -> [StaffMember] {
                try transaction.fetch(
                    StaffMember.self,
                    "SELECT * FROM users WHERE practice_id = \(item.practiceID) AND role = \(role) AND status = 'ACTIVE' ORDER BY id"
                )
            }
            let desk = try staff(.frontDesk)
            for member in desk.isEmpty ? try staff(.administrator) : desk {
                try PortalNotification(
                    id: surroundings.newID(),
                    practiceID: item.practiceID,
                    recipient: .staff(member.id),
                    clientID: client,
                    type: NotificationKind.profileUpdated.rawValue,
                    title: "A client changed their profile",
                    message: "Compare it with your papers.",
                    link: "/api/v1/clients/\(client)/profile",
                    actionRequired: true,
                    dedupeKey: "profile.review:\(item.dedupeKey)",
                    sentAt: surroundings.now()
                ).insert(in: transaction)
            }
        }
    }
}
