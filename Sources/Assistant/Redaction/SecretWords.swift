/// Finds passwords that are told, and identity numbers that hold letters.
struct SecretWords {
    private let text: RedactionText

    init(_ text: RedactionText) { self.text = text }

    func findings() -> [NumberJudge.Finding] {
        var findings: [NumberJudge.Finding] = []
        for (place, word) in text.words.enumerated() {
            if Self.passwordWords.contains(word.text), let range = password(after: place) {
                findings.append(.init(kind: .password, range: range))
            }
            if Self.idWords.contains(word.text), let range = identity(after: word.range.upperBound) {
                findings.append(.init(kind: .governmentID, range: range))
            }
            guard place > 0 else { continue }
            let pair = text.words[place - 1].text + " " + word.text
            if Self.idPairs.contains(pair), let range = identity(after: word.range.upperBound) {
                findings.append(.init(kind: .governmentID, range: range))
            }
            if Self.codePairs.contains(pair) {
                findings += codes(after: word.range.upperBound).map { .init(kind: .password, range: $0) }
            }
        }
        return findings + ibans()
    }

    // MARK: - Passwords

    private static let passwordWords: Set<String> = [
        "password", "passwords", "passcode", "passphrase", "pwd", "pw", "contrasena", "clave", "pass", "passwd",
    ]
    private static let verbs: Set<String> = ["is", "was", "its", "es", "era", "will", "be", "to", "called"]
    /// What may stand between the word and the password, besides a verb.
    private static let between: Set<String> = [
        "for", "on", "my", "the", "portal", "account", "here", "login", "del", "de", "mi", "para", "a",
    ]

    /// Words that tell about a password instead of giving it.
    private static let plainWords: Set<String> = [
        "not", "no", "wrong", "incorrect", "invalid", "right", "correct", "old", "new", "too", "the", "a", "an", "my",
        "your",
        "it", "what", "why", "how", "where", "when", "that", "this", "gone", "lost", "broken", "weak", "strong", "long",
        "short",
        "safe", "secure", "same", "different", "fine", "ok", "okay", "in", "on", "for", "to", "from", "with", "because",
        "and",
        "or", "but", "so", "still", "also", "again", "always", "never", "only", "just", "very", "really", "now", "then",
        "hard",
        "easy", "case", "sensitive", "set", "reset", "change", "there", "here", "good", "bad", "known", "unknown",
        "kept", "sent",
        "stuck", "mia", "nueva", "incorrecta", "correcta", "equivocada", "mala", "valida", "invalida", "muy", "la",
        "el", "que",
        "mi", "su", "segura", "vieja", "be", "being", "at", "due", "required", "needed", "something", "somewhere",
        "saved", "help",
        "please", "reset", "page", "link", "email", "screen", "manager", "unsafe", "private", "secret", "out", "up",
        "of", "by",
    ]

    private func password(after place: Int) -> Range<Int>? {
        var index = text.words[place].range.upperBound
        var hasVerb = false
        // Skip "for the portal", "is", ":"; stop at the first thing that may be the password.
        for _ in 0..<6 {
            let (next, hasSign) = skipSeparators(index)
            hasVerb = hasVerb || hasSign
            // A bracket begins what was removed before.
            guard let next, text.scalars[next] != "[", let piece = piece(at: next) else { return nil }
            let word = String(String.UnicodeScalarView(text.scalars[piece])).lowercased()
            if Self.verbs.contains(word) {
                hasVerb = true
            } else if hasVerb || !Self.between.contains(word) {
                return isPassword(piece, given: hasVerb, sign: hasSign) ? piece : nil
            }
            index = piece.upperBound
        }
        return nil
    }

    /// The next scalar that is no separator, and whether a colon, an equals sign or a quotation mark stood before it.
    private func skipSeparators(_ start: Int) -> (Int?, Bool) {
        var index = start
        var hasSign = false
        while index < text.scalars.count, index - start < 6 {
            let scalar = text.scalars[index]
            if ":=\"“”'‘’«".unicodeScalars.contains(scalar) {
                hasSign = true
            } else if !scalar.properties.isWhitespace, scalar != "-", scalar != "," {
                return (index, hasSign)
            } else if scalar == "," || scalar == "\n" && !hasSign {
                return (nil, hasSign)
            }
            index += 1
        }
        return (nil, hasSign)
    }

    /// What stands at `start` up to the next space or quotation mark, without the sentence's own full stop.
    private func piece(at start: Int) -> Range<Int>? {
        var end = start
        while end < text.scalars.count, !text.scalars[end].properties.isWhitespace,
            !"\"“”»".unicodeScalars.contains(text.scalars[end])
        {
            end += 1
        }
        while end > start, ".,;?)".unicodeScalars.contains(text.scalars[end - 1]) { end -= 1 }
        return end > start ? start..<end : nil
    }

