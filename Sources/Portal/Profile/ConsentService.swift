public import Records
import Store

/// What clients agreed to: given, in force for a time, withdrawn at any time (SEC-13, PROF-12).
public struct ConsentService: Sendable {
    private let gate: ClientGate

    init(gate: ClientGate) { self.gate = gate }

    private var surroundings: Surroundings { gate.surroundings }

    public struct Entry: Sendable {
        public let consent: Consent
        public let terms: ConsentTerms?
        /// As of the moment it was read: what is past its end is expired, whether or not that was written down.
        public let state: Consent.State
    }

    /// What is agreed to.
    public struct Grant: Sendable, Hashable {
        public var kind: Consent.Kind
        public var recipient: String?
        public var purpose: String?
        public var areas: [DataArea]
        public var expiresAt: Timestamp?
        public var textVersion: String?
        public var channel: ConsentTerms.Channel

        public init(
            _ kind: Consent.Kind,
            recipient: String? = nil,
            purpose: String? = nil,
            areas: [DataArea] = [],
            expiresAt: Timestamp? = nil,
            textVersion: String? = nil,
            channel: ConsentTerms.Channel = .portal
        ) {
            self.kind = kind
            self.recipient = recipient
            self.purpose = purpose
            self.areas = areas
            self.expiresAt = expiresAt
            self.textVersion = textVersion
            self.channel = channel
        }
    }

    /// All of a client's, the latest first.
    public func consents(of client: ID<Client>, as principal: Principal) async throws -> [Entry] {
        try await open(.read, client, principal) { access in
            let terms = Dictionary(
                try access.all(ConsentTerms.self).map { ($0.consentID, $0) },
                uniquingKeysWith: { first, _ in first }
            )
            return try access.all(Consent.self, order: "granted_at DESC, id DESC").map {
                Entry(consent: $0, terms: terms[$0.id], state: Self.state($0, at: access.now))
            }
        }
    }

    /// Gives a consent. A release names its recipient, purpose, parts of the record and end. Of every other kind one is in
    /// force at a time.
    ///
    /// Throws ``Refusal/invalid(pointer:message:remedy:)`` and ``Refusal/conflict(_:)``.
    public func grant(_ grant: Grant, of client: ID<Client>, as principal: Principal) async throws -> Entry {
        let grant = try checked(grant, at: surroundings.now())
        return try await open(.create, client, principal) { access in
            let now = access.now
            if grant.kind != .release {
                let known = try access.all(Consent.self, where: "kind = \(grant.kind) AND state = 'GRANTED'")
                guard !known.contains(where: { Self.state($0, at: now) == .granted }) else {
                    throw Refusal.conflict("This consent is in force already. Withdraw it before you give another.")
                }
            }
            let consent = Consent(
                id: surroundings.newID(),
                clientID: client,
                kind: grant.kind,
                grantedBy: principal.accountID,
                expiresAt: grant.expiresAt,
                grantedAt: now
            )
            let terms = ConsentTerms(
                id: surroundings.newID(),
                clientID: client,
                consentID: consent.id,
                recipient: grant.recipient.map { SealedText($0) },
                purpose: grant.purpose.map { SealedText($0) },
                areas: grant.areas,
                textVersion: grant.textVersion,
                channel: grant.channel,
                createdAt: now,
                updatedAt: now
            )
            try access.insert(consent)
            try access.insert(terms)
            try access.append(DomainEvent("consent.granted", subject: consent.id.text), ids: surroundings)
            if let end = grant.expiresAt {
                try access.enqueue(
                    WorkRequest("consent.expire", subject: consent.id.text, runAt: end),
                    ids: surroundings
                )
            }
            return Entry(consent: consent, terms: terms, state: .granted)
        }
    }

    /// Takes a consent back, at once. Throws ``Refusal/conflict(_:)`` when it is no longer in force.
    public func withdraw(_ id: ID<Consent>, of client: ID<Client>, as principal: Principal) async throws -> Entry {
        try await open(.change, client, principal, id) { access in
            var consent = try access.one(id)
            guard consent.kind != .familyAccess else {
                throw Refusal.conflict("Family access is taken back under family, which ends what rests on it.")
            }
            guard Self.state(consent, at: access.now) == .granted else {
                throw Refusal.conflict("This consent is no longer in force.")
            }
            consent.state = .withdrawn
            consent.withdrawnAt = access.now
            consent.updatedAt = access.now
            try access.update(consent)
            try access.append(DomainEvent("consent.withdrawn", subject: id.text), ids: surroundings)
            let terms = try access.first(ConsentTerms.self, where: "consent_id = \(id)")
            return Entry(consent: consent, terms: terms, state: .withdrawn)
        }
    }

    /// Writes down that a consent has come to its end. Who reads it knows without.
    var expireHandler: WorkHandler {
        WorkHandler("consent.expire") { item, transaction in
            guard let client = item.clientID, let id = ID<Consent>(item.subjectID) else { return }
            let access = try gate.policy.grant(
                .change,
                on: .consents,
                of: client,
                to: .system(item.kind, practice: item.practiceID),
                purpose: .automation,
                entity: "consents",
                entityID: id.text,
                in: transaction
            )
            var consent = try access.one(id)
            guard consent.state == .granted, let end = consent.expiresAt, end <= access.now else { return }
            consent.state = .expired
            consent.updatedAt = access.now
            try access.update(consent)
            try access.append(DomainEvent("consent.expired", subject: id.text), ids: surroundings)
        }
    }

    /// What a consent is at `now`, whatever is written down.
    static func state(_ consent: Consent, at now: Timestamp) -> Consent.State {
        if consent.state == .granted, let end = consent.expiresAt, end <= now { return .expired }
        return consent.state
    }

    private func checked(_ grant: Grant, at now: Timestamp) throws(Refusal) -> Grant {
        guard grant.kind != .familyAccess else {
            throw .invalid(pointer: "/kind", message: "is given under family", remedy: "Give it there, to a person")
        }
        var grant = grant
        grant.recipient = try ContactChecks.optionalLine(grant.recipient, at: "/recipient", limit: 200)
        grant.purpose = try ContactChecks.optionalLine(grant.purpose, at: "/purpose", limit: 500)
        grant.textVersion = try ContactChecks.optionalLine(grant.textVersion, at: "/text_version", limit: 40)
        if let end = grant.expiresAt, end <= now {
            throw .invalid(pointer: "/expires_at", message: "lies in the past", remedy: "Choose a later moment")
        }
        guard grant.kind == .release else { return grant }
        func require(_ isThere: Bool, _ field: String, _ remedy: String) throws(Refusal) {
            guard isThere else {
                throw .invalid(pointer: "/\(field)", message: "belongs to a release", remedy: remedy)
            }
        }
        try require(grant.recipient != nil, "recipient", "Say who is to get it")
        try require(grant.purpose != nil, "purpose", "Say what for")
        try require(!grant.areas.isEmpty, "areas", "Name at least one part of the record")
        try require(grant.expiresAt != nil, "expires_at", "Say until when it holds")
        return grant
    }

    private func open<Result: Sendable>(
        _ action: AccessAction,
        _ client: ID<Client>,
        _ principal: Principal,
        _ id: ID<Consent>? = nil,
        _ body: @escaping @Sendable (ClientAccess) throws -> Result
    ) async throws -> Result {
        try await gate.open(
            action,
            on: .consents,
            of: client,
            as: principal,
            purpose: ProfileService.purpose(principal),
            entity: "consents",
            entityID: id?.text,
            body
        )
    }
}
