/// The last look at what is about to be said: no dose, no diagnosis, no promise of watching, no number to dial that the
/// practice has not listed.
struct OutputCheck {
    enum Fault: String, Sendable, CaseIterable {
        case dose
        /// A phrase of the list `never_say`: a diagnosis, or a promise that somebody is watching.
        case phrase
        case number
    }

    let settings: AssistantSettings
    let texts: ReplyTexts
    /// Numbers of the practice itself, as digits.
    let ownNumbers: Set<String>

    /// What is wrong with `text`; nil when it may go out.
    func fault(in text: String) -> Fault? {
        let words = Words.of(text)
        if Self.hasDose(text) { return .dose }
        for phrases in texts.phrases("en") where phrases.neverSay.contains(where: { $0.range(in: words) != nil }) {
            return .phrase
        }
        return hasUnlistedNumber(text) ? .number : nil
    }

    // MARK: - Doses

    private static let doseUnits: Set<String> = [
        "mg", "mgs", "mcg", "ug", "ml", "milligram", "milligrams", "microgram", "micrograms", "milliliter",
        "milliliters",
        "pill", "pills", "tablet", "tablets", "capsule", "capsules", "drops", "puffs", "miligramo", "miligramos",
        "microgramos", "mililitros", "pastilla", "pastillas", "tableta", "tabletas", "comprimidos", "cápsulas", "gotas",
    ]

    private static func hasDose(_ text: String) -> Bool {
        let pieces = pieces(of: text.lowercased())
        return zip(pieces, pieces.dropFirst()).contains { number, unit in
            number.first?.isASCIIDigit == true && doseUnits.contains(unit)
        }
    }

    /// Runs of digits (with decimal marks) and runs of letters.
    private static func pieces(of text: String) -> [String] {
        var pieces: [String] = []
        var current = ""
        var isNumber = false
        for character in text {
            let isDigit = character.isASCIIDigit
            guard isDigit || character.isLetter || isNumber && !current.isEmpty && ".,".contains(character) else {
                if !current.isEmpty { pieces.append(current) }
                current = ""
                continue
            }
            if !current.isEmpty, character.isLetter == isNumber {
                pieces.append(current)
                current = ""
            }
            if current.isEmpty { isNumber = isDigit }
            current.append(character)
        }
        return current.isEmpty ? pieces : pieces + [current]
    }

    // MARK: - Numbers

    private static let dialWords: Set<String> = ["call", "text", "dial", "llame", "marque", "texto", "envie"]

    private func hasUnlistedNumber(_ text: String) -> Bool {
        var lastWords: [String] = []
        var word = ""
        var digits = ""
        var gap = 0
        func isUnlisted() -> Bool {
            let isDate = digits.count == 8 && (digits.hasPrefix("19") || digits.hasPrefix("20"))
            guard (3...15).contains(digits.count), !isDate, !isListed(digits) else { return false }
            return digits.count >= 7
                || digits.count != 4 && lastWords.suffix(3).contains(where: Self.dialWords.contains)
        }
        for character in text.lowercased() + " ." {
            if character.isASCIIDigit {
                if !word.isEmpty {
                    lastWords.append(word)
                    word = ""
                }
                digits.append(character)
                gap = 0
            } else if !digits.isEmpty, gap < 2, "-.() ".contains(character) {
                gap += 1
            } else {
                if isUnlisted() { return true }
                digits = ""
                gap = 0
                if character.isLetter {
                    word.append(character)
                } else if !word.isEmpty {
                    lastWords.append(word)
                    word = ""
                }
            }
        }
        return isUnlisted()
    }

    private func isListed(_ digits: String) -> Bool {
        let short = digits.count == 11 && digits.hasPrefix("1") ? String(digits.dropFirst()) : digits
        func holds(_ numbers: Set<String>) -> Bool {
            numbers.contains(digits) || numbers.contains(short) || numbers.contains("1" + short)
        }
        return holds(settings.listedNumbers) || holds(ownNumbers)
    }
}
