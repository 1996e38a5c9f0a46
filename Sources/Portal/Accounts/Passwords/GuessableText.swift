import Foundation

/// A password as a guesser sees it: without case, accents and the usual dressing of letters as digits and signs.
struct GuessableText: Sendable {
    /// Lower case, without accents.
    let folded: String
    /// The same with `4`, `@` and the like read as the letters that they stand for.
    let plain: String

    init(_ text: String) {
        folded = Self.fold(text)
        plain = Self.plain(text)
    }

    private static let disguises: [Character: Character] = [
        "0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g", "@": "a", "$": "s", "!": "i",
        "|": "l", "+": "t", "(": "c", "€": "e", "£": "l",
    ]

    static func fold(_ text: String) -> String {
        text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil).lowercased()
    }

    static func plain(_ text: String) -> String { String(fold(text).map { disguises[$0] ?? $0 }) }

    // MARK: - Repeats and runs

    /// Whether it is one short thing over and over, or mostly runs along the alphabet, the digits or the keyboard.
    var isPattern: Bool { isRepeat || Self.freedom(of: folded) <= 5 }

    private var isRepeat: Bool {
        let letters = Array(folded)
        if Set(letters).count <= 3 { return true }
        guard let unit = Self.period(of: letters) else { return false }
        return unit <= 5 || Self.freedom(of: String(letters.prefix(unit))) <= 5
    }

    /// The length of the part that the whole repeats at least twice; nil when it repeats nothing.
    static func period(of letters: [Character]) -> Int? {
        guard letters.count >= 2 else { return nil }
        return (1...(letters.count / 2)).first { unit in
            letters.indices.dropFirst(unit).allSatisfy { letters[$0] == letters[$0 - unit] }
        }
    }

    private static let rows = [
        "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertzuiop", "azertyuiop",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp",
    ]
    private static let neighbours: Set<String> = {
        var pairs: Set<String> = []
        for row in rows {
            let keys = Array(row)
            for (first, second) in zip(keys, keys.dropFirst()) {
                pairs.insert("\(first)\(second)")
                pairs.insert("\(second)\(first)")
            }
        }
        return pairs
    }()

    /// How many choices somebody made who typed it: a letter that is the last one again, or its neighbour, is no choice.
    private static func freedom(of text: String) -> Int {
        var choices = 0
        var previous: Character?
        for letter in text {
            defer { previous = letter }
            if let previous, previous == letter || neighbours.contains("\(previous)\(letter)") { continue }
            choices += 1
        }
        return choices
    }

    // MARK: - Known words

    /// Whether nothing but fewer than `rest` characters is left of it without `words`, where it holds one of them.
    func isMadeOf(_ words: Set<String>, leaving rest: Int) -> Bool {
        let ordered = words.sorted { ($1.count, $0) < ($0.count, $1) }
        return [plain, folded].contains { text in
            let left = ordered.reduce(text) { $0.replacing($1, with: "") }
            return left.count < text.count && left.count < rest
        }
    }
}
