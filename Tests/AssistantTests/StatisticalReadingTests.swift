import Knowledge
import Testing

@testable import Assistant

@Suite struct StatisticalReadingTests {
    @Test(arguments: [
        "i sat by the water for an hour thinking nobody would look for me",
        "my notebook is full of goodbyes, i never gave them to anyone",
    ])
    func `a wording without a rule is raised to elevated at most, and says what moved it`(_ text: String) throws {
        let finding = try Fixture.screening(text)
        for match in finding.matches where match.ruleID.hasPrefix("reading.") {
            #expect(match.tier == .elevated)
            #expect(!match.notes.isEmpty)
            #expect(match.start >= 0 && match.end <= text.utf8.count)
        }
    }

    @Test func `some wordings that no rule knows are found`() throws {
        let found = try [
            "you can give my spot to someone who will be around to use it",
            "i keep rehearsing what they'd say at my funeral", "no point scheduling june",
            "subtracting myself from the equation",
        ].filter { try Fixture.screening($0).matches.contains { $0.ruleID.hasPrefix("reading.") } }
        #expect(found.count >= 2)
    }

    @Test(arguments: ["I want to kill myself", "quiero morir", "k1ll mys3lf tonight", "I took all my pills"])
    func `it talks no rule out of plain words`(_ text: String) throws {
        let finding = try Fixture.screening(text)
        #expect(finding.alert)
        #expect(!finding.matches.contains { $0.notes.contains("turn_of_phrase") })
    }

    @Test func `the same text gives the same reading`() throws {
        let prompts = try Fixture.prompts.get()
        let text = "I feel low and I cannot see a way through, can someone call me about my bill"
        #expect(prompts.outcomes(of: text) == prompts.outcomes(of: text))
        for outcome in prompts.outcomes(of: text) {
            #expect(abs(outcome.prefix(7).reduce(0, +) - 1) < 0.001)
            #expect(abs(outcome.suffix(7).reduce(0, +) - 1) < 0.001)
        }
    }

    @Test(arguments: [
        "bias\t0 0", "bias\t0 0 0 0 0 0 0 0 0 0 0 0 0 x", "9 what\t0 0 0 0 0 0 0 0 0 0 0 0 0 0", "no tab",
    ])
    func `a file of weights that does not hold what it should is reported with its line`(_ line: String) {
        var diagnostics: [Diagnostic] = []
        _ = StatisticalReading(
            classes: KnowledgeFile(path: "classes.yaml", text: "classes:\n  kin: mother father\n"),
            weights: KnowledgeFile(path: "weights.tsv", text: "# a comment\n\(line)\n"),
            diagnostics: &diagnostics
        )
        #expect(diagnostics.map(\.line) == [2])
        #expect(diagnostics.allSatisfy { $0.severity == .error })
    }

    @Test func `a long message is read in stretches that cover it`() {
        for words in [1, 29, 30, 31, 59, 60, 61, 200] {
            for text in [
                String(repeating: "word ", count: words), String(repeating: "one two three. ", count: words),
            ] {
                let folded = Tokenizer.fold(text)
                let segments = StatisticalReading.segments(folded)
                #expect(segments.first?.lowerBound == 0)
                #expect(segments.last?.upperBound == folded.pieces.count)
                #expect(segments.allSatisfy { $0.count <= 30 && !$0.isEmpty })
                #expect(zip(segments, segments.dropFirst()).allSatisfy { $1.lowerBound <= $0.upperBound })
            }
        }
    }
}
