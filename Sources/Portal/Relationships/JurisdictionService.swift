public import Records
import Store

/// The practice's rules for minors. They narrow what the policy opens to guardians, and never widen it (SEC-19).
public struct JurisdictionService: Sendable {
    private let gate: ClientGate

    init(gate: ClientGate) { self.gate = gate }

    /// The rules, by place, age and area. Throws `AccessDenied` for all but administrators.
    public func rules(as principal: Principal) async throws -> [JurisdictionRule] {
        guard principal.role == .administrator else { throw AccessDenied() }
        return try await gate.database.read { transaction in
            try transaction.fetch(
                JurisdictionRule.self,
                """
                SELECT * FROM jurisdiction_rules WHERE practice_id = \(principal.practiceID)
                ORDER BY jurisdiction, min_age, data_area, effective_from, id
                """
            )
        }
    }

    /// What an administrator writes down; see ``JurisdictionRule``.
    public struct Draft: Sendable {
        public var jurisdiction: String
        public var ages: ClosedRange<Int>
        public var area: DataArea
        public var access: GuardianAccess
        public var minorMayConsentAlone: Bool
        public var effectiveFrom: String

        public init(
            jurisdiction: String,
            ages: ClosedRange<Int>,
            area: DataArea,
            access: GuardianAccess,
            minorMayConsentAlone: Bool,
            effectiveFrom: String
        ) {
            self.jurisdiction = jurisdiction
            self.ages = ages
            self.area = area
            self.access = access
            self.minorMayConsentAlone = minorMayConsentAlone
            self.effectiveFrom = effectiveFrom
        }
    }

    /// Puts a rule in force from a day on; one for the same place, youngest age, area and day is replaced.
    public func set(_ draft: Draft, as principal: Principal) async throws -> [JurisdictionRule] {
        guard principal.role == .administrator else { throw AccessDenied() }
        let now = gate.surroundings.now()
        let rule = JurisdictionRule(
            id: gate.surroundings.newID(),
            practiceID: principal.practiceID,
            jurisdiction: draft.jurisdiction,
            ages: draft.ages,
            area: draft.area,
            guardianAccess: draft.access,
            minorMayConsentAlone: draft.minorMayConsentAlone,
            effectiveFrom: draft.effectiveFrom,
            createdAt: now
        )
        try await gate.database.write { transaction in
            try transaction.execute(
                """
                DELETE FROM jurisdiction_rules
                WHERE practice_id = \(rule.practiceID) AND jurisdiction = \(rule.jurisdiction)
                  AND min_age = \(rule.minAge) AND data_area = \(rule.dataArea) AND effective_from = \(rule.effectiveFrom)
                """
            )
            try transaction.insert(rule, into: JurisdictionRule.table)
            try gate.policy.note("RULES.CHANGE", of: nil, relation: nil, as: principal, in: transaction)
        }
        return try await rules(as: principal)
    }
}
