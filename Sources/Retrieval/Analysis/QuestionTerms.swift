extension Lexicon {
    /// The terms that a question is compared by, with their weights: stems of its words, without those that carry no
    /// meaning, and the shared sense in the place of a word that has one.
    ///
    /// Two questions are as alike as the cosine of their terms; see ``similarity(_:_:)``.
    public func terms(of question: String, language: String) -> [String: Double] {
        let language = Language(rawValue: language) ?? .english
        let weights = wordWeights[language] ?? [:]
        let senses = senses(language)
        var sink = Words()
        Tokenizer.forEachWord(in: Folding.fold(question), language: language, limit: Self.longestQuestion, sink: &sink)
        var terms: [String: Double] = [:]
        for word in sink.words {
            let stem = String(decoding: language.stem(Array(word.utf8)[...]), as: UTF8.self)
            let weight = weights[word] ?? weights[stem] ?? 1
            guard weight > 0 else { continue }
            let term = senses[word].map { "~\($0)" } ?? stem
            terms[term] = max(terms[term] ?? 0, weight)
        }
        return terms
    }

    /// Cosine of two questions' terms, 0 to 1.
    public static func similarity(_ first: [String: Double], _ second: [String: Double]) -> Double {
        func length(_ terms: [String: Double]) -> Double { terms.values.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        let product = length(first) * length(second)
        guard product > 0 else { return 0 }
        // In a fixed order, so that the same questions always give the same number.
        let shared = first.keys.filter { second[$0] != nil }.sorted()
        return shared.reduce(0) { $0 + (first[$1] ?? 0) * (second[$1] ?? 0) } / product
    }

    /// Words of a question that are compared.
    private static let longestQuestion = 200

    /// The senses of single words.
    private func senses(_ language: Language) -> [String: String] {
        var senses: [String: String] = [:]
        for group in groups[language] ?? [] {
            for word in group.words + group.from {
                let parts = Folding.words(word)
                if parts.count == 1, senses[parts[0]] == nil { senses[parts[0]] = group.sense }
            }
        }
        return senses
    }

    private struct Words: WordSink {
        var words: [String] = []

        mutating func take(_ bytes: [UInt8], _ range: Range<Int>, position: Int, span: Int) {
            // "phq-9" is compared as its parts.
            if span == 1 { words.append(String(decoding: bytes[range], as: UTF8.self)) }
        }
    }
}
