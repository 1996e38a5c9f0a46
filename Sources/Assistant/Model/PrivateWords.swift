/// Takes out of a question what says who somebody is, before it leaves the house: beyond what the ``Redactor`` knows, every
/// name that is handed in, names in the middle of a sentence, and whatever looks like a number of somebody's, an address or
/// a link.
struct PrivateWords {
    /// Folded names that are known: the client's, their therapist's.
    let names: Set<String>
    /// Folded words of the passages, which are public.
    let known: Set<String>

    private static let name = "[name]"
    private static let removed = "[removed]"
    /// From so many digits on, a figure may be somebody's number or day of birth.
    private static let fewestDigits = 4
    /// Capital letters that mean nothing.
    private static let ordinary: Set<String> = ["i", "im", "id", "ill", "ive", "ok", "usted", "ud", "uds"]

    init(names: [String], known: Set<String>) {
        self.names = Set(names.flatMap { Words.of($0) }.filter { $0.utf8.count > 1 })
        self.known = known
    }

    func removed(from text: String) -> String {
        var result: [String] = []
        var isStart = true
        for word in text.split(whereSeparator: \.isWhitespace) {
            result.append(replacement(word, isStart: isStart) ?? String(word))
            isStart = word.last.map { ".?!:".contains($0) } ?? isStart
        }
        return result.joined(separator: " ")
    }

    private func replacement(_ word: Substring, isStart: Bool) -> String? {
        let digits = word.unicodeScalars.count { ("0"..."9").contains($0) || $0.properties.numericType != nil }
        let looksPrivate = word.contains("@") || word.contains("://") || word.lowercased().hasPrefix("www.")
        if digits >= Self.fewestDigits || looksPrivate { return Self.removed }
        let folded = Words.of(word)
        // "Maya's" folds to "mayas".
        let isNamed = folded.contains { word in
            names.contains(word) || word.hasSuffix("s") && names.contains(String(word.dropLast()))
        }
        if isNamed { return Self.name }
        let isCapital = word.first { $0.isLetter }?.isUppercase ?? false
        guard isCapital, !isStart else { return nil }
        let isOrdinary = folded.allSatisfy { known.contains($0) || Self.ordinary.contains($0) }
        return isOrdinary ? nil : Self.name
    }
}
