public import Assistant
public import Knowledge
public import Records
import Store

/// The set of rules cannot be used as it is: what is wrong with it. The one in force stays.
public struct FaultyRules: Error, Sendable {
    public let findings: [Diagnostic]
}

/// The draft of the rules was changed since it was loaded.
public struct StaleRules: Error, Sendable {
    /// Nil when there is no draft any more.
    public let current: PracticeRuleDraft?
}

/// The rules of the screens as staff see them, and a practice's own rules on their way into force: written, checked,
/// approved by a second person where they touch the crisis screen, published, and taken back.
///
/// A practice adds to the built-in rules and can switch off its own; nothing here changes a built-in one, and what a
/// practice adds is matched apart from them. Every step is on record with the rule's id.
public struct RuleDesk: Sendable {
    let gate: EditorGate
    let library: ArticleLibrary
    let questions: AskedQuestions

    var shelf: RuleShelf { library.rules }
    var surroundings: Surroundings { gate.surroundings }

    /// Who sees and proposes rules.
    public static let roles: Set<StaffMember.Role> = [.contentEditor, .administrator, .clinician, .supervisor]
    /// Who may agree to a change of crisis rules: somebody who treats.
    public static let approvers: Set<StaffMember.Role> = [.clinician, .supervisor]

    /// What is in force for a practice.
    public struct InForce: Sendable {
        /// As it is stored with every finding.
        public let rulesVersion: String
        /// Number of the practice's own set; nil without one.
        public let version: Int?
        /// A published set that could not be read, whose place the one before it keeps.
        public let faultyVersion: Int?
        /// Every rule that counts, the practice's own last.
        public let rules: [Rule]
    }

    // MARK: - Reading

    public func inForce(as principal: Principal) async throws -> InForce {
        try await open("READ_RULES", as: principal) { _ in }
        let live = shelf.inForce(principal.practiceID)
        return InForce(
            rulesVersion: live.prompts.version,
            version: live.version,
            faultyVersion: live.faultyVersion,
            rules: live.prompts.rules
        )
    }

    /// The draft. Throws `RecordNotFound` without one.
    public func draft(as principal: Principal) async throws -> PracticeRuleDraft {
        try await open("READ_RULE_DRAFT", as: principal) { access in
            guard let draft = try Self.draft(access) else { throw RecordNotFound() }
            return draft
        }
    }

    /// Every set that was ever in force, the latest first.
    public func versions(as principal: Principal) async throws -> [PracticeRuleVersion] {
        try await open("READ_RULE_VERSIONS", as: principal) { try Self.versions($0) }
    }

    /// Who did what with the rules, the latest first.
    public func history(as principal: Principal) async throws -> [PracticeRuleHistory] {
        try await open("READ_RULE_HISTORY", as: principal) { access in
            try access.transaction.fetch(
                PracticeRuleHistory.self,
                """
                SELECT * FROM practice_rule_history WHERE practice_id = \(access.practiceID)
                ORDER BY at DESC, id DESC LIMIT 500
                """
            )
        }
    }

    // MARK: - Writing

    /// Adds a rule to the draft, or changes it there, beginning a draft from what is in force where there is none.
    ///
    /// Throws ``FaultyRules`` for a rule that cannot be read, and ``StaleRules`` when `seen` is no longer the draft's `rev`
    /// (0 for no draft; nil does not ask).
    public func put(_ rule: PracticeRule, isOn: Bool, seen: Int?, as principal: Principal) async throws
        -> PracticeRuleDraft
    {
        do throws(KnowledgeError) {
            _ = try shelf.builtIn.adding([rule], version: 0)
        } catch {
            throw FaultyRules(findings: error.diagnostics)
        }
        return try await change(rule.id, "SAVE_RULE", seen: seen, as: principal) { rules in
            let known = rules.firstIndex { $0.rule.id == rule.id }
            guard let known else {
                guard rules.count < PracticeRule.mostRules else {
                    throw Refusal.conflict("There are \(PracticeRule.mostRules) rules already. Remove one first.")
                }
                rules.append(WrittenRule(rule: rule, isOn: isOn))
                return .saved
            }
            let before = rules[known]
            rules[known] = WrittenRule(rule: rule, isOn: isOn)
            if before.rule == rule, before.isOn != isOn { return isOn ? .enabled : .disabled }
            return .saved
        }
    }

