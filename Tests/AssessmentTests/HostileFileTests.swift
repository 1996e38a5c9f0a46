import Foundation
import Knowledge
import Testing

@testable import Assessment

@Suite("Hostile instrument files")
struct HostileFileTests {
    private static func many(_ count: Int, _ line: (Int) -> String) -> String {
        (1...count).map(line).joined(separator: "\n")
    }

    static let texts: [String] = [
        "", "\u{0}", "- - - -", "[]", "null", "42", "code: [", "\u{FEFF}code: x",
        String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
        String(repeating: "- ", count: 100_000), String(repeating: "? ", count: 100_000),
        String(repeating: "a:\n ", count: 10_000),
        (0..<2000).map { String(repeating: " ", count: $0) + "a:" }.joined(separator: "\n"),
        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]",
        String(repeating: "x", count: 1_000_000),
        "? [a, b]\n: c\n",
        invented("", itemLines: many(10_000) { "  - {id: \($0), text: T, options: steps}" }),
        invented(
            "scores: [{id: total, title: T, method: sum, items: all}]",
            itemLines: many(10_000) { "  - {id: 1, text: T, options: steps}; \($0)" }
        ),
        invented("scores:\n" + many(3000) { "  - {id: s\($0), title: T, method: sum, items: all}" }),
        invented(
            "scores:\n  - {id: total, title: T, method: sum, items: all}\n"
                + many(49) {
                    "  - {id: s\($0), title: T, method: formula, formula: \($0 == 1 ? "total * 1000000" : "s\($0 - 1) * s\($0 - 1)")}"
                }
        ),
        invented(
            "scores: [{id: total, title: T, method: formula, formula: \"\(String(repeating: "(", count: 400))\"}]"
        ),
        invented(
            "scores: [{id: total, title: T, method: formula, formula: \"\(String(repeating: "-", count: 400))1\"}]"
        ),
        invented(
            "scores: [{id: total, title: T, method: formula, formula: \"\(String(repeating: "9", count: 400))\"}]"
        ),
        invented(
            "scores: [{id: total, title: T, method: sum, items: all}]\ncriteria: [{id: a, title: T, source: s, rule: \(String(repeating: "{not: ", count: 30))x\(String(repeating: "}", count: 30))}]"
        ),
        invented("scores: [{id: total, title: T, method: sum, items: all, range: {from: -9e999, to: 9e999}}]"),
        invented("scores: [{id: total, title: T, method: sum, items: 1-99999999999999999999}]"),
        invented("scores: [{id: total, title: T, method: sum, items: --}]"),
    ]

    @Test(arguments: texts.indices)
    func `any text gives findings and no instrument`(index: Int) {
        let (instrument, found) = Instrument.parse(KnowledgeFile(path: "f.yaml", text: Self.texts[index]))
        #expect(instrument == nil)
        #expect(found.contains { $0.severity == .error })
    }

    @Test func `random damage to a sound file never stops the reading`() throws {
        var random = Seeded(state: 6)
        let file = try KnowledgeFile.read(Shipped.folder.appending(path: "session-check-in.yaml"))
        let scalars = Array(file.text.unicodeScalars)
        let noise = Array("[]{}:,-&*'\"\n 0123456789ax\u{0}é".unicodeScalars)
        for _ in 0..<300 {
            var damaged = scalars
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: 0..<damaged.count, using: &random)
                if Bool.random(using: &random) {
                    damaged.remove(at: place)
                } else {
                    damaged[place] = noise.randomElement(using: &random) ?? "x"
                }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: damaged)
            let (instrument, found) = Instrument.parse(KnowledgeFile(path: "f.yaml", text: String(text)))
            #expect((instrument == nil) == found.contains { $0.severity == .error })
            // What is accepted can also be scored.
            if let instrument { _ = Scorer(instrument).score(Responses([1, 2, 3, 0, 1])) }
        }
    }

    @Test func `the largest instrument there may be is read and scored`() throws {
        let text = invented(
            "scores:\n  - {id: total, title: T, method: sum, items: all}\n"
                + Self.many(49) {
                    "  - {id: s\($0), title: T, method: formula, formula: \($0 == 1 ? "total" : "s\($0 - 1)") / 2}"
                },
            items: 500
        )
        let made = try instrument(text)
        #expect(Scorer(made).score(Responses((0..<500).map { _ in 3 })).report?.total?.value == 1500)
    }
}
