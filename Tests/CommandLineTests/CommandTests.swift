import Foundation
import Testing

/// The commands' results have fixed shapes, because practices build on them.
@Suite("Commands")
struct CommandTests {
    private func file(_ text: String, _ suffix: String = "jsonl") throws -> String {
        let url = FileManager.default.temporaryDirectory.appending(path: "bellwether-\(UUID().uuidString).\(suffix)")
        try Data(text.utf8).write(to: url)
        return url.path
    }

    private func json(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    private static let scoreKeys: Set<String> = [
        "answered", "criteria", "cut_points", "engine", "errors", "flags", "ignored", "instrument", "interpretation",
        "missing", "outcome", "possible", "prorated", "range", "severity", "severity_code", "subscales", "total",
        "unknown_flags", "version",
    ]

    @Test func `score answers for one form`() throws {
        let result = try Program().run("score", "PHQ-9", "2,1,2,1,1,2,1,0,1", "--format", "json")
        #expect(result.status == 0)
        let document = try json(result.output)
        #expect(Set(document.keys) == Self.scoreKeys)
        #expect(document["outcome"] as? String == "scored")
        #expect(document["total"] as? Int == 11)
        #expect(document["severity"] as? String == "moderate")
        let flags = try #require(document["flags"] as? [[String: Any]])
        #expect(flags.map { $0["item"] as? String } == ["9"])
        #expect(flags.first.map { Set($0.keys) } == ["id", "item", "value", "level", "reason"])
    }

    @Test func `score reads standard input, and an unanswered item is not a zero`() throws {
        let result = try Program().run("score", "GAD-7", "-", "--format", "json", input: #"{"1": 3, "2": null}"#)
        let document = try json(result.output)
        #expect(document["outcome"] as? String == "incomplete")
        #expect(document["total"] is NSNull)
        #expect(document["missing"] as? [String] == ["2", "3", "4", "5", "6", "7"])
    }

    @Test func `a batch gives a line for every row, faulty ones included`() throws {
        let rows = """
            {"id": "a", "instrument": "PHQ-9", "responses": {"1": 3, "2": 3, "3": 3, "4": 3, "5": 3, "6": 3, "7": 3, "8": 3, "9": 3}}
            {"id": "b", "instrument": "PHQ-9", "responses": {"1": 9}}
            no JSON
            {"id": "d", "instrument": "XYZ", "responses": {}}
            {"id": "e", "instrument": "PCL-5", "responses": {}}
            """
        let result = try Program().run("score", "--batch", try file(rows))
        #expect(result.status == 0)
        let documents = try result.output.split(separator: "\n").map { try json(String($0)) }
        #expect(documents.map { $0["outcome"] as? String } == ["scored", "error", "error", "error", "incomplete"])
        #expect(documents.map { $0["id"] as? String } == ["a", "b", nil, "d", "e"])
        #expect(documents.first?["total"] as? Int == 27)
        #expect(result.errors.contains("3 of 5"))
    }

    @Test func `a trend says what changed and by which figures`() throws {
        let scores = try file("date,score\n2026-06-01,18\n2026-07-01,15\n2026-08-01,9\n", "csv")
        let own = try json(try Program().run("trend", scores, "--instrument", "PHQ-9", "--format", "json").output)
        let latest = try #require(own["latest"] as? [String: Any])
        #expect(latest["verdict"] as? String == "reliable improvement")
        #expect(latest["response"] as? Bool == true)
        #expect(latest["remission"] as? Bool == false)
        let custom = try json(
            try Program().run(
                "trend",
                scores,
                "--instrument",
                "PHQ-9",
                "--sd",
                "10",
                "--reliability",
                "0.5",
                "--format",
                "json"
            ).output
        )
        let index = try #require((custom["latest"] as? [String: Any])?["reliable_change_index"] as? Double)
        // (9 - 18) / (10 × √2 × √0.5) = -0.9
        #expect(abs(index + 0.9) < 1e-9)
        #expect((custom["latest"] as? [String: Any])?["verdict"] as? String == "no reliable change")
    }

    @Test func `evaluate crisis answers row by row`() throws {
        let rows =
            #"{"id": "1", "text": "i want to die", "label": "crisis"}"# + "\n"
            + #"{"id": "2", "text": "where is my bill", "label": "none"}"#
        let document = try json(try Program().run("evaluate", "crisis", try file(rows), "--format", "json").output)
        let found = try #require(document["rows"] as? [[String: Any]])
        #expect(found.map { $0["predicted"] as? String } == ["crisis", "none"])
        #expect(found.map { $0["alert"] as? Bool } == [true, false])
        #expect(found.allSatisfy { $0["tier"] is String && $0["rules"] is [String] })
        let summary = try #require(document["summary"] as? [String: Any])
        #expect(summary["sensitivity"] as? Double == 1)
        #expect(summary["specificity"] as? Double == 1)
    }

    @Test func `evaluate guardrails and answers do alike`() throws {
        let guarded = try json(
            try Program().run(
                "evaluate",
                "guardrails",
                try file(#"{"id": "1", "text": "do i have bpd", "expected": "refuse_diagnosis"}"#),
                "--format",
                "json"
            ).output
        )
        #expect((guarded["rows"] as? [[String: Any]])?.first?["predicted"] as? String == "refuse_diagnosis")
        let answered = try json(
            try Program().run(
                "evaluate",
                "answers",
                try file(
                    #"{"id": "1", "text": "how do i reset my password", "topic": "password-reset"}"# + "\n"
                        + #"{"id": "2", "text": "what is the weather in paris", "topic": "none"}"#
                ),
                "--format",
                "json"
            ).output
        )
        let rows = try #require(answered["rows"] as? [[String: Any]])
        #expect(rows.map { $0["decision"] as? String } == ["answer", "abstain"])
        #expect((rows.first?["topics"] as? [String])?.first == "password-reset")
    }

    @Test func `evaluate retrieval measures any collection`() throws {
        let documents = try file(
            #"{"id": "d1", "title": "Cats", "text": "cats purr softly"}"# + "\n"
                + #"{"id": "d2", "title": "Dogs", "text": "dogs bark loudly"}"#
        )
        let queries = try file(#"{"id": "q1", "text": "which animal purrs"}"#)
        let judgments = try file("q1\td1\t1\n", "tsv")
        let run = try file("")
        let result = try Program().run(
            "evaluate",
            "retrieval",
            "--documents",
            documents,
            "--queries",
            queries,
            "--qrels",
            judgments,
            "--run",
            run,
            "--format",
            "json"
        )
        let document = try json(result.output)
        for key in ["ndcg_at_10", "recall_at_10", "mrr_at_10", "success_at_1"] {
            #expect(document[key] as? Double == 1)
        }
        for key in ["index_seconds", "query_median_ms", "query_p99_ms"] { #expect(document[key] is Double) }
        let line = try json(try String(contentsOf: URL(filePath: run), encoding: .utf8))
        #expect(line["ranked"] as? [String] == ["d1"])
        #expect(line["ms"] is Double)
    }

    @Test(arguments: [("crisis", "label"), ("guardrails", "expected")])
    func `an unknown label is named with its line and what there is to choose from`(kind: String, key: String) throws {
        let rows = #"{"id": "1", "text": "a"}"# + "\n" + #"{"id": "2", "text": "b", "\#(key)": "purple"}"#
        let result = try Program().run("evaluate", kind, try file(rows))
        #expect(result.status == 65)
        #expect(result.errors.contains(":2: error:"))
        #expect(result.errors.contains("purple"))
        #expect(result.errors.contains("Choose one of"))
    }

    private static let faults: [(arguments: [String], status: Int32)] = [
        (["score", "NOPE", "1,2"], 65),
        (["score", "PHQ-9", "1,2,x"], 65),
        (["trend", "/nowhere.csv", "--instrument", "PHQ-9"], 66),
        (["evaluate", "crisis", "/nowhere.jsonl"], 66),
        (["instrument", "check", "/nowhere.yaml"], 65),
        (["nonsense"], 64),
        (["evaluate", "answers", "Tests/Evaluation/answers.jsonl", "--ranking", "both", "--encoder", "/nowhere"], 66),
        (["evaluate", "answers", "Tests/Evaluation/answers.jsonl", "--ranking", "guess"], 64),
        (["doctor", "--data", "/nowhere"], 66),
    ]

    @Test(arguments: faults)
    func `a fault is said on standard error with its exit code`(arguments: [String], status: Int32) throws {
        let result = try Program().run(Program.executable, arguments)
        #expect(result.status == status)
        #expect(!result.errors.isEmpty)
    }

    @Test func `policy prints the table that the program is driven by`() throws {
        let result = try Program().run("policy", "--relation", "administrator", "--format", "json")
        let cells = try #require(try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [[String: Any]])
        #expect(cells.count == 22)
        let journal = try #require(cells.first { $0["area"] as? String == "JOURNAL" })
        #expect(journal["actions"] as? [String: String] == ["REVEAL": "ALL"])
        #expect((journal["because"] as? String)?.isEmpty == false)
        let text = try Program().run("policy", "--relation", "GUARDIAN").output
        #expect(text.contains("GUARDIAN FROM_14_TO_17") && text.contains("refused") && !text.contains("SUPERVISOR"))
        #expect(try Program().run("policy", "--relation", "nobody").status == 64)
    }
}
