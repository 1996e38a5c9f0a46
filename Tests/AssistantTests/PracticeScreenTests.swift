import Foundation
import Knowledge
import Testing

@testable import Assistant

/// A practice's own rules beside the built-in ones.
@Suite("A practice's own rules")
struct PracticeScreenTests {
    private static let crisis = PracticeRule(
        id: "practice.old-mill",
        screen: .crisis,
        source: """
            id: practice.old-mill
            tier: high
            category: suicide
            reason: People here mean a place where several died.
            patterns:
              - "(go|going|went) ..3 old mill"
            hits:
              - i am going to the old mill tonight
            misses:
              - the old mill road is closed
            """
    )
    private static let guardrail = PracticeRule(
        id: "practice.lottery",
        screen: .guardrails,
        source: """
            id: practice.lottery
            action: refuse
            category: offtopic
            reason: Not about care.
            patterns: ["lottery numbers"]
            hits: ["what are the lottery numbers"]
            misses: ["I won the lottery and feel strange"]
            """
    )

    private func prompts() throws -> Prompts { try RepositoryAssistant.assistant.prompts }

    @Test func `they find what they say, under a version of their own, and only they are added`() throws {
        let prompts = try prompts()
        let own = try prompts.adding([Self.crisis, Self.guardrail], version: 3)
        #expect(own.version.hasPrefix(prompts.version + ".p3-"))
        #expect(own.rules.count == prompts.rules.count + 2)
        let text = "going to old mill"
        #expect(CrisisScreen(prompts).screen(text).tier == CrisisTier.none)
        let finding = CrisisScreen(own).screen(text)
        #expect(finding.tier == .high && finding.alert)
        #expect(finding.matches.map(\.ruleID) == ["practice.old-mill"])
        #expect(finding.ruleSetVersion == own.version)
        #expect(GuardrailScreen(own).check("tell me the lottery numbers").contains { $0.ruleID == "practice.lottery" })
        #expect(
            !GuardrailScreen(prompts).check("tell me the lottery numbers").contains { $0.ruleID == "practice.lottery" }
        )
        #expect(own.practiceRules(on: text) == ["practice.old-mill"])
        // The same rules give the same version, in whatever order they come.
        #expect(try prompts.adding([Self.guardrail, Self.crisis], version: 3).version == own.version)
        #expect(prompts.check([Self.crisis, Self.guardrail]).allSatisfy { $0.severity == .warning })
    }

    /// A rule that tries everything to get in the way: words that look like misspelt ones, a rule about somebody else, low tiers.
    private static let unhelpful = PracticeRule(
        id: "practice.unhelpful",
        screen: .crisis,
        source: """
            id: practice.unhelpful
            tier: support
            category: suicide
            subject: third
            reason: None.
            patterns: ["kil", "kll", "suicde", "myslef", "want ..3 die", "kill ..3 myself", "end ..3 life", "lol|jk"]
            hits: ["kil"]
            misses: ["hello"]
            """
    )

    @Test func `no rule of a practice takes anything away from what the built-in ones find`() throws {
        let prompts = try prompts()
        let own = try prompts.adding([Self.unhelpful, Self.crisis, Self.guardrail], version: 1)
        let (before, after) = (CrisisScreen(prompts), CrisisScreen(own))
        var texts = prompts.rules.filter { $0.screen == .crisis }.flatMap { $0.hits + $0.misses }.map(\.text)
        texts += ["i want to kil myslef", "im gonna kll myself lol jk", "i wnat to die", "suicde is on my mind"]
        for text in texts {
            let (old, new) = (before.screen(text), after.screen(text))
            #expect(new.tier >= old.tier, "\(text)")
            #expect(new.alert || !old.alert, "\(text)")
            #expect(new.matches.filter { !$0.isPractice } == old.matches, "\(text)")
            if old.alert, old.subject == .writer { #expect(new.subject == .writer, "\(text)") }
        }
        for text in prompts.rules.filter({ $0.screen == .guardrails }).flatMap({ $0.hits + $0.misses }).map(\.text) {
            let old = GuardrailScreen(prompts).check(text).map(\.ruleID)
            let new = GuardrailScreen(own).check(text).map(\.ruleID).filter { !$0.hasPrefix(PracticeRule.prefix) }
            #expect(old == new, "\(text)")
        }
    }

    @Test func `nor does it put a lesser risk in a graver one's place in the memory of a conversation`() throws {
        let own = CrisisScreen(try prompts().adding([Self.unhelpful], version: 1))
        let builtIn = CrisisScreen(try prompts())
        var states = (ConversationState(), ConversationState())
        for text in ["i want to kill myself", "kil the lights please", "i didn't mean it"] {
            let old = builtIn.screen(text, state: states.0)
            let new = own.screen(text, state: states.1)
            #expect(new.tier >= old.tier, "\(text)")
            states = (builtIn.remember(old, text: text, in: states.0), own.remember(new, text: text, in: states.1))
            #expect(states.1.lastRiskTier >= states.0.lastRiskTier)
        }
    }

    private static func rule(_ change: (String) -> String, id: String = "practice.old-mill") -> PracticeRule {
        PracticeRule(id: id, screen: .crisis, source: change(crisis.source))
    }

    private static let faulty: [(name: String, rule: PracticeRule)] = [
        (
            "a built-in id",
            rule({ $0.replacing("practice.old-mill", with: "suicide.kill-self") }, id: "suicide.kill-self")
        ),
        ("another id inside", rule({ $0.replacing("id: practice.old-mill", with: "id: practice.other") })),
        ("no reason", rule({ $0.replacing("reason:", with: "note:") })),
        ("no misses", rule({ String($0[..<($0.firstRange(of: "misses")?.lowerBound ?? $0.endIndex)]) })),
        ("an unknown tier", rule({ $0.replacing("tier: high", with: "tier: none") })),
        ("an unknown category", rule({ $0.replacing("suicide", with: "weather") })),
        ("an unknown class", rule({ $0.replacing("old mill\"", with: "<nowhere>\"") })),
        ("contexts", rule({ $0 + "\ncontexts: {idiom: [\"kill myself\"]}" })),
        ("a second rule", rule({ $0 + "\n- id: practice.second" })),
        ("no YAML", rule({ _ in "id: [" })),
        ("empty", rule({ _ in "" })),
        ("an alias", rule({ $0.replacing("patterns:", with: "patterns: &a") })),
        (
            "too many phrases",
            rule({
                $0.replacing("(go|", with: "(a|b|c|d|e|f) (a|b|c|d|e|f) (a|b|c|d|e|f) (a|b|c|d|e|f) (a|b|c|d|e|f) (go|")
            })
        ),
        ("huge", rule({ $0 + String(repeating: "#", count: PracticeRule.longestSource) })),
        (
            "guardrail that allows",
            PracticeRule(
                id: "practice.lottery",
                screen: .guardrails,
                source: guardrail.source.replacing("refuse", with: "allow")
            )
        ),
        ("crisis with an action", rule({ $0.replacing("tier: high", with: "action: allow") })),
    ]

    @Test(arguments: faulty)
    func `a faulty rule is refused with what is wrong with it`(_ name: String, _ rule: PracticeRule) throws {
        #expect(throws: KnowledgeError.self, "\(name)") { try prompts().adding([rule], version: 1) }
        let findings = try prompts().check([rule])
        #expect(findings.contains { $0.severity == .error && !$0.remedy.isEmpty }, "\(name)")
    }

    @Test func `an example that does not come out as written is told`() throws {
        let wrong = Self.rule { $0.replacing("the old mill road is closed", with: "we went to the old mill") }
        let findings = try prompts().check([wrong])
        #expect(findings.contains { $0.severity == .error && $0.message.contains("we went to the old mill") })
    }
}
