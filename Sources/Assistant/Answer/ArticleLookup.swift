import Retrieval

/// Finds the articles for a question, and judges whether the best is good enough.
struct ArticleLookup {
    /// What the articles have for a question.
    struct Outcome {
        enum Verdict: Int, Comparable {
            case nothing, near, good

            static func < (first: Verdict, second: Verdict) -> Bool { first.rawValue < second.rawValue }
        }

        let question: String
        let verdict: Verdict
        /// How likely the first hit answers the question, 0 to 1.
        let confidence: Double
        /// Best first.
        let hits: [Retrieval.Hit]
        /// Words that say what the question is about.
        var contentCount = 0

        var topics: [String] { hits.map(\.article.id) }

        static let none = Outcome(question: "", verdict: .nothing, confidence: 0, hits: [])

        /// Whether it is the better one to answer with.
        func isBetter(than other: Outcome) -> Bool { (verdict, confidence) > (other.verdict, other.confidence) }
    }

    private static let hitCount = 5
    /// Hits that are looked through for one article.
    private static let deepHitCount = 40

    let index: SearchIndex
    let settings: AssistantSettings
    let phrases: [ReplyTexts.Phrases]
    let language: String
    let audience: Set<Audience>
    let encoded: EncodedQueries

    /// Makes ready what looking up several questions needs, all at once.
    func prepare(_ questions: [String]) { index.encode(questions, language: language, into: encoded) }

    func find(_ question: String) -> Outcome {
        let words = Words.of(question)
        let content = ReplyTexts.content(words, phrases)
        var best = judged(question, content, search(question))
        guard best.verdict < .good else { return outside(words, best) }
        // Without the words that say when or how much, which weigh the more the rarer they are: "since January".
        let plain = words.filter { word in !phrases.contains { $0.noise.contains(word) } }
        if plain.count < words.count, !content.isEmpty {
            let other = judged(question, content, search(plain.joined(separator: " ")))
            if other.isBetter(than: best) { best = other }
        }
        return outside(words, best)
    }

    /// The outcome for one article, whatever it scores; nil when the reader may not see it.
    func article(_ id: String, for question: String) -> Outcome? {
        guard let article = index.article(id, language: language), audience.contains(article.audience) else {
            return nil
        }
        let result = search(question + " " + article.title)
        guard var hit = result.hits.first(where: { $0.article.id == id }) else { return nil }
        // What to quote is chosen by the question itself, when the article holds any of its words.
        let own = search(question, limit: Self.deepHitCount).hits.first { $0.article.id == id }
        if let own, own.passages.first.map({ $0.score > 0 }) ?? false { hit.passages = own.passages }
        let others = result.hits.filter { $0.article.id != id }
        return Outcome(
            question: question,
            verdict: .good,
            confidence: hit.confidence,
            hits: [hit] + others,
            contentCount: 1
        )
    }

    private func search(_ text: String, limit: Int = hitCount) -> SearchResult {
        index.search(text, language: language, audience: audience, limit: limit, reusing: encoded)
    }

    // MARK: - Judging

    private func judged(_ question: String, _ content: [String], _ result: SearchResult) -> Outcome {
        let confidence = result.hits.first?.confidence ?? 0
        return Outcome(
            question: question,
            verdict: verdict(confidence),
            confidence: confidence,
            hits: result.hits,
            contentCount: content.count
        )
    }

    private func verdict(_ confidence: Double) -> Outcome.Verdict {
        confidence >= settings.answerAt ? .good : confidence >= settings.clarifyAt ? .near : .nothing
    }

    /// The outcome, unless the question is about a thing outside of every portal: "reset my router password".
    ///
    /// A thing in another clause is a story and no matter: "my dog died and I need to move my visit".
    private func outside(_ words: [String], _ outcome: Outcome) -> Outcome {
        guard let hit = outcome.hits.first else { return outcome }
        let held = Set(hit.explanation.filter { $0.way != .spelling }.map(\.typed))
        func isOutside(_ word: String) -> Bool { settings.outsideWords.contains(word) && !held.contains(word) }
        guard words.contains(where: isOutside) else { return outcome }
        let clauses = words.split { word in phrases.contains { $0.connectors.contains(word) } }
        let rest = clauses.filter { !$0.contains(where: isOutside) }.flatMap { $0 }
        let content = ReplyTexts.content(rest, phrases)
        if content.count > 1 {
            let story = judged(outcome.question, content, search(rest.joined(separator: " ")))
            if story.verdict == .good { return story }
        }
        let confidence = min(outcome.confidence, settings.clarifyAt / 2)
        return Outcome(
            question: outcome.question,
            verdict: .nothing,
            confidence: confidence,
            hits: outcome.hits,
            contentCount: outcome.contentCount
        )
    }
}
