import Knowledge
import Testing

@testable import Assessment

@Suite("Checking instrument files")
struct CheckerTests {
    private func findings(_ text: String) -> [String] {
        Instrument.parse(KnowledgeFile(path: "f.yaml", text: text)).diagnostics.map(\.description)
    }

    @Test func `a sound file has no findings`() throws {
        #expect(findings(soundInstrument) == [])
        let made = try instrument(soundInstrument)
        #expect(made.slug == "small" && made.languages == ["en", "es"])
    }

    @Test(arguments: CheckerCase.all)
    func `a fault is found with its line`(fault: CheckerCase) throws {
        try #require(soundInstrument.contains(fault.old))
        let found = findings(soundInstrument.replacing(fault.old, with: fault.new, maxReplacements: 1))
        for expected in fault.findings {
            #expect(found.contains { $0.hasPrefix(expected) }, "\(found)")
        }
        #expect(
            Instrument.parse(
                KnowledgeFile(
                    path: "f.yaml",
                    text: soundInstrument.replacing(fault.old, with: fault.new, maxReplacements: 1)
                )
            ).instrument == nil
        )
    }

    @Test func `all faults of a file are found in one reading`() {
        let text = soundInstrument.replacing("version: 1", with: "version: x").replacing(
            "item: 3, from: 2",
            with: "item: 3, from: 9"
        )
        .replacing("reliability: 0.8", with: "reliability: 2").replacing(
            "es: Mucho}}\n    items",
            with: "es: Mucho}, x: 1}\n    items"
        )
        let lines = findings(text).compactMap { $0.split(separator: ":").dropFirst().first }
        #expect(Set(lines).isSuperset(of: ["2", "39", "42"]))
    }

    @Test func `a band that no answers lead to is found`() {
        let text = invented(
            """
            scores:
              - id: total
                title: T
                method: sum
                items: all
                multiply: 2
                bands:
                  - {id: low, label: Low, from: 0, to: 8}
                  - {id: odd, label: Odd, from: 9, to: 9}
                  - {id: high, label: High, from: 10, to: 24}
            """
        )
        #expect(
            findings(text).map { $0.dropFirst(7) } == [
                "27: error: no answers lead to the band `odd`. Widen it, or remove it."
            ]
        )
    }

    @Test func `formulas that use each other are found`() {
        let text = invented(
            """
            scores:
              - {id: total, title: T, method: sum, items: all}
              - {id: a, title: A, method: formula, formula: b + 1}
              - {id: b, title: B, method: formula, formula: c + 1}
              - {id: c, title: C, method: formula, formula: a + 1}
            """
        )
        #expect(findings(text).contains { $0.contains("the formula uses itself: a → b → c → a") })
    }

    @Test(arguments: [
        "scores: []", "scores: [{id: total, title: T, method: mean, items: 2}]",
        "scores: [{id: sum, title: T, method: sum, items: all}]",
        "scores: [{id: total, title: T, method: sum, items: all, at_least: 2}]",
        "scores: [{id: total, title: T, method: count, items: all, at_least: 4}]",
        "scores: [{id: total, title: T, method: sum, items: all, multiply: -1}]",
        "scores: [{id: total, title: T, method: sum, items: all, multiply: 1e308}]",
        "scores: [{id: total, title: T, method: sum, items: all, decimals: 99}]",
        "scores: [{id: total, title: T, method: weighted, items: all, weights: {9: 1}}]",
        "scores: [{id: total, title: T, method: formula, formula: 1 / total}]",
        "scores: [{id: total, title: T, method: formula, formula: 3 + 4}]",
        "scores: [{id: total, title: T, method: sum, items: [1, 1]}]", "scores: {id: total}", "scores: 3",
        "",
        "scores: [{id: total, title: T, method: sum, items: all}]\nchange: {reliable: [{id: a, points: 2, source: x}, {id: b, points: 3, source: x}]}",
    ])
    func `faulty scores are errors`(sections: String) {
        let lines = """
              - {id: 1, text: A, options: steps}
              - {id: 2, text: B, options: steps, show_when: {items: 1, from: 1}}
            """
        let (instrument, found) = Instrument.parse(
            KnowledgeFile(path: "f.yaml", text: invented(sections, itemLines: lines))
        )
        #expect(instrument == nil)
        #expect(found.contains { $0.severity == .error })
        #expect(found.allSatisfy { $0.line >= 1 && !$0.remedy.isEmpty })
    }
}
