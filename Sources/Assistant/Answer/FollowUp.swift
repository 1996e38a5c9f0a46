import Retrieval

/// Reads a message that says little by itself with what was talked about before: "and how do I cancel it?".
struct FollowUp {
    let lookup: ArticleLookup
    let phrases: [ReplyTexts.Phrases]
    let state: ConversationState

    /// The article meant by "the second one", or by its title, when the last reply offered several.
    func choice(_ message: Message) -> ArticleLookup.Outcome? {
        let offered = state.offeredTopics
        guard !offered.isEmpty else { return nil }
        let words = message.words
        let named = offered.first { id in
            lookup.index.article(id, language: lookup.language).map { Words.of($0.title) == words } ?? false
        }
        if let named { return lookup.article(named, for: message.text) }
        for (place, cues) in [(0, phrases.flatMap(\.firstChoice)), (1, phrases.flatMap(\.secondChoice))]
        where offered.indices.contains(place) {
            if cues.contains(where: { $0.prefixLength(in: words[...]) == words.count }) {
                return lookup.article(offered[place], for: "")
            }
        }
        return nil
    }

    /// The outcome with the last topic in mind, when that is the better reading of `question` than `alone`.
    func find(_ question: String, words: [String], alone: ArticleLookup.Outcome) -> ArticleLookup.Outcome? {
        guard let last = state.lastTopics.first, let article = lookup.index.article(last, language: lookup.language)
        else {
            return nil
        }
        let content = ReplyTexts.content(words, phrases)
        // "Why?" and "how long does it take?" have nothing of their own to look up. A question of small words that somebody
        // wrote down as it is, such as "¿cuánto debo?", has.
        if content.isEmpty { return alone.verdict == .good ? nil : lookup.article(last, for: question) }
        guard content.count <= lookup.settings.thinWords, alone.verdict == .nothing || pointsBack(words) else {
            return nil
        }
        let together = lookup.find(question + " " + article.title)
        guard let first = together.hits.first, together.verdict == .good else { return nil }
        if let other = alone.hits.first?.article, alone.verdict > .nothing, other.id != last {
            // A neighbor in the same field of subjects: from booking a visit to cancelling it.
            if !Set(other.topics).isDisjoint(with: article.topics), together.topics.contains(other.id) {
                return alone.verdict == .good ? alone : lookup.article(other.id, for: question)
            }
        }
        // The last article answers it when it holds what the message adds to it, or "it" can be nothing else.
        guard first.article.id == last, holds(first, content) || saysIt(words) && !alone.hits.isEmpty else {
            return nil
        }
        return lookup.article(last, for: question)
    }

    /// Whether a message begins with "and", "what about", or says "it".
    private func pointsBack(_ words: [String]) -> Bool {
        phrases.contains { part in
            part.followUps.contains { $0.prefixLength(in: words[...]) > 0 }
        } || saysIt(words)
    }

    private func saysIt(_ words: [String]) -> Bool {
        phrases.contains { $0.pronouns.contains { $0.range(in: words) != nil } }
    }

    private func holds(_ hit: Retrieval.Hit, _ content: [String]) -> Bool {
        let own = Set(content)
        return hit.explanation.contains { own.contains($0.typed) }
    }
}
