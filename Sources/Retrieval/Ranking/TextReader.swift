/// Reads the texts of articles into terms.
struct TextReader: WordSink {
    private(set) var vocabulary: Vocabulary
    private(set) var tokens: [LanguageIndex.Token] = []
    private(set) var texts: [LanguageIndex.Text] = []
    private let phrases: Phrases

    // The text being read: terms of its words in order with their places, words of no weight included.
    private var stream: [Int32] = []
    private var places: [Int] = []

    init(vocabulary: Vocabulary, phrases: Phrases) {
        self.vocabulary = vocabulary
        self.phrases = phrases
    }

    mutating func read(_ article: Article, passages: [Passage]) {
        read(article.title, as: .title, ordinal: 0)
        for (ordinal, question) in article.questions.enumerated() { read(question, as: .question, ordinal: ordinal) }
        var anchor = ""
        for (ordinal, passage) in passages.enumerated() {
            if let heading = passage.heading {
                read(heading, as: .heading, ordinal: ordinal, isRepeated: passage.anchor == anchor)
                anchor = passage.anchor
            }
            read(passage.text, as: .body, ordinal: ordinal)
        }
    }

    private mutating func read(_ text: String, as field: EvidenceField, ordinal: Int, isRepeated: Bool = false) {
        stream.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        let start = tokens.count
        let count = Tokenizer.forEachWord(in: Folding.fold(text), language: vocabulary.language, sink: &self)
        let length = tokens.count - start
        phrases.forEachMatch(in: stream, isQuestion: false) { match in
            let position = places[match.range.lowerBound]
            let span = (places[match.range.upperBound - 1] - position) + 1
            append(match.sense, position: position, span: span, isWord: false)
        }
        texts.append(
            LanguageIndex.Text(
                field: field,
                ordinal: ordinal,
                tokens: start..<tokens.count,
                length: length,
                places: count,
                isRepeated: isRepeated
            )
        )
    }

    mutating func take(_ bytes: [UInt8], _ range: Range<Int>, position: Int, span: Int) {
        let term = vocabulary.add(bytes, range)
        if span == 1 {
            stream.append(Int32(truncatingIfNeeded: term))
            places.append(position)
        }
        if vocabulary.weights[term] > 0 { append(term, position: position, span: span, isWord: span == 1) }
    }

    private mutating func append(_ term: Int, position: Int, span: Int, isWord: Bool) {
        tokens.append(
            LanguageIndex.Token(
                term: Int32(truncatingIfNeeded: term),
                position: UInt16(clamping: position),
                span: UInt8(clamping: span),
                isWord: isWord
            )
        )
    }
}