    /// Takes a rule of the practice's own out of the draft. Throws `RecordNotFound` for any other.
    public func remove(_ id: String, seen: Int?, as principal: Principal) async throws -> PracticeRuleDraft {
        try await change(id, "REMOVE_RULE", seen: seen, as: principal) { rules in
            guard let known = rules.firstIndex(where: { $0.rule.id == id }) else { throw RecordNotFound() }
            rules.remove(at: known)
            return .removed
        }
    }

    /// Puts the rules of an earlier version into the draft; they go the way of every other change.
    public func revert(to version: Int, seen: Int?, as principal: Principal) async throws -> PracticeRuleDraft {
        let versions = try await versions(as: principal)
        guard let earlier = versions.first(where: { $0.version == version }) else { throw RecordNotFound() }
        return try await change(nil, "REVERT_RULES", seen: seen, as: principal) { rules in
            rules = earlier.written
            return .reverted
        }
    }

    /// Throws the draft away; what is in force stays.
    public func discard(seen: Int?, as principal: Principal) async throws {
        try await open("DISCARD_RULES", as: principal) { access in
            let draft = try Self.draft(access)
            try Self.require(seen, of: draft)
            guard let draft else { throw RecordNotFound() }
            try access.transaction.execute("DELETE FROM practice_rule_drafts WHERE id = \(draft.id)")
            try note(.discarded, nil, nil, access)
        }
    }

    private func change(
        _ rule: String?,
        _ action: String,
        seen: Int?,
        as principal: Principal,
        _ body: @escaping @Sendable (inout [WrittenRule]) throws -> PracticeRuleHistory.Action
    ) async throws -> PracticeRuleDraft {
        try await open(action, rule, as: principal) { access in
            let known = try Self.draft(access)
            try Self.require(seen, of: known)
            let live = try Self.versions(access).first
            var draft =
                known
                ?? PracticeRuleDraft(
                    id: surroundings.newID(),
                    practiceID: access.practiceID,
                    rules: live?.rules ?? "[]",
                    baseVersion: live?.version,
                    rev: 0,
                    state: .draft,
                    createdAt: access.now,
                    updatedAt: access.now
                )
            let done = try body(&draft.written)
            // What was approved was another set.
            draft.state = .draft
            draft.reviewerUserID = nil
            draft.rev += 1
            draft.updatedAt = access.now
            if known == nil {
                try access.transaction.insert(draft, into: PracticeRuleDraft.table)
            } else {
                try access.transaction.update(draft, in: PracticeRuleDraft.table, where: "id = \(draft.id)")
            }
            try note(done, rule, nil, access)
            return draft
        }
    }

    // MARK: - What the steps have in common

    func open<Result: Sendable>(
        _ action: String,
        _ rule: String? = nil,
        roles: Set<StaffMember.Role> = RuleDesk.roles,
        as principal: Principal,
        _ body: @escaping @Sendable (EditorAccess) throws -> Result
    ) async throws -> Result {
        // An id that the audit does not take is not a rule's.
        let known = rule.flatMap { $0.utf8.count <= 64 && $0.hasPrefix(PracticeRule.prefix) ? $0 : nil }
        return try await gate.open(action, "practice_rules", known, roles: roles, as: principal, body)
    }

    static func draft(_ access: EditorAccess) throws(StoreError) -> PracticeRuleDraft? {
        try access.transaction.fetchOne(
            PracticeRuleDraft.self,
            "SELECT * FROM practice_rule_drafts WHERE practice_id = \(access.practiceID)"
        )
    }

    static func versions(_ access: EditorAccess) throws(StoreError) -> [PracticeRuleVersion] {
        try access.transaction.fetch(
            PracticeRuleVersion.self,
            "SELECT * FROM practice_rule_sets WHERE practice_id = \(access.practiceID) ORDER BY version DESC"
        )
    }

    static func require(_ seen: Int?, of draft: PracticeRuleDraft?) throws(StaleRules) {
        guard let seen, seen != draft?.rev ?? 0 else { return }
        throw StaleRules(current: draft)
    }

    func note(_ action: PracticeRuleHistory.Action, _ rule: String?, _ version: Int?, _ access: EditorAccess) throws {
        try access.transaction.insert(
            PracticeRuleHistory(
                id: surroundings.newID(),
                practiceID: access.practiceID,
                ruleCode: rule,
                action: action,
                version: version,
                userID: access.principal.staffID,
                at: access.now,
                createdAt: access.now,
                updatedAt: access.now
            ),
            into: PracticeRuleHistory.table
        )
    }
}
