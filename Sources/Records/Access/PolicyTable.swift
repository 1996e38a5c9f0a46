public import Store

/// Who may see what, as a table: for each relation (and age tier of a guardian's ward) and each area, which rows each action
/// reaches, and why. Read from `policy.yaml`, which is built into the program; what is not in it is refused.
public struct PolicyTable: Sendable {
    /// One relation's half of the table.
    public struct Row: Sendable, Hashable {
        public let relation: Relation
        /// For guardians only.
        public let tier: AgeTier?

        public init(_ relation: Relation, tier: AgeTier? = nil) {
            self.relation = relation
            self.tier = tier
        }

        /// Every row that a table has to have. A guardian of an adult is none.
        public static let all: [Row] = Relation.allCases.flatMap { relation in
            relation == .guardian
                ? AgeTier.allCases.filter(\.isMinor).map { Row(.guardian, tier: $0) } : [Row(relation)]
        }

        /// `GUARDIAN UNDER_12`.
        public var name: String { ([relation.rawValue] + (tier.map { [$0.rawValue] } ?? [])).joined(separator: " ") }
    }

    /// What a relation may do in an area.
    public struct Cell: Sendable, Hashable {
        /// By action; an action that is not here is refused.
        public let sights: [AccessAction: Sight]
        /// The rule for minors of a practice that has made none.
        public let unlessRuled: GuardianAccess?
        /// Why it is so.
        public let reason: String
    }

    public let version: Int
    let cells: [Row: [DataArea: Cell]]
    /// Who stands behind each row, in words.
    public let who: [Row: String]

    /// Refuses everything.
    static let closed = PolicyTable(version: 0, cells: [:], who: [:])

    public func cell(_ row: Row, in area: DataArea) -> Cell? { cells[row]?[area] }

    /// Which rows of `area` the action reaches; nil for none.
    public func sight(_ row: Row, _ action: AccessAction, in area: DataArea) -> Sight? {
        cell(row, in: area)?.sights[action]
    }
}

/// What those who act for a minor see of an area at an age, by a practice's rule.
public enum GuardianAccess: String, Sendable, Hashable, Codable, CaseIterable, SQLConvertible {
    /// All that the policy opens.
    case full = "FULL"
    /// What is not confidential.
    case partial = "PARTIAL"
    /// That there is something which is not confidential, but not what it says.
    case summary = "SUMMARY"
    case none = "NONE"
}
