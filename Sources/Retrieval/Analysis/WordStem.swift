/// The common form of a word's inflections, as search reads it: `messages` and `messaging` as `messag`.
public enum WordStem {
    /// - Parameter word: folded: lower case, without accents and apostrophes. A word with other signs is left as it is.
    public static func of(_ word: String, language: Language) -> String {
        String(decoding: language.stem(Array(word.utf8)[...]), as: UTF8.self)
    }
}
