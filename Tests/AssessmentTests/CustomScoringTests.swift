import Testing

@testable import Assessment

/// Features that licensed instruments need, on invented wording.
@Suite("Scoring of other instruments")
struct CustomScoringTests {
    private func score(_ sections: String, _ answers: [Int?], items: Int = 4, itemLines: String = "") throws
        -> ScoreReport?
    {
        Scorer(try instrument(invented(sections, items: items, itemLines: itemLines))).score(Responses(answers)).report
    }

    @Test(arguments: [([0, 0, 0, 0], 6.0), ([3, 3, 3, 3], 6.0), ([3, 0, 0, 3], 12.0), ([0, 3, 3, 0], 0.0)])
    func `reversed items are turned round`(answers: [Int], total: Double) throws {
        let scores = "scores: [{id: total, title: T, method: sum, items: 1-4, reverse: 2-3, range: {from: 0, to: 12}}]"
        #expect(try score(scores, answers)?.total?.value == total)
    }

    @Test func `a short form is doubled`() throws {
        let scores = """
            scores:
              - id: total
                title: T
                method: sum
                items: all
                multiply: 2
                bands:
                  - {id: normal, label: Normal, from: 0, to: 9}
                  - {id: raised, label: Raised, from: 10, to: 24}
            """
        #expect(try score(scores, [2, 1, 1, 0])?.total?.band?.code == "normal")
        let report = try score(scores, [2, 1, 1, 1])
        #expect(report?.total?.value == 10)
        #expect(report?.total?.band?.code == "raised")
        #expect(try score(scores, [1, nil, 0, 0])?.total?.possible == ScoreRange(min: 2, max: 8))
    }

    static let triage = """
        scores:
          - id: total
            title: Concern
            method: highest
            items: all
            weights: {1: 1, 2: 1, 3: 2, 4: 3}
            bands:
              - {id: none, label: None, from: 0, to: 0}
              - {id: low, label: Low, from: 1, to: 1}
              - {id: moderate, label: Moderate, from: 2, to: 2}
              - {id: high, label: High, from: 3, to: 3}
        flags:
          - {id: gravest, item: 4, from: 1, level: critical, reason: Said yes to the gravest question}
        """

    static let yesNo = (1...4).map { id in
        "  - {id: \(id), text: Invented yes or no \(id), options: [{value: 0, label: No}, {value: 1, label: Yes}]}"
    }.joined(separator: "\n")

    @Test(arguments: [
        ([0, 0, 0, 0], "none"), ([1, 0, 0, 0], "low"), ([1, 1, 0, 0], "low"), ([0, 1, 1, 0], "moderate"),
        ([0, 0, 0, 1], "high"), ([1, 1, 1, 1], "high"),
    ])
    func `a triage goes by the gravest yes`(answers: [Int], band: String) throws {
        let text = invented(Self.triage, itemLines: Self.yesNo).replacing(
            "options:\n  steps:",
            with: "options:\n  unused:"
        )
        let report = Scorer(try instrument(text)).score(Responses(answers)).report
        #expect(report?.total?.band?.code == band)
        #expect(report?.flags.first?.level == (answers[3] == 1 ? .critical : nil))
    }

    @Test func `an incomplete triage is certain once the gravest answer is there`() throws {
        let scorer = Scorer(try instrument(invented(Self.triage, itemLines: Self.yesNo)))
        let report = scorer.score(Responses([nil, nil, nil, 1])).report
        #expect(report?.total?.value == nil)
        #expect(report?.total?.band?.code == "high")
    }

    @Test func `where higher is better a cut point lies below`() throws {
        let sections = """
            scores: [{id: total, title: T, method: sum, items: all, multiply: 5}]
            cut_points: [{id: poor, title: Poor, below: 30, source: Invented}]
            """
        let made = try instrument(invented(sections, direction: "higher is better"))
        #expect(Scorer(made).score(Responses([2, 2, 1, 0])).report?.cutPoints.first?.met == true)
        #expect(Scorer(made).score(Responses([2, 2, 1, 1])).report?.cutPoints.first?.met == false)
    }

    @Test func `count, weights and mean`() throws {
        let scores = """
            scores:
              - {id: total, title: T, method: count, items: all, at_least: 2}
              - {id: weighted, title: W, method: weighted, items: 1-2, weights: {1: 0.5, 2: 2}}
              - {id: mean, title: M, method: mean, items: 1-3}
            """
        let report = try score(scores, [2, 1, 3, 0])
        #expect(report?.scales.map(\.value) == [2, 3, 2])
        #expect(try score(scores, [1, 1, 0, 0])?.scale("mean")?.value == 0.67)
    }

    // MARK: - Formulas

    @Test(arguments: [
        ("a + b * 2", 7.0), ("(a + b) * 2", 8.0), ("a - b - 1", -3.0), ("-a + 6 / b", 1.0), ("min(a, b, 2)", 1.0),
        ("max(a, 2) / 4", 0.5), ("round(b / 2)", 2.0), ("min(1, max(0, a * 100))", 1.0), ("a / 3", 0.33),
    ])
    func `formulas compute`(formula: String, value: Double) throws {
        let scores = """
            scores:
              - {id: total, title: T, method: sum, items: all}
              - {id: a, title: A, method: sum, items: 1}
              - {id: b, title: B, method: sum, items: 2}
              - {id: f, title: F, method: formula, formula: "\(formula)", range: {from: -100, to: 100}}
            """
        #expect(try score(scores, [1, 3, 0, 0])?.scale("f")?.value == value)
    }

