import Foundation
import Knowledge
import Testing

@testable import Assessment

/// People build on these shapes: a change here breaks their programs.
@Suite("Shapes of the results")
struct DocumentTests {
    private func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    static let small = invented(
        """
        scores:
          - id: total
            title: T
            method: sum
            items: 1-2
            bands:
              - {id: low, label: Low, from: 0, to: 2, client: Few signs., clinician: Low (0-2).}
              - {id: rather_high, label: Rather high, from: 3, to: 6, client: Many signs., clinician: High (3-6).}
          - {id: M, title: M, method: mean, items: 1-2}
        criteria: [{id: pattern, title: P, source: S, rule: {items: 1-2, from: 2, at_least: 1}}]
        cut_points: [{id: cut, title: C, from: 3, source: S}]
        flags: [{id: second, item: 2, from: 2, level: high, reason: Look}]
        """,
        items: 2
    )

    private func document(_ answers: [Int?], id: String? = nil) throws -> String {
        try json(ScoreDocument(Responses(answers), scorer: Scorer(instrument(Self.small)), id: id))
    }

    @Test func `a scored form`() throws {
        #expect(
            try document([1, 2], id: "a") == """
                {"answered":2,"criteria":{"pattern":true},"cut_points":{"cut":{"met":true,"source":"S","value":3}},\
                "engine":"1.0.0","errors":[],"flags":[{"id":"second","item":"2","level":"high","reason":"Look","value":2}],\
                "id":"a","ignored":[],"instrument":"Invented","interpretation":{"client":"Many signs.","clinician":"High (3-6)."},\
                "missing":[],"outcome":"scored","possible":{"max":3,"min":3},"prorated":0,"range":{"max":6,"min":0},\
                "severity":"rather high","severity_code":"rather_high","subscales":{"M":1.5},"total":3,"unknown_flags":[],"version":1}
                """
        )
    }

    @Test func `an incomplete form`() throws {
        #expect(
            try document([1, nil]) == """
                {"answered":1,"criteria":{"pattern":null},"cut_points":{"cut":{"met":null,"source":"S","value":3}},\
                "engine":"1.0.0","errors":[],"flags":[],"ignored":[],"instrument":"Invented","interpretation":null,\
                "missing":["2"],"outcome":"incomplete","possible":{"max":4,"min":1},"prorated":0,"range":{"max":6,"min":0},\
                "severity":null,"severity_code":null,"subscales":{"M":null},"total":null,"unknown_flags":["second"],"version":1}
                """
        )
    }

    @Test func `a form that cannot be scored`() throws {
        #expect(
            try document([4, 3]) == """
                {"answered":0,"criteria":{},"cut_points":{},"engine":"1.0.0","errors":[{"item":"1","message":"4 is not an answer; \
                choose a whole number from 0 to 3"}],"flags":[{"id":"second","item":"2","level":"high","reason":"Look","value":3}],\
                "ignored":[],"instrument":"Invented","interpretation":null,"missing":[],"outcome":"error","possible":null,\
                "prorated":0,"range":{"max":6,"min":0},"severity":null,"severity_code":null,"subscales":{},"total":null,\
                "unknown_flags":[],"version":1}
                """
        )
    }

    @Test func `documents and reports survive JSON`() throws {
        let scorer = try Shipped.scorer("PHQ-9")
        for answers: [Int?] in [[1, 1, 1, 1, 1, 1, 1, 2, 1, 2], [1, nil], []] {
            let document = ScoreDocument(Responses(answers), scorer: scorer, language: "es")
            #expect(try JSONDecoder().decode(ScoreDocument.self, from: JSONEncoder().encode(document)) == document)
            let report = try #require(scorer.score(Responses(answers)).report)
            #expect(try JSONDecoder().decode(ScoreReport.self, from: JSONEncoder().encode(report)) == report)
        }
    }

    @Test func `texts come in the language asked for, names for programs stay`() throws {
        let document = ScoreDocument(
            Responses([1, 1, 1, 1, 1, 0, 0, 0, 1]),
            scorer: try Shipped.scorer("PHQ-9"),
            language: "es"
        )
        #expect(document.severity == "mild")
        #expect(document.interpretation?.client?.hasPrefix("Sus respuestas") == true)
        #expect(document.flags.first?.reason.hasPrefix("Respondió") == true)
    }

    @Test func `a trend`() throws {
        let points = [
            TrendPoint(date: CivilDay(number: 20_000), score: 18, version: 1),
            TrendPoint(date: CivilDay(number: 20_014), score: 8, version: 1),
        ]
        let trend = try Trend.analyze(points, instrument: Shipped.instrument("PHQ-9"))
        #expect(
            try json(TrendDocument(trend).latest) == """
                {"baseline":false,"date":"2024-10-18","from_baseline":-10,"from_previous":-10,"important_improvement":null,\
                "recovered":true,"reliable_change_index":-3.8764,"remission":false,"response":true,"score":8,"severity":"mild",\
                "verdict":"reliable improvement","version":1}
                """
        )
        #expect(
            try json(TrendDocument(trend).baseline) == """
                {"baseline":true,"date":"2024-10-04","from_baseline":null,"from_previous":null,"important_improvement":null,\
                "recovered":null,"reliable_change_index":null,"remission":null,"response":null,"score":18,\
                "severity":"moderately severe","verdict":null,"version":1}
                """
        )
        let whole = try json(TrendDocument(trend))
        for part in [
            "\"direction\":\"higher is worse\"", "\"engine\":\"1.0.0\"", "\"instrument\":\"PHQ-9\"",
            "\"scale\":\"total\"",
            "\"slope\":{\"high\":null,\"low\":null,\"per_week\":-5}", "\"threshold\":5.0563", "\"reliability\":0.89",
            "\"sd\":5.5",
        ] {
            #expect(whole.contains(part), "\(part)")
        }
        #expect(try JSONDecoder().decode(TrendDocument.self, from: Data(whole.utf8)) == TrendDocument(trend))
    }

    @Test func `an empty trend has every key`() throws {
        let trend = try Trend.analyze([], instrument: instrument(Self.small))
        #expect(
            try json(TrendDocument(trend)) == """
                {"baseline":null,"direction":"higher is worse","engine":"1.0.0","instrument":"Invented","latest":null,\
                "reliable_change":null,"scale":"total","segments":[],"slope":null}
                """
        )
    }
}

