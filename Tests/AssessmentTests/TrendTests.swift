import Knowledge
import Testing

@testable import Assessment

@Suite("Trends")
struct TrendTests {
    private func points(_ scores: [Double], every days: Int = 7, version: Int = 1) -> [TrendPoint] {
        scores.enumerated().map { TrendPoint(date: CivilDay(number: 20_000 + $0 * days), score: $1, version: version) }
    }

    private func trend(
        _ scores: [Double],
        _ code: String = "PHQ-9",
        options: TrendOptions = TrendOptions()
    ) throws -> Trend {
        try Trend.analyze(points(scores), instrument: try Shipped.instrument(code), options: options)
    }

    @Test(arguments: [
        (5.5, 0.89, 5.06, 6.0), (4.5, 0.92, 3.53, 4.0), (5.59, 0.87, 5.59, 6.0), (12.40, 0.91, 10.31, 11.0),
        (12.40, 0.82, 14.58, 15.0),
    ])
    func `thresholds are those of the published figures`(sd: Double, r: Double, threshold: Double, smallest: Double)
        throws
    {
        let basis = ReliableChangeBasis(id: "x", measure: .index(sd: sd, reliability: r), source: "x")
        let change = try ReliableChange(basis)
        #expect((change.threshold - threshold).magnitude < 0.005)
        #expect(change.verdict(from: 40, to: 40 - smallest, direction: .higherIsWorse) == .improvement)
        #expect(change.verdict(from: 40, to: 40 - smallest + 1, direction: .higherIsWorse) == .none)
        #expect(change.verdict(from: 40, to: 40 + smallest, direction: .higherIsWorse) == .deterioration)
        #expect(change.verdict(from: 40, to: 40 + smallest, direction: .higherIsBetter) == .improvement)
    }

    @Test(arguments: [("PHQ-9", 6.0), ("GAD-7", 6.0), ("PCL-5", 15.0)])
    func `the default of each instrument`(code: String, smallest: Double) throws {
        let latest = try trend([20, 20 - smallest], code).latest?.change
        #expect(latest?.verdict == .improvement)
        #expect(try trend([20, 20 - smallest + 1], code).latest?.change?.verdict == ReliableChange.Verdict.none)
    }

    @Test func `the index is the change over the standard error of the difference`() throws {
        let change = try trend([18, 8]).latest?.change
        // 10 / (5.5 × √2 × √0.11)
        #expect(((change?.index ?? 0) + 3.8764).magnitude < 0.0001)
    }

