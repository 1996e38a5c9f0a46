import Knowledge
import Testing

@testable import Assistant

@Suite struct PatternLanguageTests {
    /// Whether the pattern is found in the text.
    private func finds(_ pattern: String, in text: String) throws -> Bool {
        let file = KnowledgeFile(
            path: "rules.yaml",
            text: """
                category: test
                expansions: { dont: do not }
                classes:
                  person: [anna, "my? old friend"]
                  pair: ["<person> and <person>"]
                rules:
                  - id: a
                    tier: high
                    reason: r
                    patterns: ["\(pattern)"]
                    hits: [x]
                    misses: [y]
                """
        )
        let read = RuleReader.read([file], levels: ["high"])
        try #require(read.diagnostics.isEmpty, "\(read.diagnostics)")
        let folded = Tokenizer.fold(text)
        let resolved = read.ruleSet.repair.resolve(folded, folded.pieces.indices)
        return !Reading(resolved, ruleSet: read.ruleSet).matches.isEmpty
    }

    @Test(arguments: [
        ("red house", "a red house", true), ("red house", "a red big house", false),
        ("red ..1 house", "red big house", true),
        ("red ..1 house", "red big old house", false), ("red|blue house", "blue house", true),
        ("red? house", "house", true),
        ("(red wine|white wine) glass", "a white wine glass", true),
        ("(red wine|white wine) glass", "a red glass", false),
        ("walk~ home", "walking home", true), ("stab~", "stabbed", true), ("carr* on", "carried on", true),
        ("<person> left", "my old friend left", true), ("<person> left", "old friend left", true),
        ("<pair>", "anna and anna", true),
        ("home !alone", "home alone", false), ("home !alone", "home together", true),
        ("home &alone", "home alone", true),
        ("^ home", "home again", true), ("^ home", "at home", false), ("home $", "home again", false),
        ("home $", "go home.", true),
        ("<number> days", "14 days", true), ("<dose>", "800mg", true), ("red house", "it is red. House is big", false),
        ("(the ..2 end|over)", "the very end", true), ("do not go", "dont go", true), ("don't go", "do not go", true),
    ])
    func `a pattern matches what its words say`(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try finds(pattern, in: text) == expected)
    }

    @Test(arguments: [10, 55, 62, 63, 64, 65, 90, 127, 128, 129, 300])
    func `a pattern is found wherever in a long sentence it stands`(_ place: Int) throws {
        let text = String(repeating: "one ", count: place) + "red big house" + String(repeating: " two", count: 70)
        #expect(try finds("red ..1 house", in: text))
        #expect(try finds("house ..2 two", in: text))
        #expect(try !finds("red ..1 two", in: text))
        #expect(try finds("^ one", in: text))
        #expect(try !finds("^ red", in: text))
        #expect(try finds("two $", in: text))
        #expect(try !finds("house $", in: text))
    }

    @Test func `a gap does not reach into the next sentence, wherever the two part`() throws {
        for words in 1...130 {
            let text = String(repeating: "one ", count: words) + "red. Big house stands"
            #expect(try !finds("red ..3 house", in: text), "\(words)")
            #expect(try finds("^ big house", in: text), "\(words)")
        }
    }

    @Test(arguments: [
        ("kill", ["kill", "kills", "killed", "killing"]), ("stab", ["stab", "stabs", "stabbed", "stabbing"]),
        ("die", ["die", "dies", "died", "dying"]), ("carry", ["carry", "carries", "carried", "carrying"]),
        ("choke", ["choke", "chokes", "choked", "choking"]), ("punch", ["punch", "punches", "punched", "punching"]),
    ])
    func `a tilde stands for the regular forms`(_ word: String, _ forms: [String]) {
        #expect(Inflection.forms(of: word) == forms)
    }

    @Test(
        arguments: [
            ("kill", "kill", 0), ("klil", "kill", 1), ("kil", "kill", 1), ("killl", "kill", 1), ("kell", "kill", 1),
            ("bill", "kill", 1),
            ("fall", "kill", nil), ("k", "kill", nil),
        ] as [(String, String, Int?)]
    )
    func `one slip is one letter more, fewer, other or swapped`(_ word: String, _ head: String, _ distance: Int?) {
        #expect(slips(Array(word.utf8), Array(head.utf8), limit: 1) == distance)
    }
}
