/// A language whose words can be brought to a common form.
public enum Language: String, Sendable, Hashable, Codable, CaseIterable {
    case english = "en"
    case spanish = "es"

    /// The stem of a folded word. Words with digits or letters outside `a`–`z` are left as they are.
    func stem(_ word: ArraySlice<UInt8>) -> [UInt8] {
        guard word.allSatisfy(Folding.isLetter) else { return Array(word) }
        return switch self {
        case .english: EnglishStemmer.stem(word)
        case .spanish: SpanishStemmer.stem(word)
        }
    }
}
