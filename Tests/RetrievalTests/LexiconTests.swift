import Knowledge
import Testing

@testable import Retrieval

@Suite("Lexicon")
struct LexiconTests {
    private func faults(_ yaml: String) -> [String] {
        do {
            _ = try Lexicon(files: [KnowledgeFile(path: "synonyms.en.yaml", text: yaml)])
            return []
        } catch {
            return error.diagnostics.map { "\($0.line): \($0.message)" }
        }
    }

    @Test func `words, weights and groups are read`() throws {
        let yaml = """
            version: 1
            language: en
            stop: [the, A]
            light:
              - weight: 0.3
                words: [when]
            ordinary: [rain snow]
            elsewhere: [router]
            groups:
              - sense: bill
                words: [bill, owe]
                from: [my tab]
                weight: 0.5
            """
        let lexicon = try Lexicon(files: [KnowledgeFile(path: "x.yaml", text: yaml)])
        #expect(lexicon.wordWeights[.english] == ["the": 0, "a": 0, "when": 0.3])
        #expect(lexicon.ordinaryWords[.english] == ["rain", "snow", "router"])
        #expect(lexicon.elsewhereWords[.english] == ["router"])
        #expect(
            lexicon.groups[.english] == [
                Lexicon.Group(sense: "bill", words: ["bill", "owe"], from: ["my tab"], weight: 0.5)
            ]
        )
    }

    @Test(arguments: [
        ("version: 1\nlanguage: xx\n", "2: `language` of the file is `xx`"),
        ("version: 1\nlanguage: en\nstops: [a]\n", "3: the file has an unknown key `stops`"),
        ("version: 1\nlanguage: en\nstop: [a b]\n", "3: `a b` is not a single word"),
        (
            "version: 1\nlanguage: en\ngroups:\n  - sense: x\n    words: [a]\n",
            "4: group `x` needs two words or more, one of them under `words`"
        ),
        (
            "version: 1\nlanguage: en\ngroups:\n  - sense: x\n    words: [a, b]\n  - sense: x\n    words: [c, d]\n",
            "6: the sense `x` is there twice"
        ),
        (
            "version: 1\nlanguage: en\nlight:\n  - weight: 3\n    words: [a]\n",
            "4: `weight` of an entry of `light` is not above 0 and up to 1"
        ),
        (
            "version: 1\nlanguage: en\ngroups:\n  - sense: x\n    words: [a, \"!\"]\n",
            "4: group `x` has an entry without letters"
        ),
    ])
    func `faults are reported with their line`(yaml: String, finding: String) {
        #expect(faults(yaml).contains(finding), "\(faults(yaml))")
    }
}
