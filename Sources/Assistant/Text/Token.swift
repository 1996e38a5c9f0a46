/// A word or picture of a message with its text, for whoever reads words one by one. The screens use ``Piece``.
struct Token {
    /// The folded word without apostrophes.
    var text: String
    /// The folded word with its apostrophes; nil when it has none.
    var apostrophized: String?
    /// Where it stood in the original text, in UTF-8 bytes.
    var range: Range<Int>
    /// Sentence number within the message.
    var sentence = 0
    /// Whether the token is a picture.
    var isEmoji = false
}

/// A message cut into words and sentences.
struct TokenizedText {
    var tokens: [Token]
}

extension Tokenizer {
    /// The words of `text`.
    ///
    /// - Complexity: linear in the length of the text.
    static func tokenize(_ text: String) -> TokenizedText {
        let folded = fold(text)
        return TokenizedText(
            tokens: folded.pieces.map { piece in
                Token(
                    text: folded.text(piece),
                    apostrophized: piece.hasApostrophe
                        ? String(decoding: folded.apostrophized(piece), as: UTF8.self) : nil,
                    range: piece.range,
                    sentence: Int(piece.sentence),
                    isEmoji: piece.isEmoji
                )
            }
        )
    }
}
