import Assistant
import Foundation
import Knowledge
import Portal
import Records
import Store
import Support
import Testing

/// A practice's own rules, from the draft into force.
@Suite("A practice's own rules, from draft to force")
struct PracticeRuleTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private var edda: Principal { test.people.editor.principal }
    private var cora: Principal { test.people.clinician.principal }
    private var otto: Principal { test.people.otherClinician.principal }
    private var rules: RuleDesk { test.portal.rules }

    private static func mill(_ tier: String = "high") -> PracticeRule {
        PracticeRule(
            id: "practice.old-mill",
            screen: .crisis,
            source: """
                id: practice.old-mill
                tier: \(tier)
                category: suicide
                reason: People here mean a place where several died.
                patterns: ["(go|going|went) ..3 old mill"]
                hits: ["i am going to the old mill tonight"]
                misses: ["the old mill road is closed"]
                """
        )
    }

    private static let lottery = PracticeRule(
        id: "practice.lottery",
        screen: .guardrails,
        source: """
            id: practice.lottery
            action: refuse
            category: offtopic
            reason: Not about care.
            patterns: ["lottery numbers"]
            hits: ["what are the lottery numbers"]
            misses: ["I won the lottery"]
            """
    )

    private func tell(_ text: String, as client: TestClient? = nil) async throws -> ChatService.Answer {
        let client = client ?? test.people.client
        let chat = try await test.portal.chat.open(for: client.id, as: client.principal, locale: "en")
        return try await test.portal.chat.send(text, to: chat.id, nonce: nil, of: client.id, as: client.principal)
    }

    private func tier(_ text: String) async throws -> CrisisTier {
        try await tell(text).reply.crisis?.tier ?? CrisisTier.none
    }

    private func inForce() async throws -> RuleDesk.InForce { try await rules.inForce(as: edda) }

    @Test func `a crisis rule goes into force when a second person who treats agrees, without a restart`() async throws
    {
        #expect(try await inForce().version == nil)
        let builtIn = try await inForce().rulesVersion
        let draft = try await rules.put(Self.mill(), isOn: true, seen: 0, as: edda)
        #expect(draft.state == .draft && draft.rev == 1)
        // A draft finds nothing.
        #expect(try await tier("going to old mill") == CrisisTier.none)
        let report = try await rules.check(as: edda)
        #expect(!report.isBlocked && report.needsApproval, "\(report.findings)")
        #expect(report.examples > 300)
        await #expect(throws: Refusal.self) { try await rules.publish(seen: nil, as: edda) }
        // Neither who wrote it nor who does not treat may agree.
        await #expect(throws: AccessDenied.self) { try await rules.approve(seen: nil, as: edda) }
        _ = try await rules.put(Self.mill("elevated"), isOn: true, seen: 1, as: cora)
        await #expect(throws: Refusal.self) { try await rules.approve(seen: nil, as: cora) }
        let approved = try await rules.approve(seen: 2, as: otto)
        #expect(approved.state == .approved)
        let version = try await rules.publish(seen: 3, as: edda)
        #expect(version.version == 1 && version.reviewerUserID == test.people.otherClinician.id)

        let answer = try await tell("going to old mill")
        #expect(answer.reply.crisis?.tier == .elevated)
        #expect(answer.reply.crisis?.ruleSetVersion == version.rulesVersion)
        #expect(try await test.alerts().count == 1)
        let stored = try await test.portal.database.read { transaction in
            try transaction.rows("SELECT rule_codes, rules_version FROM crisis_events").map { row in
                (try row.get("rule_codes") as String, try row.get("rules_version") as String)
            }
        }
        #expect(stored.map(\.0) == ["practice.old-mill"] && stored.map(\.1) == [version.rulesVersion])
        #expect(version.rulesVersion.hasPrefix(builtIn + ".p1-"))
        // The neighbor's clients are read with the built-in rules alone, and the set is there after a restart.
        #expect(try await rules.inForce(as: test.neighbors.administrator.principal).version == nil)
        let again = try await test.openAgain()
        defer { try? again.close() }
        #expect(try await again.rules.inForce(as: edda).version == 1)
    }

    @Test func `a change after the approval needs another, and taking a crisis rule away does as well`() async throws {
        _ = try await rules.put(Self.mill(), isOn: true, seen: nil, as: edda)
        _ = try await rules.approve(seen: nil, as: cora)
        _ = try await rules.put(Self.mill("elevated"), isOn: true, seen: nil, as: edda)
        await #expect(throws: Refusal.self) { try await rules.publish(seen: nil, as: edda) }
        _ = try await rules.approve(seen: nil, as: cora)
        _ = try await rules.publish(seen: nil, as: edda)

        _ = try await rules.put(Self.mill("elevated"), isOn: false, seen: nil, as: edda)
        await #expect(throws: Refusal.self) { try await rules.publish(seen: nil, as: edda) }
        _ = try await rules.approve(seen: nil, as: cora)
        _ = try await rules.publish(seen: nil, as: edda)
        #expect(try await tier("going to old mill") == CrisisTier.none)

        // Back again, as a version of its own.
        let draft = try await rules.revert(to: 1, seen: 0, as: edda)
        #expect(draft.written.map(\.isOn) == [true])
        await #expect(throws: Refusal.self) { try await rules.publish(seen: nil, as: edda) }
        _ = try await rules.approve(seen: nil, as: cora)
        #expect(try await rules.publish(seen: nil, as: edda).version == 3)
        #expect(try await tell("going to old mill").reply.crisis?.tier == .elevated)
        #expect(try await rules.versions(as: edda).map(\.version) == [3, 2, 1])
    }

    @Test func `a guardrail goes out by itself, and a built-in rule cannot be changed or switched off`() async throws {
        _ = try await rules.put(Self.lottery, isOn: true, seen: nil, as: edda)
        #expect(try await rules.check(as: edda).needsApproval == false)
        _ = try await rules.publish(seen: nil, as: edda)
        #expect(
            try await tell("give me the lottery numbers").reply.guardrails.map(\.ruleID).contains("practice.lottery")
        )
        for id in ["suicide.kill-self", "medication.dose"] {
            let rule = PracticeRule(
                id: id,
                screen: .crisis,
                source: Self.mill().source.replacing("practice.old-mill", with: id)
            )
            await #expect(throws: FaultyRules.self) { try await rules.put(rule, isOn: false, seen: nil, as: edda) }
            await #expect(throws: RecordNotFound.self) { try await rules.remove(id, seen: nil, as: edda) }
        }
        #expect(try await tier("i want to kill myself") >= CrisisTier.high)
    }

    @Test func `a faulty set is refused and the old one stays`() async throws {
        _ = try await rules.put(Self.lottery, isOn: true, seen: nil, as: edda)
        _ = try await rules.publish(seen: nil, as: edda)
        let before = try await inForce()
        let wrong = PracticeRule(
            id: "practice.lottery",
            screen: .guardrails,
            source: Self.lottery.source.replacing("I won the lottery", with: "the lottery numbers made me rich")
        )
        _ = try await rules.put(wrong, isOn: true, seen: nil, as: edda)
        let report = try await rules.check(as: edda)
        #expect(report.isBlocked && report.findings.contains { $0.message.contains("made me rich") })
        await #expect(throws: FaultyRules.self) { try await rules.publish(seen: nil, as: edda) }
        let unread = PracticeRule(id: "practice.x", screen: .guardrails, source: "id: [")
        await #expect(throws: FaultyRules.self) { try await rules.put(unread, isOn: true, seen: nil, as: edda) }
        #expect(try await inForce().rulesVersion == before.rulesVersion)

        // What another node published and this one cannot read leaves the old one in place, too.
        try await test.execute(
            "UPDATE practice_rule_sets SET version = 7, rules = REPLACE(rules, 'offtopic', 'weather')"
        )
        try await test.portal.articles.refresh()
        let after = try await inForce()
        #expect(after.rulesVersion == before.rulesVersion && after.faultyVersion == 7)
    }

    @Test func `the check counts messages and tells nobody's words`() async throws {
        for client in [test.people.client, test.people.sibling] {
            _ = try await tell("my lottery numbers came", as: client)
        }
        _ = try await rules.put(Self.lottery, isOn: true, seen: nil, as: edda)
        // Of two clients nothing is told, so that a rule is no way to ask what one of them wrote.
        #expect(try await rules.check(as: edda).effects.map(\.messages) == [nil])
        _ = try await tell("the lottery numbers again", as: test.people.stranger)
        let report = try await rules.check(as: edda)
        #expect(report.effects.map(\.messages) == [3] && report.messages == 3)
        #expect(!"\(report)".contains("came"))
        test.clock.advance(.days(31))
        #expect(try await rules.check(as: edda).messages == 0)
        _ = try await rules.publish(seen: nil, as: edda)
    }

    @Test func `two who write notice each other, others are refused, and each rule is on record`() async throws {
        _ = try await rules.put(Self.lottery, isOn: true, seen: 0, as: edda)
        await #expect(throws: StaleRules.self) { try await rules.put(Self.mill(), isOn: true, seen: 0, as: cora) }
        await #expect(throws: AccessDenied.self) {
            try await rules.put(Self.mill(), isOn: true, seen: nil, as: test.people.frontDesk.principal)
        }
        await #expect(throws: AccessDenied.self) { try await rules.inForce(as: test.people.client.principal) }
        test.clock.advance(.minutes(1))
        _ = try await rules.publish(seen: 1, as: edda)
        let audited = try await test.portal.database.read { transaction in
            try transaction.rows("SELECT action FROM audit_log WHERE entity_id = 'practice.lottery' ORDER BY rowid").map
            {
                try $0.get("action") as String
            }
        }
        #expect(audited == ["CONTENT.SAVE_RULE", "CONTENT.RULE_IN_FORCE"])
        #expect(try await rules.history(as: edda).map(\.action) == [.published, .published, .saved])
    }
}