    static let ratio = """
        scores:
          - {id: total, title: T, method: sum, items: all}
          - {id: a, title: A, method: sum, items: 1}
          - {id: b, title: B, method: sum, items: 2}
          - {id: ratio, title: R, method: formula, formula: a / b, range: {from: 0, to: 3}}
        """

    @Test func `division by zero gives no value, and the rest is scored`() throws {
        let report = try score(Self.ratio, [3, 0, 1, 1])
        #expect(report?.total?.value == 5)
        #expect(report?.scale("ratio")?.value == nil)
        #expect(report?.scale("ratio")?.missing == 0)
        #expect(try score(Self.ratio, [3, 2, 1, 1])?.scale("ratio")?.value == 1.5)
    }

    @Test func `a formula on an incomplete form gives an interval`() throws {
        let scores = """
            scores:
              - {id: total, title: T, method: formula, formula: a - b}
              - {id: a, title: A, method: sum, items: 1-2}
              - {id: b, title: B, method: sum, items: 3-4}
            """
        let report = try score(scores, [3, nil, 1, 0])
        #expect(report?.total?.value == nil)
        #expect(report?.total?.possible == ScoreRange(min: 2, max: 5))
        #expect(report?.total?.missing == 1 && report?.total?.answered == 3)
    }

    // MARK: - Missing answers

    private func prorated(_ rounding: String, _ answers: [Int?]) throws -> ScaleScore? {
        let scores = """
            scores:
              - {id: total, title: T, method: sum, items: all, missing: {prorate_up_to: 2, never: 9, rounding: \(rounding)}}
            """
        return try score(scores, answers, items: 9)?.total
    }

    @Test(arguments: [("nearest", 5.0), ("up", 5.0), ("down", 4.0)])
    func `four points on eight answers prorate as the rounding says`(rounding: String, value: Double) throws {
        let total = try prorated(rounding, [1, 1, 1, 1, 0, 0, 0, nil, 0])
        #expect(total?.value == value)
        #expect(total?.prorated == 1 && total?.missing == 1)
        #expect(total?.possible == ScoreRange(min: 4, max: 7))
    }

    @Test func `a named item is never replaced, nor are more than allowed`() throws {
        #expect(try prorated("nearest", [1, 1, 1, 1, 0, 0, 0, 0, nil])?.value == nil)
        #expect(try prorated("nearest", [1, 1, 1, 1, 0, 0, nil, nil, 0])?.value == 5)
        #expect(try prorated("nearest", [1, 1, 1, 1, 0, nil, nil, nil, 0])?.value == nil)
    }

    // MARK: - Conditions

    static let branching = """
          - {id: 1, text: Gate, options: steps}
          - {id: 2, text: Follow-up, options: steps, show_when: {items: 1, from: 2}}
          - {id: 3, text: Follow-up of the follow-up, options: steps, show_when: {items: 2, from: 1}}
        scores: [{id: total, title: T, method: sum, items: all}]
        """

    @Test(arguments: [
        ([0, nil, nil], 0.0, ["1"], []), ([2, 1, 3], 6.0, ["1", "2", "3"], []), ([2, 0, nil], 2.0, ["1", "2"], []),
        ([0, 3, 3], 0.0, ["1"], ["2", "3"]), ([2, 0, 3], 2.0, ["1", "2"], ["3"]),
    ])
    func `hidden items do not count`(answers: [Int?], total: Double, visible: [String], ignored: [String]) throws {
        let scorer = Scorer(try instrument(invented("", itemLines: Self.branching)))
        let report = scorer.score(Responses(answers)).report
        #expect(report?.total?.value == total)
        #expect(report?.missing == [])
        #expect(report?.ignored == ignored)
        #expect(scorer.visibleItems(Responses(answers)).map(\.id) == visible)
    }

    @Test func `while a condition is open its item widens the interval`() throws {
        let scorer = Scorer(try instrument(invented("", itemLines: Self.branching)))
        let report = scorer.score(Responses([nil, 2, nil])).report
        #expect(report?.total?.value == nil)
        #expect(report?.total?.possible == ScoreRange(min: 0, max: 8))
        #expect(report?.missing == ["1"])
    }

    @Test func `what is shown never hangs on a prorated score, which may still move`() throws {
        let lines = """
              - {id: 1, text: A, options: steps}
              - {id: 2, text: B, options: steps}
              - {id: 3, text: C, options: steps}
              - {id: 4, text: D, options: steps, show_when: {score: base, from: 6}}
            scores:
              - {id: total, title: T, method: sum, items: all}
              - {id: base, title: B, method: sum, items: 1-3, missing: {prorate_up_to: 1, rounding: nearest}}
            """
        let scorer = Scorer(try instrument(invented("", itemLines: lines)))
        let report = scorer.score(Responses([2, 2, nil])).report
        #expect(report?.scale("base")?.value == 6)
        #expect(scorer.visibleItems(Responses([2, 2, nil])).count == 3)
        #expect(report?.total?.possible == ScoreRange(min: 4, max: 10))
        #expect(scorer.visibleItems(Responses([2, 2, 2])).count == 4)
    }

    @Test func `free text is answered by text alone`() throws {
        let scorer = try Shipped.scorer("session check-in")
        var responses = Responses([1, 1, 1, 0])
        responses.values["6"] = .text("More time")
        #expect(scorer.score(responses).report?.answered == 5)
        responses.values["6"] = .text("  ")
        #expect(scorer.score(responses).report?.answered == 4)
        responses.values["6"] = .value(1)
        #expect(
            scorer.score(responses) == .invalid([AnswerError(item: "6", message: "1 is not an answer; write a text")])
        )
    }
}
