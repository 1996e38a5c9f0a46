import Assistant
public import Knowledge
public import Records
import Store

/// What the check found in a draft of rules.
public struct RuleCheckReport: Sendable {
    /// How often a rule would fire that does not today.
    public struct Effect: Sendable {
        public let rule: String
        /// Messages of the last thirty days; nil where fewer than three clients wrote any, none among them, so that nobody can
        /// ask by way of a rule what one of them wrote.
        public let messages: Int?
    }

    /// Examples that do not come out as written, and texts on which a rule fires that a built-in one leaves alone.
    public let findings: [Diagnostic]
    /// Rules and examples that were run, the built-in ones among them.
    public let rules: Int
    public let examples: Int
    /// Messages that were read.
    public let messages: Int
    public let effects: [Effect]
    /// Whether a second person has to agree before it is published.
    public let needsApproval: Bool

    public var isBlocked: Bool { findings.contains { $0.severity == .error } }
}

extension RuleDesk {
    private static let memory = Duration.seconds(30 * 86_400)
    private static let mostMessages = 20_000
    private static let fewestClients = 3

    /// Runs every example of every rule with the draft, and reads the messages of the last thirty days with it. Changes
    /// nothing; what it tells of messages are counts.
    public func check(as principal: Principal) async throws -> RuleCheckReport {
        let (draft, live, messages) = try await open("CHECK_RULES", as: principal) { access in
            guard let draft = try Self.draft(access) else { throw RecordNotFound() }
            let messages = try questions.read(for: .ruleCheck, as: principal, in: access.transaction) {
                try $0.messages(since: access.now.adding(.seconds(0) - Self.memory), limit: Self.mostMessages)
            }
            return (draft, try Self.versions(access).first, messages)
        }
        let findings = shelf.builtIn.check(draft.written.active)
        let needsApproval = draft.written.crisis != (live?.written ?? []).crisis
        guard let next = try? shelf.builtIn.adding(draft.written.active, version: 0) else {
            return RuleCheckReport(
                findings: findings,
                rules: 0,
                examples: 0,
                messages: 0,
                effects: [],
                needsApproval: needsApproval
            )
        }
        let now = shelf.prompts(of: principal.practiceID)
        var counts: [String: (messages: Int, clients: Set<ID<Client>>)] = [:]
        for message in messages {
            let before = now.practiceRules(on: message.text)
            for rule in next.practiceRules(on: message.text) where !before.contains(rule) {
                counts[rule, default: (0, [])].messages += 1
                counts[rule]?.clients.insert(message.client)
            }
        }
        let effects = draft.written.active.map { rule -> RuleCheckReport.Effect in
            let count = counts[rule.id] ?? (0, [])
            return .init(rule: rule.id, messages: count.clients.count >= Self.fewestClients ? count.messages : nil)
        }
        return RuleCheckReport(
            findings: findings,
            rules: next.rules.count,
            examples: next.rules.reduce(0) { $0 + $1.hits.count + $1.misses.count },
            messages: messages.count,
            effects: effects,
            needsApproval: needsApproval
        )
    }

    /// Agrees to the draft. Only somebody who treats may, and nobody who changed it (AI-18).
    public func approve(seen: Int?, as principal: Principal) async throws -> PracticeRuleDraft {
        try await requireSound(as: principal)
        return try await open("APPROVE_RULES", roles: Self.approvers, as: principal) { access in
            let known = try Self.draft(access)
            try Self.require(seen, of: known)
            guard var draft = known else { throw RecordNotFound() }
            guard try !hasWritten(access.principal.staffID, draft, access) else {
                throw Refusal.conflict("You changed these rules. Somebody else has to approve them.")
            }
            draft.state = .approved
            draft.reviewerUserID = access.principal.staffID
            draft.rev += 1
            draft.updatedAt = access.now
            try access.transaction.update(draft, in: PracticeRuleDraft.table, where: "id = \(draft.id)")
            try note(.approved, nil, nil, access)
            return draft
        }
    }

    /// Puts the draft in force, here at once and on other nodes within seconds. Throws ``FaultyRules`` for a set whose
    /// examples do not come out as written, and `Refusal.conflict` for a change of crisis rules that nobody else approved;
    /// what is in force stays then.
    public func publish(seen: Int?, as principal: Principal) async throws -> PracticeRuleVersion {
        let sound = try await requireSound(as: principal)
        let published = try await open("PUBLISH_RULES", as: principal) { access in
            let known = try Self.draft(access)
            try Self.require(seen, of: known)
            guard let draft = known, draft.rules == sound.rules else { throw StaleRules(current: known) }
            let live = try Self.versions(access).first
            guard draft.state == .approved || draft.written.crisis == (live?.written ?? []).crisis else {
                throw Refusal.conflict(
                    "This changes what the crisis screen finds. A second person has to approve it first."
                )
            }
            let number = (live?.version ?? 0) + 1
            let version = PracticeRuleVersion(
                id: surroundings.newID(),
                practiceID: access.practiceID,
                version: number,
                rules: draft.rules,
                rulesVersion: try shelf.builtIn.adding(draft.written.active, version: number).version,
                publisherUserID: access.principal.staffID,
                reviewerUserID: draft.reviewerUserID,
                publishedAt: access.now,
                createdAt: access.now,
                updatedAt: access.now
            )
            try access.transaction.insert(version, into: PracticeRuleVersion.table)
            try access.transaction.execute("DELETE FROM practice_rule_drafts WHERE id = \(draft.id)")
            try note(.published, nil, number, access)
            for rule in Self.changed(from: live?.written ?? [], to: draft.written) {
                try note(.published, rule, number, access)
                try gate.audit(rule, "CONTENT.RULE_IN_FORCE", access)
            }
            return version
        }
        try await library.refreshRules()
        return published
    }

    /// The draft, if its examples come out as written.
    @discardableResult
    private func requireSound(as principal: Principal) async throws -> PracticeRuleDraft {
        let draft = try await draft(as: principal)
        let errors = shelf.builtIn.check(draft.written.active).filter { $0.severity == .error }
        guard errors.isEmpty else { throw FaultyRules(findings: errors) }
        return draft
    }

    /// Ids of the rules that came, went or changed.
    private static func changed(from old: [WrittenRule], to new: [WrittenRule]) -> [String] {
        Set(old).symmetricDifference(new).map(\.rule.id).reduce(into: Set()) { $0.insert($1) }.sorted()
    }

    private func hasWritten(_ staff: ID<StaffMember>?, _ draft: PracticeRuleDraft, _ access: EditorAccess) throws
        -> Bool
    {
        try access.transaction.row(
            """
            SELECT id FROM practice_rule_history
            WHERE practice_id = \(access.practiceID) AND user_id = \(staff) AND at >= \(draft.createdAt)
                AND action IN ('SAVED', 'ENABLED', 'DISABLED', 'REMOVED', 'REVERTED')
            LIMIT 1
            """
        ) != nil
    }
}
