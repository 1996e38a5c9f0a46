import Knowledge

/// Runs every rule's own examples.
struct RuleExamples {
    let prompts: Prompts

    func check() -> [Diagnostic] { check(prompts.rules) }

    func check(_ rules: [Rule]) -> [Diagnostic] {
        let screen = CrisisScreen(prompts)
        let guardrails = GuardrailScreen(prompts)
        return rules.flatMap { rule in
            rule.screen == .crisis ? check(rule, crisis: screen) : check(rule, guardrails: guardrails)
        }
    }

    private func check(_ rule: Rule, crisis: CrisisScreen) -> [Diagnostic] {
        let isAlert = CrisisTier(rawValue: rule.level)?.alerts ?? false
        var findings: [Diagnostic] = []
        for example in rule.hits {
            let finding = crisis.screen(example.text)
            let match = finding.matches.first { $0.ruleID == rule.id }
            if match == nil || (isAlert && !(match?.tier.alerts ?? false)) {
                findings.append(
                    fault(
                        rule,
                        example,
                        "is a hit, but the rule \(match.map { "gives only \($0.tier.rawValue) (\($0.notes.joined(separator: ", ")))" } ?? "does not match it")"
                    )
                )
            }
        }
        for example in rule.misses {
            let finding = crisis.screen(example.text)
            if let match = finding.matches.first(where: { $0.ruleID == rule.id }), !isAlert || match.tier.alerts {
                findings.append(
                    fault(
                        rule,
                        example,
                        "is a miss, but the rule matches “\(Self.words(of: example.text, match.range))”"
                    )
                )
            }
        }
        return findings
    }

    private func check(_ rule: Rule, guardrails: GuardrailScreen) -> [Diagnostic] {
        rule.hits.filter { !guardrails.matches($0.text).contains { $0.rule.id == rule.id } }.map {
            fault(rule, $0, "is a hit, but the rule does not match it")
        }
            + rule.misses.filter { guardrails.matches($0.text).contains { $0.rule.id == rule.id } }.map {
                fault(rule, $0, "is a miss, but the rule matches it")
            }
    }

    private func fault(_ rule: Rule, _ example: Rule.Example, _ what: String) -> Diagnostic {
        Diagnostic(
            file: rule.file,
            line: example.line,
            message: "rule \(rule.id): “\(example.text)” \(what)",
            remedy: "Change the patterns, or the example"
        )
    }

    static func words(of text: String, _ range: Range<Int>) -> String {
        String(decoding: Array(text.utf8)[range.clamped(to: 0..<text.utf8.count)], as: UTF8.self)
    }
}