@Suite("Scoring in batches")
struct BatchScoringTests {
    private func score(_ row: String) throws -> ScoreDocument {
        BatchScoring(library: try Shipped.library()).score(row, line: 7)
    }

    @Test func `a row is scored with its id`() throws {
        let document = try score(#"{"id":"r1","instrument":"phq9","responses":{"1":3,"9":null}}"#)
        #expect(document.id == "r1" && document.outcome == .incomplete && document.instrument == "PHQ-9")
        #expect(document.unknownFlags == ["self_harm_thoughts"])
        #expect(try score(#"{"id":5,"instrument":"GAD-7","version":1,"responses":[0,1,2,3,0,1,2]}"#).total == 9)
    }

    @Test(
        arguments: [
            ("nonsense", nil, nil, "line 7: not valid JSON: a JSON value was expected"),
            ("[]", nil, nil, "line 7: the row is a list, not an object"),
            (#"{"id":"a"}"#, "a", nil, "line 7: \"instrument\" is missing or not a text"),
            (#"{"id":"a","instrument":"X","responses":{}}"#, "a", nil, "line 7: there is no such instrument \"X\""),
            (
                #"{"id":"a","instrument":"PHQ-9","version":9,"responses":{}}"#, "a", nil,
                "line 7: there is no such instrument \"PHQ-9\""
            ),
            (#"{"id":"a","instrument":"PHQ-9"}"#, "a", nil, "line 7: \"responses\" is missing"),
            (
                #"{"id":"a","instrument":"PHQ-9","responses":3}"#, "a", nil,
                "line 7: the answers are 3, not a list or an object"
            ),
            (
                #"{"id":"a","instrument":"PHQ-9","responses":{"1":"2"}}"#, "a", "1",
                "line 7: the text \"2\" is not an answer; choose a whole number from 0 to 3"
            ),
            (
                #"{"id":"a","instrument":"PHQ-9","answers":{}}"#, "a", nil,
                "line 7: unknown key \"answers\"; known are id, instrument, version, responses"
            ),
            (#"{"id":"a","id":"b","instrument":"PHQ-9","responses":{}}"#, "a", nil, "line 7: a key stands there twice"),
            (
                #"{"id":[],"instrument":"PHQ-9","responses":{}}"#, nil, nil,
                "line 7: \"id\" is neither a text nor a whole number"
            ),
        ] as [(String, String?, String?, String)]
    )
    func `a faulty row is an error with its line`(row: String, id: String?, item: String?, message: String) throws {
        let document = try score(row)
        #expect(document.outcome == .error)
        #expect(document.id == id)
        #expect(document.errors == [AnswerError(item: item, message: message)])
    }
}
