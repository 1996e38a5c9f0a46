/// A number written in a text, in digits or in words: `4111`, "forty one eleven".
struct NumberToken {
    /// Its digits.
    let digits: String
    /// Place in the scalars of the text.
    let range: Range<Int>
    let isSpelled: Bool
}

/// A text as scalars, cut into numbers and words.
struct RedactionText {
    /// A word, in lower case, and where it stands.
    struct Word {
        let text: String
        let range: Range<Int>
    }

    let scalars: [Unicode.Scalar]
    private(set) var numbers: [NumberToken] = []
    private(set) var words: [Word] = []

    init(_ text: String) {
        scalars = Array(text.unicodeScalars)
        var index = 0
        while index < scalars.count {
            if Self.digit(scalars[index]) != nil {
                index = readNumber(index)
            } else if Self.isLetter(scalars[index]) {
                index = readWord(index)
            } else {
                index += 1
            }
        }
    }

    private mutating func readNumber(_ start: Int) -> Int {
        var digits = ""
        var index = start
        while index < scalars.count {
            if let digit = Self.digit(scalars[index]) {
                digits.append(digit)
            } else if !Self.isInvisible(scalars[index]) {
                break
            }
            index += 1
        }
        numbers.append(NumberToken(digits: digits, range: start..<index, isSpelled: false))
        return index
    }

    private mutating func readWord(_ start: Int) -> Int {
        var text = ""
        var index = start
        while index < scalars.count, Self.isLetter(scalars[index]) || Self.isInvisible(scalars[index]) {
            if !Self.isInvisible(scalars[index]) { text.unicodeScalars.append(scalars[index]) }
            index += 1
        }
        let word = Self.plain(text)
        words.append(Word(text: word, range: start..<index))
        if let digits = NumberWords.digits(of: word) {
            numbers.append(NumberToken(digits: digits, range: start..<index, isSpelled: true))
        }
        return index
    }

    /// The words that end within `distance` scalars before `place`, the nearest last.
    func words(before place: Int, within distance: Int) -> [String] {
        // Binary search, so that a long text with many numbers stays linear in practice.
        var low = 0
        var high = words.count
        while low < high {
            let middle = (low + high) / 2
            if words[middle].range.upperBound <= place { low = middle + 1 } else { high = middle }
        }
        var found: [String] = []
        var index = low - 1
        while index >= 0, words[index].range.upperBound >= place - distance {
            found.append(words[index].text)
            index -= 1
        }
        return found.reversed()
    }

    // MARK: - Scalars

    /// The digit that a scalar of any script stands for.
    static func digit(_ scalar: Unicode.Scalar) -> Character? {
        if scalar.value < 0x80 { return (0x30...0x39).contains(scalar.value) ? Character(scalar) : nil }
        guard scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue,
            (0...9).contains(value)
        else { return nil }
        return "\(Int(value))".first
    }

    static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x80 { return (0x61...0x7A).contains(scalar.value | 0x20) }
        return scalar.properties.isAlphabetic
    }

    /// Zero-width and direction marks, soft hyphen.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x80 && scalar.properties.generalCategory == .format
    }

    /// Lower case without accents; only the accents of Spanish matter here.
    private static func plain(_ text: String) -> String {
        let lower = text.lowercased()
        guard lower.utf8.contains(where: { $0 >= 0x80 }) else { return lower }
        return String(lower.map { accents[$0] ?? $0 })
    }

    private static let accents: [Character: Character] = [
        "á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u", "ñ": "n", "ü": "u",
    ]
}

/// Number words of English and Spanish.
enum NumberWords {
    static func digits(of word: String) -> String? { values[word] }

    private static let values: [String: String] = {
        var values = ["oh": "0", "o": "0", "cero": "0", "uno": "1", "una": "1"]
        let english = [
            "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
            "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
        ]
        for (value, word) in english.enumerated() { values[word] = String(value) }
        let spanish = [
            "cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve", "diez", "once", "doce",
            "trece", "catorce", "quince",
        ]
        for (value, word) in spanish.enumerated() { values[word] = String(value) }
        let tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
        for (place, word) in tens.enumerated() { values[word] = String((place + 2) * 10) }
        let decenas = ["veinte", "treinta", "cuarenta", "cincuenta", "sesenta", "setenta", "ochenta", "noventa"]
        for (place, word) in decenas.enumerated() { values[word] = String((place + 2) * 10) }
        return values
    }()
}
