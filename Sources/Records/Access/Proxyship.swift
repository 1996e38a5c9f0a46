public import Foundation
import Store

/// A relationship as it stands today: who acts for whom, and what narrows it in each area.
struct Proxyship: Sendable {
    /// The columns of `client_relationships` that the decision needs; the sealed ones stay closed.
    private struct Stored: Decodable {
        var kind: ClientRelationship.Kind
        var endsAt: Timestamp?
        var scopes: [String: ClientRelationship.Scope]
        var courtLimits: [DataArea]
        var assentAt: Timestamp?
    }

    let relation: Relation
    let kind: ClientRelationship.Kind
    /// For guardians.
    let tier: AgeTier?
    private let stored: Stored
    /// The practice's rules for this client's age, by area.
    private let rules: [DataArea: JurisdictionRule]

    var row: PolicyTable.Row { PolicyTable.Row(relation, tier: relation == .guardian ? tier : nil) }

    /// The relationship of `account` to `client` that is in force at `now`; nil when there is none.
    static func inForce(
        of account: ID<PortalAccountTag>,
        to client: Client,
        at now: Timestamp,
        in transaction: Transaction
    ) throws(StoreError) -> Proxyship? {
        guard client.portalEnabled,
            let stored = try transaction.fetchOne(
                Stored.self,
                """
                SELECT kind, ends_at, scopes, court_limits, assent_at FROM client_relationships AS r
                WHERE client_id = \(client.id) AND account_id = \(account) AND status = 'APPROVED' AND revoked_at IS NULL
                  AND COALESCE(starts_at, 0) <= \(now) AND (ends_at IS NULL OR ends_at > \(now))
                  AND account_id IN (SELECT id FROM portal_accounts WHERE practice_id = \(client.practiceID))
                  AND (kind NOT IN ('FAMILY', 'PARTNER') OR consent_id IN (
                    SELECT id FROM consents
                    WHERE client_id = r.client_id AND kind = 'FAMILY_ACCESS' AND state = 'GRANTED'
                      AND withdrawn_at IS NULL AND (expires_at IS NULL OR expires_at > \(now))))
                """
            )
        else { return nil }
        // An emergency contact's time is always limited.
        if stored.kind == .emergency, stored.endsAt == nil { return nil }
        guard stored.kind.relation == .guardian else {
            return Proxyship(relation: stored.kind.relation, kind: stored.kind, tier: nil, stored: stored, rules: [:])
        }
        // Ends on the eighteenth birthday; without a birth date nobody can tell that it has not come.
        guard
            let practice = try transaction.fetchOne(
                Practice.self,
                "SELECT * FROM practices WHERE id = \(client.practiceID)"
            ),
            let age = client.age(at: now, in: practice), AgeTier(age: age).isMinor
        else { return nil }
        return Proxyship(
            relation: .guardian,
            kind: stored.kind,
            tier: AgeTier(age: age),
            stored: stored,
            rules: try rules(for: age, of: client, on: now.day(in: practice.zone), in: practice, transaction)
        )
    }

    /// The newest rule in force for each area.
    private static func rules(
        for age: Int,
        of client: Client,
        on day: String,
        in practice: Practice,
        _ transaction: Transaction
    ) throws(StoreError) -> [DataArea: JurisdictionRule] {
        let jurisdiction = client.jurisdiction ?? practice.region
        let rules = try transaction.fetch(
            JurisdictionRule.self,
            """
            SELECT * FROM jurisdiction_rules
            WHERE practice_id = \(practice.id) AND jurisdiction = \(jurisdiction)
              AND min_age <= \(age) AND max_age >= \(age) AND effective_from <= \(day)
            ORDER BY effective_from, updated_at, id
            """
        )
        return Dictionary(rules.map { ($0.dataArea, $0) }, uniquingKeysWith: { _, newer in newer })
    }

    /// The least of what the policy, the relationship's scope, a court and the rule for minors leave.
    func reach(_ cell: PolicyTable.Cell, _ action: AccessAction, in area: DataArea) -> Reach? {
        guard let sight = cell.sights[action], !stored.courtLimits.contains(area) else { return nil }
        var reach = Reach(sight: sight)
        switch stored.scopes[area.rawValue] ?? (kind.reachesOnlyItsScopes ? .none : .write) {
        case .none: return nil
        case .summary: reach.narrowToSummary()
        case .read: reach.isReadOnly = true
        case .write: break
        }
        if relation == .guardian {
            let rule = rules[area]
            if rule?.minorConsentOk == true, stored.assentAt == nil { return nil }
            switch rule?.guardianAccess ?? cell.unlessRuled ?? .full {
            case .none: return nil
            case .summary: reach.narrowToSummary()
            case .partial: reach.withholdConfidential()
            case .full: break
            }
        }
        return action == .read || !reach.isReadOnly ? reach : nil
    }
}

/// Which rows an access reaches: a sight, and further ones that a row has to be in as well.
struct Reach: Sendable, Hashable {
    var sight: Sight
    /// Every one of them narrows the rows; none of them masks.
    var further: Set<Sight> = []
    var isReadOnly = false

    mutating func withholdConfidential() {
        if sight == .all { sight = .nonconfidential }
        if sight != .nonconfidential { further.insert(.nonconfidential) }
    }

    mutating func narrowToSummary() {
        if sight != .all, sight != .masked { further.insert(sight) }
        further.insert(.nonconfidential)
        sight = .masked
        isReadOnly = true
    }
}

extension Practice {
    /// Greenwich for a name that the system does not know.
    public var zone: TimeZone { TimeZone(identifier: timeZone) ?? .gmt }
}

extension Client {
    /// Completed years on the day that it is in the practice; nil for a birth date that is none.
    public func age(at now: Timestamp, in practice: Practice) -> Int? {
        Age.years(
            from: birthDate,
            on: now.day(in: practice.zone),
            leapBirthdaysOnFebruary28: practice.settings.leapBirthdaysOnFebruary28
        )
    }
}
