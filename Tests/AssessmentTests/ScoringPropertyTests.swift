import Testing

@testable import Assessment

@Suite("Properties of scoring")
struct ScoringPropertyTests {
    static let codes = ["PHQ-9", "GAD-7", "PCL-5", "Session check-in"]

    /// Instruments with every method, conditions and prorating.
    static func instruments() throws -> [Instrument] {
        let mixed = invented(
            """
            scores:
              - id: total
                title: T
                method: formula
                formula: max(sum, round(mean * 3)) - min(top, 2) / 4
              - {id: sum, title: S, method: sum, items: 1-5, reverse: 2, missing: {prorate_up_to: 2, never: 1, rounding: nearest}}
              - {id: mean, title: M, method: mean, items: 1-6, missing: {prorate_up_to: 1}}
              - {id: top, title: H, method: highest, items: 3-6, weights: {4: -1, 5: 2}}
              - {id: often, title: C, method: count, items: all, at_least: 2}
              - {id: weighted, title: W, method: weighted, items: 2-4, weights: {2: -1.5, 3: 0.25}}
            """,
            itemLines: """
                  - {id: 1, text: A, options: steps}
                  - {id: 2, text: B, options: steps}
                  - {id: 3, text: C, options: steps, show_when: {items: 1, from: 2}}
                  - {id: 4, text: D, options: steps}
                  - {id: 5, text: E, options: steps, show_when: {any: [{items: 3, to: 1}, {not: {items: 2-4, from: 3, at_least: 1}}]}}
                  - {id: 6, text: F, options: steps}
                """
        )
        return try codes.map { try Shipped.instrument($0) } + [instrument(mixed)]
    }

    private func randomAnswers(_ instrument: Instrument, missing: Double, _ random: inout Seeded) -> Responses {
        var responses = Responses()
        for item in instrument.items where Double.random(in: 0..<1, using: &random) >= missing {
            if let option = item.options.randomElement(using: &random) {
                responses.values[item.id] = .value(option.value)
            }
        }
        return responses
    }

    @Test(arguments: [0.0, 0.1, 0.5])
    func `no score leaves its range, and a value is always possible`(missing: Double) throws {
        var random = Seeded(state: 1)
        for instrument in try Self.instruments() {
            let scorer = Scorer(instrument)
            for _ in 0..<500 {
                let report = try #require(scorer.score(randomAnswers(instrument, missing: missing, &random)).report)
                for scale in report.scales {
                    #expect(scale.possible.min >= scale.range.min && scale.possible.max <= scale.range.max)
                    #expect(scale.possible.min <= scale.possible.max)
                    if let value = scale.value {
                        #expect(scale.range.contains(value))
                        #expect(scale.possible.contains(value))
                        if scale.missing == 0 { #expect(scale.possible == ScoreRange(min: value, max: value)) }
                    } else {
                        #expect(scale.missing > 0)
                    }
                }
            }
        }
    }

    @Test func `one more answer never leads out of what was possible before`() throws {
        var random = Seeded(state: 2)
        for instrument in try Self.instruments() {
            let scorer = Scorer(instrument)
            for _ in 0..<500 {
                var responses = randomAnswers(instrument, missing: 0.7, &random)
                var before = try #require(scorer.score(responses).report)
                for item in instrument.items.shuffled(using: &random) where responses.values[item.id] == nil {
                    guard let option = item.options.randomElement(using: &random) else { continue }
                    responses.values[item.id] = .value(option.value)
                    let after = try #require(scorer.score(responses).report)
                    for (old, new) in zip(before.scales, after.scales) {
                        #expect(old.possible.min <= new.possible.min && new.possible.max <= old.possible.max)
                        if let value = new.value { #expect(old.possible.contains(value)) }
                        if old.value == nil, let band = old.band { #expect(new.band == band) }
                    }
                    for (old, new) in zip(before.criteria, after.criteria) where old.met != nil {
                        #expect(old.met == new.met)
                    }
                    before = after
                }
            }
        }
    }

    @Test func `the order of the answers does not matter`() throws {
        var random = Seeded(state: 3)
        for instrument in try Self.instruments() {
            let scorer = Scorer(instrument)
            for _ in 0..<100 {
                let responses = randomAnswers(instrument, missing: 0.2, &random)
                var shuffled = Responses()
                for (id, answer) in responses.values.shuffled(using: &random) { shuffled.values[id] = answer }
                #expect(scorer.score(responses) == scorer.score(shuffled))
            }
        }
    }

    @Test func `unanswered and not named are the same`() throws {
        var random = Seeded(state: 4)
        for instrument in try Self.instruments() {
            let scorer = Scorer(instrument)
            for _ in 0..<100 {
                let responses = randomAnswers(instrument, missing: 0.4, &random)
                var spelled = responses
                for item in instrument.items where spelled.values[item.id] == nil {
                    spelled.values[item.id] = .unanswered
                }
                #expect(scorer.score(responses) == scorer.score(spelled))
            }
        }
    }

    @Test func `a PHQ-9 sum is the sum of its nine answers`() throws {
        var random = Seeded(state: 5)
        let scorer = try Shipped.scorer("PHQ-9")
        for _ in 0..<500 {
            let values = (0..<9).map { _ in Int.random(in: 0...3, using: &random) }
            let report = scorer.score(Responses(values)).report
            #expect(report?.total?.value == Double(values.reduce(0, +)))
            let symptoms = values[..<8].count { $0 >= 2 } + (values[8] >= 1 ? 1 : 0)
            let hasCore = values[0] >= 2 || values[1] >= 2
            #expect(report?.criterion("major_depressive_syndrome") == (hasCore && symptoms >= 5))
            #expect(report?.criterion("other_depressive_syndrome") == (hasCore && (2...4).contains(symptoms)))
            #expect(report?.flags.isEmpty == (values[8] == 0))
        }
    }
}
