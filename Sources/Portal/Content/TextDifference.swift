/// What changed between two texts, line by line, and within changed lines word by word.
public struct TextDifference: Sendable, Hashable, Codable {
    public enum Change: String, Sendable, Hashable, Codable, CaseIterable {
        case same = "SAME"
        case removed = "REMOVED"
        case added = "ADDED"
    }

    public struct Piece: Sendable, Hashable, Codable {
        public let change: Change
        public let text: String
    }

    public struct Line: Sendable, Hashable, Codable {
        public let change: Change
        /// Number in the old text, from 1; nil for an added line.
        public let old: Int?
        /// Number in the new text; nil for a removed line.
        public let new: Int?
        /// The line's words as far as they are the same and as far as not. One piece unless the line was changed into, or
        /// from, the one beside it.
        public let pieces: [Piece]

        public var text: String { pieces.map(\.text).joined() }
    }

    public let lines: [Line]

    /// Nothing to show.
    public var isEmpty: Bool { lines.allSatisfy { $0.change == .same } }

    public init(from old: String, to new: String) {
        let (old, new) = (Self.lines(old), Self.lines(new))
        var result: [Line] = []
        var (removed, added): ([Int], [Int]) = ([], [])
        func close() {
            result += Self.changed(removed.map { ($0, old[$0]) }, added.map { ($0, new[$0]) })
            (removed, added) = ([], [])
        }
        for step in Self.steps(old, new) {
            switch step {
            case .keep(let first, let second):
                close()
                result.append(
                    Line(
                        change: .same,
                        old: first + 1,
                        new: second + 1,
                        pieces: [Piece(change: .same, text: old[first])]
                    )
                )
            case .remove(let index): removed.append(index)
            case .add(let index): added.append(index)
            }
        }
        close()
        lines = result
    }

    private static func lines(_ text: String) -> [String] {
        text.isEmpty ? [] : text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
    }

    // MARK: - Steps

    private enum Step {
        case keep(Int, Int)
        case remove(Int)
        case add(Int)
    }

    /// The shortest way from one sequence to the other (E. Myers, 1986, as the standard library has it).
    private static func steps(_ old: [String], _ new: [String]) -> [Step] {
        let difference = new.difference(from: old)
        let removals = Set(difference.removals.compactMap { if case .remove(let at, _, _) = $0 { at } else { nil } })
        let insertions = Set(
            difference.insertions.compactMap { if case .insert(let at, _, _) = $0 { at } else { nil } }
        )
        var steps: [Step] = []
        var (first, second) = (0, 0)
        while first < old.count || second < new.count {
            if first < old.count, removals.contains(first) {
                steps.append(.remove(first))
                first += 1
            } else if second < new.count, insertions.contains(second) {
                steps.append(.add(second))
                second += 1
            } else {
                steps.append(.keep(first, second))
                first += 1
                second += 1
            }
        }
        return steps
    }

    /// A run of removed lines and the added ones in their place. A line is set against the one at the same place of the
    /// other run when they have words in common.
    private static func changed(_ removed: [(Int, String)], _ added: [(Int, String)]) -> [Line] {
        var (before, after): ([Line], [Line]) = ([], [])
        for place in 0..<max(removed.count, added.count) {
            let old = place < removed.count ? removed[place] : nil
            let new = place < added.count ? added[place] : nil
            let (oldPieces, newPieces) = pieces(old?.1, new?.1)
            if let old { before.append(Line(change: .removed, old: old.0 + 1, new: nil, pieces: oldPieces)) }
            if let new { after.append(Line(change: .added, old: nil, new: new.0 + 1, pieces: newPieces)) }
        }
        return before + after
    }

    private static func pieces(_ old: String?, _ new: String?) -> ([Piece], [Piece]) {
        let whole = (
            old.map { [Piece(change: .removed, text: $0)] } ?? [], new.map { [Piece(change: .added, text: $0)] } ?? []
        )
        guard let old, let new else { return whole }
        let (first, second) = (words(old), words(new))
        var (left, right): ([Piece], [Piece]) = ([], [])
        var kept = 0
        for step in steps(first, second) {
            switch step {
            case .keep(let index, _):
                if first[index].contains(where: \.isLetter) { kept += 1 }
                append(first[index], .same, to: &left)
                append(first[index], .same, to: &right)
            case .remove(let index): append(first[index], .removed, to: &left)
            case .add(let index): append(second[index], .added, to: &right)
            }
        }
        return kept > 0 ? (left, right) : whole
    }

    private static func append(_ text: String, _ change: Change, to pieces: inout [Piece]) {
        if let last = pieces.last, last.change == change {
            pieces[pieces.count - 1] = Piece(change: change, text: last.text + text)
        } else {
            pieces.append(Piece(change: change, text: text))
        }
    }

    /// Words and what stands between them.
    private static func words(_ line: String) -> [String] {
        var words: [String] = []
        var wasWord = false
        for character in line {
            let isWord = character.isLetter || character.isNumber
            if isWord, wasWord, let last = words.popLast() {
                words.append(last + String(character))
            } else {
                words.append(String(character))
            }
            wasWord = isWord
        }
        return words
    }
}
