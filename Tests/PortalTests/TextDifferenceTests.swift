import Portal
import Testing

@Suite("Differences between two texts")
struct TextDifferenceTests {
    private func show(_ difference: TextDifference) -> [String] {
        difference.lines.map { line in
            let mark =
                switch line.change {
                case .same: " "
                case .removed: "-"
                case .added: "+"
                }
            let text = line.pieces.map { $0.change == .same || line.pieces.count == 1 ? $0.text : "[\($0.text)]" }
            return mark + text.joined()
        }
    }

    @Test(arguments: [
        ("", "", [String]()),
        ("a\nb", "a\nb", [" a", " b"]),
        ("", "a", ["+a"]),
        ("a\nb\nc", "a\nc", [" a", "-b", " c"]),
        ("a\nc", "a\nb\nc", [" a", "+b", " c"]),
        ("Call us today.", "Write us today.", ["-[Call] us today.", "+[Write] us today."]),
        ("one\ntwo", "other\nwords", ["-one", "-two", "+other", "+words"]),
    ])
    func `lines and words that changed are marked`(old: String, new: String, expected: [String]) {
        #expect(show(TextDifference(from: old, to: new)) == expected)
    }

    @Test(arguments: [("a\nb\nc\nd", "b\nx\nd\ne"), ("", "x\ny"), ("x\ny", ""), ("a b c\nd e f", "a x c\nd f")])
    func `both texts can be read off the difference`(old: String, new: String) {
        let lines = TextDifference(from: old, to: new).lines
        let (first, second) = (lines.filter { $0.change != .added }, lines.filter { $0.change != .removed })
        #expect(first.map(\.text).joined(separator: "\n") == old)
        #expect(second.map(\.text).joined(separator: "\n") == new)
        #expect(first.compactMap(\.old) == Array(1..<(first.count + 1)))
        #expect(second.compactMap(\.new) == Array(1..<(second.count + 1)))
    }
}
