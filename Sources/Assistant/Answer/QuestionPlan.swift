/// Decides which questions of a message are answered, and looks them up.
struct QuestionPlan {
    let lookup: ArticleLookup
    let followUp: FollowUp
    let settings: AssistantSettings

    /// Sentences that are each looked up by themselves, at most.
    private static let mostSentences = 6

    /// One outcome for each question to answer, in the order asked; at least one.
    func outcomes(for message: Message) -> [ArticleLookup.Outcome] {
        if let choice = followUp.choice(message) { return [choice] }
        let sentences = message.sentences
        guard sentences.count > 1 else { return [single(message.text, message.words)] }
        let several = several(sentences)
        if several.count > 1 { return several }
        return [best(sentences, whole: message)]
    }

    private func hasContent(_ sentence: Message.Sentence) -> Bool {
        !ReplyTexts.content(sentence.words, lookup.phrases).isEmpty
    }

    private func single(_ text: String, _ words: [String]) -> ArticleLookup.Outcome {
        let alone = lookup.find(text)
        return followUp.find(text, words: words, alone: alone) ?? alone
    }

    // MARK: - Several questions

    /// The questions that have each an article of their own; a question that leans on the sentence before is read with it.
    private func several(_ sentences: [Message.Sentence]) -> [ArticleLookup.Outcome] {
        let asked = sentences.filter { $0.isQuestion && hasContent($0) }
        guard asked.count > 1 else { return [] }
        lookup.prepare(asked.prefix(settings.mostQuestions).map(\.text))
        var outcomes: [ArticleLookup.Outcome] = []
        var story = ""
        for sentence in sentences {
            guard sentence.isQuestion, outcomes.count < settings.mostQuestions, hasContent(sentence) else {
                story += (story.isEmpty ? "" : " ") + sentence.text
                continue
            }
            var outcome = lookup.find(sentence.text)
            if outcome.verdict < .good, !story.isEmpty {
                let withStory = lookup.find(story + " " + sentence.text)
                if withStory.isBetter(than: outcome) { outcome = withStory }
            }
            story = sentence.text
            // A second question about the same article, or one that only makes sense with the first, is no question apart.
            guard outcome.verdict >= .near, let id = outcome.topics.first,
                !outcomes.contains(where: { $0.topics.first == id })
            else { continue }
            outcomes.append(outcome)
        }
        return outcomes.contains { $0.verdict == .good } ? outcomes : []
    }

    // MARK: - One question with a story

    private func best(_ sentences: [Message.Sentence], whole message: Message) -> ArticleLookup.Outcome {
        var best = ArticleLookup.Outcome.none
        // The question first; the story is looked up only when the question by itself finds nothing good.
        let questions = sentences.filter(\.isQuestion).prefix(Self.mostSentences)
        lookup.prepare(questions.map(\.text))
        for question in questions {
            let outcome = lookup.find(question.text)
            if outcome.contentCount > 0, outcome.isBetter(than: best) { best = outcome }
        }
        if best.verdict == .good { return best }
        let whole = single(message.text, message.words)
        if whole.isBetter(than: best) { best = whole }
        if best.verdict == .good { return best }
        let statements = sentences.filter { !$0.isQuestion }.prefix(Self.mostSentences)
        lookup.prepare(statements.map(\.text))
        for sentence in statements {
            let outcome = lookup.find(sentence.text)
            if outcome.contentCount > 0, outcome.isBetter(than: best) { best = outcome }
        }
        return best.hits.isEmpty ? whole : best
    }
}
