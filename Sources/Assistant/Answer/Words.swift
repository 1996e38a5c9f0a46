/// The folded words of a text: lower case, without accents, apostrophes and look-alike letters.
enum Words {
    static func of(_ text: some StringProtocol) -> [String] {
        Tokenizer.tokenize(String(text)).tokens.filter { !$0.isEmoji }.map(\.text)
    }
}
