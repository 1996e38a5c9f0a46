public import Assistant
import Foundation
public import Records
public import Store

/// A rule of a practice in a set, with whether it counts.
public struct WrittenRule: Sendable, Hashable, Codable {
    public let rule: PracticeRule
    /// A rule that is switched off stays in the set and finds nothing.
    public var isOn: Bool
}

/// The set of rules that a practice works on. One per practice.
public struct PracticeRuleDraft: Sendable, Codable {
    public enum State: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case draft = "DRAFT"
        case approved = "APPROVED"
    }

    static let table: SQL.Name = "practice_rule_drafts"

    public var id: ID<PracticeRuleDraft>
    public var practiceID: ID<Practice>
    var rules: String
    /// Version of the set that it began with; nil for a first set.
    public var baseVersion: Int?
    /// Counts the changes, so that two people notice each other.
    public var rev: Int
    public var state: State
    public var reviewerUserID: ID<StaffMember>?
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    /// In the order of their ids.
    public internal(set) var written: [WrittenRule] {
        get { RuleList.read(rules) }
        set { rules = RuleList.write(newValue) }
    }
}

/// A set of a practice's rules that is or was in force.
public struct PracticeRuleVersion: Sendable, Codable {
    static let table: SQL.Name = "practice_rule_sets"

    public var id: ID<PracticeRuleVersion>
    public var practiceID: ID<Practice>
    public var version: Int
    var rules: String
    /// As it is stored with every finding.
    public var rulesVersion: String
    public var publisherUserID: ID<StaffMember>?
    public var reviewerUserID: ID<StaffMember>?
    public var publishedAt: Timestamp
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public var written: [WrittenRule] { RuleList.read(rules) }
}

/// Something that somebody did with a practice's rules.
public struct PracticeRuleHistory: Sendable, Codable {
    public enum Action: String, Sendable, Codable, CaseIterable, SQLConvertible {
        case saved = "SAVED"
        case enabled = "ENABLED"
        case disabled = "DISABLED"
        case removed = "REMOVED"
        case discarded = "DISCARDED"
        case approved = "APPROVED"
        case published = "PUBLISHED"
        case reverted = "REVERTED"
    }

    static let table: SQL.Name = "practice_rule_history"

    public var id: ID<PracticeRuleHistory>
    public var practiceID: ID<Practice>
    /// Nil for what concerns the whole set.
    public var ruleCode: String?
    public var action: Action
    public var version: Int?
    public var userID: ID<StaffMember>?
    public var at: Timestamp
    public var createdAt: Timestamp
    public var updatedAt: Timestamp
}

/// Rules as they are stored.
enum RuleList {
    static func read(_ json: String) -> [WrittenRule] {
        (try? JSONDecoder().decode([WrittenRule].self, from: Data(json.utf8))) ?? []
    }

    static func write(_ rules: [WrittenRule]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let sorted = rules.sorted { $0.rule.id < $1.rule.id }
        return (try? encoder.encode(sorted)).map { String(decoding: $0, as: UTF8.self) } ?? "[]"
    }
}

extension [WrittenRule] {
    /// Those that count.
    var active: [PracticeRule] { filter(\.isOn).map(\.rule) }
    /// Those of the crisis screen that count: what a second person has to agree to when it changes.
    var crisis: Set<PracticeRule> { Set(active.filter { $0.screen == .crisis }) }
}
