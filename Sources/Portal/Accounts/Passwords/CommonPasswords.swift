import Foundation

/// The passwords that are tried first (`Resources/common-passwords.txt`), and the words that they are made of.
struct CommonPasswords: Sendable {
    private let known: Set<String>

    /// Lines that begin with `#` are remarks.
    init(_ list: String) {
        known = Set(
            list.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { GuessableText.fold(String($0)) }
        )
    }

    static let embedded = CommonPasswords(
        String(decoding: PackageResources.common_passwords_txt, as: UTF8.self)
    )

    var count: Int { known.count }

    /// Whether `guess` is one of them: as it stands, dressed as digits and signs, with digits and signs around it, or twice.
    func covers(_ guess: GuessableText) -> Bool {
        // Digits and signs at the ends are dressing before they are letters in disguise.
        let inner = Self.core(of: guess.folded)
        if isDressed(guess.folded, core: GuessableText.plain(inner)) { return true }
        return [guess.folded, guess.plain].contains { text in
            if known.contains(text) { return true }
            if let unit = GuessableText.period(of: Array(text)), known.contains(String(text.prefix(unit))) {
                return true
            }
            return isDressed(guess.folded, core: Self.core(of: guess.folded))
                || isDressed(text, core: Self.core(of: text))
        }
    }

    /// Known, with at most six characters around it: a year, some digits, an exclamation mark.
    private func isDressed(_ text: String, core: String) -> Bool {
        core.count >= 4 && text.count - core.count <= 6 && (known.contains(core) || isTwoKnown(core))
    }

    /// Two known words in a row, such as `dragonmonkey`.
    private func isTwoKnown(_ core: String) -> Bool {
        let letters = Array(core)
        guard letters.count >= 8, letters.count <= 16 else { return false }
        return (4...(letters.count - 4)).contains { cut in
            known.contains(String(letters[..<cut])) && known.contains(String(letters[cut...]))
        }
    }

    /// Without what is no letter at either end.
    private static func core(of text: String) -> String {
        String(text.drop { !$0.isLetter }.reversed().drop { !$0.isLetter }.reversed())
    }
}
