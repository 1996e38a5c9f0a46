/// Finds what a reader would dial.
enum PhoneNumbers {
    /// Numbers in `text` as digits: any of seven digits or more, and short numbers after a word such as "call" or "text".
    static func found(in text: String) -> [String] {
        var numbers: [String] = []
        for match in text.matches(of: /\+?\(?\d[\d\-.() \u{2011}]*\d/) {
            let digits = match.0.filter { $0.isASCII && $0.isNumber }
            let isDate = match.0.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) != nil
            let isShort = (3...6).contains(digits.count) && digits.count == match.0.count
            if digits.count >= 7, digits.count <= 15, !isDate {
                numbers.append(digits)
            } else if isShort, isDialled(text[..<match.range.lowerBound]) {
                numbers.append(digits)
            }
        }
        return numbers
    }

    /// The number without punctuation and country code, so that ways of writing it compare equal.
    static func normalized(_ number: String) -> String {
        let digits = number.filter { $0.isASCII && $0.isNumber }
        return digits.count == 11 && digits.first == "1" ? String(digits.dropFirst()) : digits
    }

    private static let dialWords: Set<String> = [
        "call", "text", "dial", "phone", "ring", "calling", "texting", "dialing", "llame", "llamar", "marque", "marcar",
        "envie", "mensaje",
    ]

    /// Whether one of the last four words before the number says that it is dialled.
    private static func isDialled(_ before: Substring) -> Bool {
        Folding.words(before.suffix(60)).suffix(4).contains(where: dialWords.contains)
    }
}
