import Foundation
public import Records
public import Store

/// Something of a client's record that went to somebody outside the practice without the client's own doing, as it has to
/// be accounted for on request: date, recipient, what it was, and why (45 CFR 164.528(b)(2)).
public struct Disclosure: ClientRecord {
    /// What allowed or required it (45 CFR 164.512), or that it was a mistake.
    public enum Basis: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case requiredByLaw = "REQUIRED_BY_LAW"
        case publicHealth = "PUBLIC_HEALTH"
        case abuseOrNeglect = "ABUSE_OR_NEGLECT"
        case healthOversight = "HEALTH_OVERSIGHT"
        case judicial = "JUDICIAL"
        case lawEnforcement = "LAW_ENFORCEMENT"
        case decedents = "DECEDENTS"
        case research = "RESEARCH"
        case seriousThreat = "SERIOUS_THREAT"
        case governmentFunction = "GOVERNMENT_FUNCTION"
        case workersCompensation = "WORKERS_COMPENSATION"
        case inError = "IN_ERROR"
        case other = "OTHER"
    }

    public static let table: SQL.Name = "disclosures"
    public static let area = DataArea.chart

    public var id: ID<Disclosure>
    public var clientID: ID<Client>
    /// `yyyy-MM-dd`.
    public var disclosedOn: String
    public var basis: Basis
    public var recipient: SealedText
    public var address: SealedText?
    /// What was disclosed.
    public var description: SealedText
    /// Why, in a few words.
    public var purpose: SealedText
    public var recordedByUserID: ID<StaffMember>?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// The accounting of disclosures: staff write it, staff and client read it.
public struct DisclosureService: Sendable {
    private let gate: ClientGate

    init(gate: ClientGate) { self.gate = gate }

    /// How far back an accounting goes: six years (45 CFR 164.528(a)(1)).
    private static let years = 6

    /// What a member of staff says of a disclosure.
    public struct Draft: Sendable {
        public var disclosedOn: String
        public var basis: Disclosure.Basis
        public var recipient: String
        public var address: String?
        public var description: String
        public var purpose: String

        public init(
            disclosedOn: String,
            basis: Disclosure.Basis,
            recipient: String,
            address: String?,
            description: String,
            purpose: String
        ) {
            self.disclosedOn = disclosedOn
            self.basis = basis
            self.recipient = recipient
            self.address = address
            self.description = description
            self.purpose = purpose
        }
    }

    /// Puts a disclosure on record. Throws ``Refusal/invalid(pointer:message:remedy:)`` for a day that is none or to come,
    /// and for what is left empty.
    public func record(_ draft: Draft, of client: ID<Client>, as principal: Principal) async throws -> Disclosure {
        try await gate.open(
            .change,
            on: .chart,
            of: client,
            as: principal,
            purpose: .disclosure,
            entity: "disclosures"
        ) { access in
            guard let staff = principal.staffID else { throw AccessDenied() }
            try Self.check(draft, today: access.now)
            let disclosure = Disclosure(
                id: gate.surroundings.newID(),
                clientID: client,
                disclosedOn: draft.disclosedOn,
                basis: draft.basis,
                recipient: SealedText(draft.recipient),
                address: draft.address.map { SealedText($0) },
                description: SealedText(draft.description),
                purpose: SealedText(draft.purpose),
                recordedByUserID: staff,
                createdAt: access.now,
                updatedAt: access.now
            )
            try access.insert(disclosure)
            try access.append(DomainEvent("record.disclosed", subject: disclosure.id.text), ids: gate.surroundings)
            return disclosure
        }
    }

    private static func check(_ draft: Draft, today: Timestamp) throws {
        // A day ahead of UTC is today somewhere.
        let tomorrow = today.adding(.seconds(86_400)).day(in: .gmt)
        guard draft.disclosedOn.wholeMatch(of: /\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])/) != nil,
            draft.disclosedOn <= tomorrow
        else {
            throw Refusal.invalid(
                pointer: "/disclosed_on",
                message: "is no day until today",
                remedy: "Write it as 2026-01-31"
            )
        }
        for (name, text) in [
            ("recipient", draft.recipient), ("description", draft.description), ("purpose", draft.purpose),
        ] where text.allSatisfy(\.isWhitespace) || text.utf8.count > 2000 {
            throw Refusal.invalid(
                pointer: "/\(name)",
                message: "is empty or longer than 2000 bytes",
                remedy: "Say it in a few words"
            )
        }
    }

    /// The disclosures of the last six years, the newest first.
    public func accounting(of client: ID<Client>, as principal: Principal) async throws -> [Disclosure] {
        try await gate.open(
            .read,
            on: .chart,
            of: client,
            as: principal,
            purpose: principal.accountID == nil ? .operations : .ownCare,
            entity: "disclosures"
        ) { access in
            let today = access.now.day(in: .gmt)
            let since = "\((Int(today.prefix(4)) ?? 0) - Self.years)\(today.dropFirst(4))"
            return try access.all(
                Disclosure.self,
                where: "disclosed_on >= \(since)",
                order: "disclosed_on DESC, id DESC"
            )
        }
    }
}