    private func isPassword(_ piece: Range<Int>, given: Bool, sign: Bool) -> Bool {
        let scalars = text.scalars[piece]
        guard scalars.count >= 3 else { return false }
        let word = String(String.UnicodeScalarView(scalars))
        let hasDigit = scalars.contains { RedactionText.digit($0) != nil }
        let hasLetter = scalars.contains(where: RedactionText.isLetter)
        let hasSign = scalars.contains { "!@#$%^&*_+=~?".unicodeScalars.contains($0) }
        let isMixed =
            hasDigit && hasLetter || hasSign && scalars.count >= 5
            || word.dropFirst().contains(where: \.isUppercase) && word.contains(where: \.isLowercase)
        guard given else { return isMixed && hasDigit && scalars.count >= 6 }
        if isMixed || hasDigit && scalars.count >= 4 { return true }
        let lower = word.lowercased()
        if Self.plainWords.contains(lower) || lower.hasSuffix("ed") || lower.hasSuffix("ing") || lower.contains("'")
            || lower.contains("’")
        {
            return false
        }
        // A plain word counts when it is marked off, or the sentence ends with it: "my password is sunshine".
        return sign || endsSentence(piece.upperBound)
    }

    private func endsSentence(_ place: Int) -> Bool {
        guard place < text.scalars.count else { return true }
        let rest = text.scalars[place...].prefix(4)
        guard let next = rest.first(where: { !$0.properties.isWhitespace || $0 == "\n" }) else { return true }
        return ".!?;\n)\"”,".unicodeScalars.contains(next)
    }

    // MARK: - Identity numbers

    private static let idWords: Set<String> = [
        "passport", "pasaporte", "license", "licence", "licencia", "medicare", "medicaid", "dni", "nie", "curp", "dl",
        "green",
    ]

    private static let idPairs: Set<String> = [
        "state id", "a number", "alien number", "military id", "national id", "voter id", "government id", "tribal id",
        "resident card", "identificacion oficial",
    ]
    /// Codes that open an account like a password does.
    private static let codePairs: Set<String> = [
        "backup code", "backup codes", "recovery code", "recovery codes",
    ]

    /// Up to ten codes of at least six digits, with or without letters and dashes, in the twenty pieces that follow.
    private func codes(after start: Int) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var index = start
        for _ in 0..<20 where index < text.scalars.count && found.count < 10 {
            guard
                let next = text.scalars[index...].firstIndex(where: {
                    RedactionText.isLetter($0) || RedactionText.digit($0) != nil
                }),
                let piece = piece(at: next)
            else { break }
            let scalars = text.scalars[piece]
            let isCode = scalars.allSatisfy {
                RedactionText.isLetter($0) || RedactionText.digit($0) != nil || $0 == "-"
            }
            if isCode, scalars.count(where: { RedactionText.digit($0) != nil }) >= 6 { found.append(piece) }
            index = piece.upperBound
        }
        return found
    }

    /// A piece of letters and at least five digits within a few words.
    private func identity(after start: Int) -> Range<Int>? {
        var index = start
        var pieces = 0
        while index < text.scalars.count, pieces < 6 {
            guard
                let next = text.scalars[index...].firstIndex(where: {
                    RedactionText.isLetter($0) || RedactionText.digit($0) != nil
                }),
                let end = piece(at: next)
            else { return nil }
            let scalars = text.scalars[end]
            let digits = scalars.count { RedactionText.digit($0) != nil }
            let isCode = scalars.allSatisfy {
                RedactionText.isLetter($0) || RedactionText.digit($0) != nil || $0 == "-"
            }
            if isCode, digits >= 5, scalars.count <= 20 { return end }
            // A Medicare number: 1EG4-TE5-MK73.
            if isCode, digits >= 4, scalars.count >= 11, scalars.count <= 13 { return end }
            index = end.upperBound
            pieces += 1
        }
        return nil
    }

    // MARK: - IBAN

    /// International bank account numbers with a right check number (ISO 13616), written without spaces or in fours.
    private func ibans() -> [NumberJudge.Finding] {
        text.words.compactMap { word in
            guard word.text.utf8.count == 2, word.text.utf8.allSatisfy({ (0x61...0x7A).contains($0) }) else {
                return nil
            }
            var code = ""
            var index = word.range.lowerBound
            var end = index
            while index < text.scalars.count, code.count < 34 {
                let scalar = text.scalars[index]
                if scalar.value < 0x80, RedactionText.isLetter(scalar) || RedactionText.digit(scalar) != nil {
                    code.unicodeScalars.append(scalar)
                    end = index + 1
                    if code.count >= 15, Self.isIBAN(code), !continues(end) {
                        return .init(kind: .account, range: word.range.lowerBound..<end)
                    }
                } else if scalar != " " || code.count < 4 {
                    return nil
                }
                index += 1
            }
            return nil
        }
    }

    private func continues(_ place: Int) -> Bool {
        guard place < text.scalars.count else { return false }
        return RedactionText.isLetter(text.scalars[place]) || RedactionText.digit(text.scalars[place]) != nil
    }

    private static func isIBAN(_ code: String) -> Bool {
        let upper = Array(code.uppercased().utf8)
        guard upper.count >= 15, upper[2...3].allSatisfy({ (0x30...0x39).contains($0) }) else { return false }
        var remainder = 0
        for byte in upper[4...] + upper[..<4] {
            let value = byte >= 0x41 ? Int(byte) - 55 : Int(byte) - 48
            remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97
        }
        return remainder == 1
    }
}