    @Test(arguments: [("nhs_manual", 6.0), ("intake_alpha", 6.0)])
    func `alternatives are chosen by name`(id: String, smallest: Double) throws {
        let options = TrendOptions(basis: .named(id))
        #expect(try trend([20, 20 - smallest], options: options).latest?.change?.verdict == .improvement)
        #expect(
            try trend([20, 21 - smallest], options: options).latest?.change?.verdict == ReliableChange.Verdict.none
        )
        #expect(throws: TrendError.unknownBasis("none", known: ["intake_alpha", "nhs_manual"])) {
            try trend([1], options: TrendOptions(basis: .named("none")))
        }
    }

    @Test func `response and remission without reliable change`() throws {
        let change = try trend([8, 4]).latest?.change
        #expect(change?.isResponse == true)
        #expect(change?.isRemission == true)
        #expect(change?.verdict == ReliableChange.Verdict.none)
        // 8 was below the caseness cut point, so there is nothing to recover from.
        #expect(change?.isRecovered == nil)
    }

    @Test(arguments: [
        (20.0, 10.0, true, false, false), (20, 11, false, false, false), (12, 9, false, false, true),
        (10, 4, true, true, true),
        (11, 5, true, false, true), (20, 25, false, false, false),
    ])
    func `response, remission and recovery are separate`(
        from: Double,
        to: Double,
        response: Bool,
        remission: Bool,
        recovered: Bool
    ) throws {
        let change = try trend([from, to]).latest?.change
        #expect(change?.isResponse == response)
        #expect(change?.isRemission == remission)
        #expect(change?.isRecovered == recovered)
    }

    @Test func `a baseline that was well already can neither remit nor respond from 0`() throws {
        let change = try trend([0, 3]).latest?.change
        #expect(change?.isRemission == nil && change?.isResponse == nil)
    }

    @Test(arguments: [(20.0, 10.0, true), (20, 11, false)])
    func `the PCL-5 has a minimal important difference`(from: Double, to: Double, isImportant: Bool) throws {
        #expect(try trend([from, to], "PCL-5").latest?.change?.isImportantImprovement == isImportant)
        #expect(try trend([from, to]).latest?.change?.isImportantImprovement == nil)
    }

    // MARK: - Shape of the series

    @Test func `an empty series has no segments`() throws {
        let empty = try trend([])
        #expect(empty.segments.isEmpty && empty.latest == nil)
    }

    @Test func `a single point is its own baseline`() throws {
        let single = try trend([12])
        #expect(single.points.map(\.isBaseline) == [true])
        #expect(single.latest?.change == nil)
        #expect(single.segments.first?.slope == nil)
        #expect(single.latest?.band?.code == "moderate")
    }

    @Test func `an unsorted series is put in order`() throws {
        let instrument = try Shipped.instrument("PHQ-9")
        let ordered = points([20, 15, 9, 4])
        let shuffled = [ordered[2], ordered[0], ordered[3], ordered[1]]
        #expect(try Trend.analyze(shuffled, instrument: instrument) == Trend.analyze(ordered, instrument: instrument))
    }

    @Test func `points of one day keep their order and give no slope`() throws {
        let instrument = try Shipped.instrument("PHQ-9")
        let day = CivilDay(number: 20_000)
        let trend = try Trend.analyze(
            [TrendPoint(date: day, score: 9, version: 1), TrendPoint(date: day, score: 7, version: 1)],
            instrument: instrument
        )
        #expect(trend.points.map(\.score) == [9, 7])
        #expect(trend.points.last?.fromPrevious == -2)
        #expect(trend.segments.first?.slope == nil)
    }

    @Test func `a change of version begins anew`() throws {
        let old = points([20, 18], version: 1)
        let new = points([20, 20, 10, 4], version: 2).dropFirst(2)
        var instrument = try Shipped.instrument("PHQ-9")
        instrument.version = 2
        let trend = try Trend.analyze(old + new, instrument: instrument)
        #expect(trend.segments.map(\.version) == [1, 2])
        #expect(trend.points.map(\.isBaseline) == [true, false, true, false])
        #expect(trend.points.map(\.fromPrevious) == [nil, -2, nil, -6])
        // The figures belong to version 2 only.
        #expect(trend.segments[0].points[1].change?.points == -2)
        #expect(trend.segments[0].points[1].change?.verdict == nil)
        #expect(trend.segments[0].points[1].band == nil)
        #expect(trend.segments[1].points[1].change?.verdict == .improvement)
    }

    @Test func `a chosen baseline counts for what comes after it`() throws {
        let chosen = try trend([5, 20, 12], options: TrendOptions(baseline: .index(1)))
        #expect(chosen.points.map(\.change?.points) == [nil, nil, -8])
        let dated = try trend([5, 20, 12], options: TrendOptions(baseline: .date(CivilDay(number: 20_007))))
        #expect(dated == chosen)
        #expect(throws: TrendError.baselineIndex(3, count: 3)) {
            try trend([5, 20, 12], options: TrendOptions(baseline: .index(3)))
        }
        #expect(throws: TrendError.baselineDate(CivilDay(number: 1))) {
            try trend([5], options: TrendOptions(baseline: .date(CivilDay(number: 1))))
        }
    }

    @Test(arguments: [
        (0.0, 0.8, TrendError.standardDeviation(0)), (-1, 0.8, .standardDeviation(-1)), (5, 1, .reliability(1)),
        (5, 1.2, .reliability(1.2)), (5, -0.1, .reliability(-0.1)), (.infinity, 0.5, .standardDeviation(.infinity)),
    ])
    func `wrong figures are named`(sd: Double, reliability: Double, error: TrendError) {
        #expect(throws: error) {
            try trend([10, 5], options: TrendOptions(basis: .custom(sd: sd, reliability: reliability)))
        }
    }

    @Test func `scores that cannot be are errors`() {
        #expect(throws: TrendError.score(28, index: 1, range: ScoreRange(min: 0, max: 27))) { try trend([10, 28]) }
        #expect(throws: TrendError.self) { try trend([.nan]) }
        #expect(throws: TrendError.self) { try trend([.infinity]) }
        #expect(throws: TrendError.unknownScale("B")) {
            try Trend.analyze([], instrument: try Shipped.instrument("PHQ-9"), scale: "B")
        }
        #expect(throws: TrendError.tooManyPoints(2001)) { try trend([Double](repeating: 1, count: 2001)) }
    }

    @Test func `a subscale has changes but borrows no figures`() throws {
        let trend = try Trend.analyze(points([20, 2]), instrument: try Shipped.instrument("PCL-5"), scale: "B")
        #expect(trend.latest?.change?.points == -18)
        #expect(trend.reliableChange == nil && trend.latest?.change?.verdict == nil)
    }

    // MARK: - Slope

    @Test func `the slope is the median of all slopes, a week`() throws {
        let slope = try #require(try trend([20, 18, 16]).segments.first?.slope)
        #expect(slope.perWeek == -2 && slope.low == nil && slope.high == nil)
        // One odd score does not pull it away.
        #expect(try trend([20, 18, 27, 14, 12]).segments.first?.slope?.perWeek == -2)
    }

    /// Expected values from scipy.stats.theilslopes(scores, weeks, 0.95).
    @Test(arguments: [
        ([20.0, 17, 18, 12, 9, 10], [0, 1, 2, 3, 4, 5], -2.6666666666666665, -4.5, 1.0),
        ([20, 18, 27, 14, 12], [0, 1, 2, 3, 4], -2.0, -13.0, 9.0),
        (
            [20, 15, 15, 12, 9, 10, 7], [0, 2, 2, 3, 5, 8, 9], -1.4722222222222223, -2.6666666666666665,
            -0.8333333333333334
        ),
        ([7, 7, 7, 7, 7], [0, 1, 2, 3, 4], 0, 0, 0),
    ])
    func `from five points on the slope has an interval`(
        scores: [Double],
        weeks: [Int],
        perWeek: Double,
        low: Double,
        high: Double
    ) throws {
        let points = zip(scores, weeks).map {
            TrendPoint(date: CivilDay(number: 20_000 + $1 * 7), score: $0, version: 1)
        }
        let slope = try #require(
            try Trend.analyze(points, instrument: Shipped.instrument("PHQ-9")).segments.first?.slope
        )
        #expect((slope.perWeek - perWeek).magnitude < 1e-9)
        #expect((try #require(slope.low) - low).magnitude < 1e-9)
        #expect((try #require(slope.high) - high).magnitude < 1e-9)
    }

    @Test func `the verdict does not hang on how far apart the points are`() throws {
        var random = Seeded(state: 7)
        let instrument = try Shipped.instrument("PHQ-9")
        for _ in 0..<200 {
            let from = Double(Int.random(in: 0...27, using: &random))
            let to = Double(Int.random(in: 0...27, using: &random))
            let near = try Trend.analyze(points([from, to], every: 1), instrument: instrument).latest?.change
            let far = try Trend.analyze(points([from, to], every: 90), instrument: instrument).latest?.change
            #expect(near == far)
            #expect(
                near?.verdict
                    == (to - from <= -6 ? .improvement : to - from >= 6 ? .deterioration : ReliableChange.Verdict.none)
            )
        }
    }
}
