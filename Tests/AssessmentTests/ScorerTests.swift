import Testing

@testable import Assessment

@Suite("Scoring")
struct ScorerTests {
    @Test func `every score adds the cluster sums up`() throws {
        let report = try Shipped.scorer("PCL-5").score(Responses((1...20).map { $0 % 5 })).report
        #expect(report?.scale("B")?.value == 10)
        #expect(report?.scale("C")?.value == 3)
        #expect(report?.scale("D")?.value == 17)
        #expect(report?.scale("E")?.value == 10)
        #expect(report?.total?.value == 40)
    }

    @Test func `an incomplete form has no band but the interval of totals`() throws {
        let outcome = try Shipped.scorer("PHQ-9").score(Responses([3, 3, 0, 1, nil, 0, 0, 0, nil]))
        guard case .incomplete(let report) = outcome else {
            Issue.record("not incomplete: \(outcome)")
            return
        }
        #expect(report.total?.value == nil)
        #expect(report.total?.band == nil)
        #expect(report.total?.possible == ScoreRange(min: 7, max: 13))
        #expect(report.total?.answered == 7 && report.total?.missing == 2)
        #expect(report.missing == ["5", "9"])
        #expect(report.unknownFlags == ["self_harm_thoughts"])
        #expect(report.flags.isEmpty)
    }

    @Test func `an incomplete form has a band when every possible total lies in it`() throws {
        let report = try Shipped.scorer("PHQ-9").score(Responses([3, 3, 3, 3, 3, 3, 3, nil, 0])).report
        #expect(report?.total?.value == nil)
        #expect(report?.total?.band?.code == "severe")
        #expect(report?.cutPoints.first?.met == true)
    }

    @Test func `an empty form is incomplete and everything is open`() throws {
        let report = try Shipped.scorer("PHQ-9").score(Responses()).report
        #expect(report?.total?.possible == ScoreRange(min: 0, max: 27))
        #expect(report?.missing.count == 9)
        #expect(report?.answered == 0)
        #expect(report?.criteria.allSatisfy { $0.met == nil } == true)
    }

    @Test(arguments: [1, 2, 3])
    func `item 9 alone raises a flag`(value: Int) throws {
        let responses = Responses(["9": .value(value)])
        let outcome = try Shipped.scorer("PHQ-9").score(responses)
        #expect(outcome.report?.flags.map(\.id) == ["self_harm_thoughts"])
        #expect(outcome.report?.flags.first?.level == .high)
        #expect(outcome.report?.flags.first?.value == value)
        #expect(outcome.report?.unknownFlags == [])
    }

    @Test func `item 9 answered with 0 raises nothing`() throws {
        let report = try Shipped.scorer("PHQ-9").score(Responses([3, 3, 3, 3, 3, 3, 3, 3, 0])).report
        #expect(report?.flags == [] && report?.unknownFlags == [])
    }

    @Test func `a fault elsewhere in the form does not hide item 9`() throws {
        let scorer = try Shipped.scorer("PHQ-9")
        let responses = Responses(["1": .value(7), "9": .value(2)])
        #expect(scorer.score(responses).report == nil)
        #expect(scorer.flags(responses).raised.map(\.item) == ["9"])
        #expect(ScoreDocument(responses, scorer: scorer).flags.map(\.item) == ["9"])
    }

    @Test(arguments: [
        (["3": Answer.value(4)], "3", "4 is not an answer; choose a whole number from 0 to 3"),
        (["3": .value(-1)], "3", "-1 is not an answer; choose a whole number from 0 to 3"),
        (["3": .value(.max)], "3", "9223372036854775807 is not an answer; choose a whole number from 0 to 3"),
        (["3": .text("2")], "3", "the text \"2\" is not an answer; choose a whole number from 0 to 3"),
        (["3": .malformed("2.0")], "3", "2.0 is not an answer; choose a whole number from 0 to 3"),
        (["11": .value(1)], "11", "PHQ-9 has no item 11"), (["01": .value(1)], "01", "PHQ-9 has no item 01"),
        (["": .value(1)], "", "PHQ-9 has no item "),
        (["99999999999999999999": .unanswered], "99999999999999999999", "PHQ-9 has no item 99999999999999999999"),
    ])
    func `a wrong answer is an error that names its item`(values: [String: Answer], item: String, message: String)
        throws
    {
        let outcome = try Shipped.scorer("PHQ-9").score(Responses(values))
        #expect(outcome == .invalid([AnswerError(item: item, message: message)]))
    }

    @Test func `every wrong answer is named, in the order of the form`() throws {
        let responses = Responses(["9": .value(9), "2": .value(5), "x": .value(1), "a": .value(1), "1": .value(1)])
        guard case .invalid(let errors) = try Shipped.scorer("PHQ-9").score(responses) else {
            Issue.record("not invalid")
            return
        }
        #expect(errors.map(\.item) == ["2", "9", "a", "x"])
    }

    // MARK: - Item 10 of the PHQ-9

    private func shown(_ responses: Responses) throws -> Bool {
        try Shipped.scorer("PHQ-9").visibleItems(responses).contains { $0.id == "10" }
    }

    @Test func `item 10 is asked only when the total is above 0`() throws {
        #expect(try shown(Responses([0, 0, 0, 0, 0, 0, 0, 0, 0])) == false)
        #expect(try shown(Responses([0, 0, 0, 0, 0, 0, 0, 0, 1])))
        // As soon as one problem is checked, and not before it is known that none is.
        #expect(try shown(Responses([1])))
        #expect(try shown(Responses([0, 0])) == false)
    }

    @Test func `item 10 is never part of the total, nor needed for it`() throws {
        let scorer = try Shipped.scorer("PHQ-9")
        let without = scorer.score(Responses([1, 1, 1, 1, 1, 1, 1, 1, 1])).report
        let with = scorer.score(Responses([1, 1, 1, 1, 1, 1, 1, 1, 1, 3])).report
        #expect(without?.total == with?.total)
        #expect(without?.total?.value == 9)
        #expect(without?.missing == [])
        #expect(with?.answered == 10)
    }

    @Test func `an answer to an item that is not asked is left out and reported`() throws {
        let report = try Shipped.scorer("PHQ-9").score(Responses([0, 0, 0, 0, 0, 0, 0, 0, 0, 3])).report
        #expect(report?.total?.value == 0)
        #expect(report?.ignored == ["10"])
        #expect(report?.answered == 9)
    }
}
