import Assistant
import Foundation
import Knowledge
import Portal
import Records

/// A rule in force.
struct RuleDocument: Codable, Sendable, FieldsDescribed {
    let id: String
    let screen: Rule.Screen
    let category: String
    let level: String
    let language: String
    let reason: String
    let hits: [String]
    let misses: [String]
    let file: String
    let line: Int
    let own: Bool

    static let fieldDescriptions = [
        "level": "The tier of a crisis rule, or the action of a guardrail.",
        "hits": "Texts that the rule must find.",
        "misses": "Texts that it must leave alone.",
        "file": "The file that it stands in, within its folder.",
        "own": "Whether it is the practice's own; built-in rules cannot be changed here.",
    ]

    init(_ rule: Rule) {
        id = rule.id
        screen = rule.screen
        category = rule.category
        level = rule.level
        language = rule.language
        reason = rule.reason
        hits = rule.hits.map(\.text)
        misses = rule.misses.map(\.text)
        // Where the program keeps its files is nobody's business.
        file = rule.file.split(separator: "/").last.map(String.init) ?? rule.file
        line = rule.line
        own = rule.id.hasPrefix(PracticeRule.prefix)
    }
}

struct RulesInForceDocument: Codable, Sendable, FieldsDescribed {
    let rulesVersion: String
    let version: Int?
    let faultyVersion: Int?
    let items: [RuleDocument]

    static let fieldDescriptions = [
        "rules_version": "As it is stored with every finding.",
        "version": "Number of the practice's own set; null without one.",
        "faulty_version":
            "A set that was published and can no longer be read, such as after an update; the one before it stays.",
    ]

    init(_ rules: RuleDesk.InForce, screen: Rule.Screen?) {
        rulesVersion = rules.rulesVersion
        version = rules.version
        faultyVersion = rules.faultyVersion
        items = rules.rules.filter { screen == nil || $0.screen == screen }.map(RuleDocument.init)
    }
}

/// A rule of the practice's own as it is written.
struct WrittenRuleDocument: Codable, Sendable {
    let id: String
    let screen: Rule.Screen
    let source: String
    let on: Bool

    init(_ written: WrittenRule) {
        id = written.rule.id
        screen = written.rule.screen
        source = written.rule.source
        on = written.isOn
    }
}

struct RuleRequest: Codable, Sendable, FieldsDescribed {
    let screen: Rule.Screen
    let source: String
    let on: Bool?

    static let fieldDescriptions = [
        "source":
            "The rule as it would stand in a rule file: id, tier or action, category, reason, patterns, hits, misses.",
        "on": "False leaves the rule in the set without counting; true unless said.",
    ]
}

/// The set that is worked on. Its `rev` is its ETag.
struct RuleDraftDocument: Codable, Sendable {
    let rev: Int
    let state: PracticeRuleDraft.State
    let baseVersion: Int?
    let reviewer: ID<StaffMember>?
    let rules: [WrittenRuleDocument]
    let updatedAt: Timestamp

    init(_ draft: PracticeRuleDraft) {
        rev = draft.rev
        state = draft.state
        baseVersion = draft.baseVersion
        reviewer = draft.reviewerUserID
        rules = draft.written.map(WrittenRuleDocument.init)
        updatedAt = draft.updatedAt
    }
}

struct RuleVersionDocument: Codable, Sendable {
    let version: Int
    let rulesVersion: String
    let publisher: ID<StaffMember>?
    let reviewer: ID<StaffMember>?
    let publishedAt: Timestamp
    let rules: [WrittenRuleDocument]

    init(_ version: PracticeRuleVersion) {
        self.version = version.version
        rulesVersion = version.rulesVersion
        publisher = version.publisherUserID
        reviewer = version.reviewerUserID
        publishedAt = version.publishedAt
        rules = version.written.map(WrittenRuleDocument.init)
    }
}

struct RuleHistoryDocument: Codable, Sendable {
    let rule: String?
    let action: PracticeRuleHistory.Action
    let version: Int?
    let user: ID<StaffMember>?
    let at: Timestamp

    init(_ history: PracticeRuleHistory) {
        rule = history.ruleCode
        action = history.action
        version = history.version
        user = history.userID
        at = history.at
    }
}

/// What is wrong with a rule, and where.
struct RuleFindingDocument: Codable, Sendable {
    let rule: String
    let line: Int
    let severity: CheckDocument.Severity
    let message: String
    let remedy: String

    init(_ finding: Diagnostic) {
        let name = finding.file.split(separator: "/").last.map(String.init) ?? finding.file
        rule = name.replacing(".yaml", with: "")
        line = finding.line
        severity = finding.severity == .error ? .error : .warning
        message = finding.message
        remedy = finding.remedy
    }
}

struct RuleCheckDocument: Codable, Sendable, FieldsDescribed {
    struct Effect: Codable, Sendable, FieldsDescribed {
        let rule: String
        let messages: Int?

        static let fieldDescriptions = [
            "messages": "How many would newly fire; null where fewer than three clients wrote such a message, or none."
        ]
    }

    let blocked: Bool
    let needsApproval: Bool
    let findings: [RuleFindingDocument]
    let rules: Int
    let examples: Int
    let messages: Int
    let effects: [Effect]

    static let fieldDescriptions = [
        "needs_approval": "Whether a second person has to agree, since the crisis screen changes.",
        "examples": "How many examples were run, those of built-in rules among them.",
        "messages": "How many messages of the last thirty days were read.",
    ]

    init(_ report: RuleCheckReport) {
        blocked = report.isBlocked
        needsApproval = report.needsApproval
        findings = report.findings.map(RuleFindingDocument.init)
        rules = report.rules
        examples = report.examples
        messages = report.messages
        effects = report.effects.map { Effect(rule: $0.rule, messages: $0.messages) }
    }
}
