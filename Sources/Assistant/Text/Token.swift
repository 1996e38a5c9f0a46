/// A word or picture of a message, as the rules see it.
struct Token {
    /// The folded word without apostrophes.
    var text: String
    /// Numbers of the words of the vocabulary that this token may stand for; empty when the rules know none.
    var words: [Int32] = []
    /// Where it stood in the original text, in UTF-8 bytes.
    var range: Range<Int>
    /// Sentence number within the message.
    var sentence = 0
    /// Whether a comma, dash, line break or the like stood before it.
    var afterComma = false
    /// Whether it stood inside quotation marks.
    var isQuoted = false
    /// Whether an apostrophe stood in it, and the word with it.
    var apostrophized: String?
    /// Count of separating signs before it; used to tell word gaps from letter gaps in spaced-out writing.
    var separatorWidth = 0
    /// Whether the token is a picture.
    var isEmoji = false
    /// Whether the word was written in several pieces, with signs for letters, or misspelled.
    var isRepaired = false
}

/// A message cut into words and sentences.
struct TokenizedText {
    var tokens: [Token]
}
