import Retrieval

extension Assistant {
    /// What a language model may put into words of a reply; nil for a reply that is none of its business.
    ///
    /// Only a plain answer out of one article is: nothing that any screen found something in, nothing beside a sign of
    /// distress, nothing that holds a value of the client's own record, nothing in another language than the asker's.
    ///
    /// - Parameter names: of the client and of those who treat them, to be taken out of the question.
    public func wording(of reply: Reply, hiding names: [String]) -> Wording? {
        guard reply.wording == nil, reply.decision == .answer, reply.crisis == nil, reply.crisisPanel == nil,
            reply.guardrails.isEmpty, !reply.state.keepsResources, reply.state.distressTurn != reply.state.turns,
            let first = reply.citations.first, let language = Language(rawValue: first.language),
            let texts = prompts.model.wording(first.language),
            reply.citations.allSatisfy({ $0.articleID == first.articleID && $0.language == first.language }),
            !reply.citations.contains(where: holdsLiveField), !saysOtherLanguage(reply)
        else { return nil }
        let sources = reply.citations.map { citation in
            Grounding.Source(
                title: [citation.title, citation.heading].compactMap(\.self).joined(separator: ": "),
                text: citation.quote
            )
        }
        guard let request = request(reply.redactedText, sources, texts, first.language, names) else { return nil }
        return Wording(
            reply: reply,
            request: request,
            texts: texts,
            grounding: Grounding(sources, wording: texts, language: language),
            output: OutputCheck(settings: prompts.settings, texts: prompts.texts, ownNumbers: []),
            guardrails: guardrails,
            screen: screen
        )
    }

    /// Longest question that is sent, in characters.
    private static var longestQuestion: Int { 600 }

    private func request(
        _ question: String,
        _ sources: [Grounding.Source],
        _ texts: ModelPrompts.Wording,
        _ language: String,
        _ names: [String]
    ) -> WordingRequest? {
        let known = Set(sources.flatMap { Words.of($0.title + " " + $0.text) })
        let asked = PrivateWords(names: names, known: known).removed(from: Redactor.question(question))
        guard !asked.isEmpty, asked.count <= Self.longestQuestion else { return nil }
        let passages = sources.enumerated().map { number, source in
            ModelPrompts.fill(
                texts.passage,
                ["number": String(number + 1), "title": source.title, "text": source.text]
            )
        }
        return WordingRequest(
            system: texts.system,
            user: ModelPrompts.fill(texts.user, ["passages": passages.joined(separator: "\n"), "question": asked]),
            promptVersion: prompts.model.version,
            language: language
        )
    }

    /// Also for a passage that is no longer there, of which nobody knows.
    private func holdsLiveField(_ citation: Citation) -> Bool {
        let article = index.article(citation.articleID, language: citation.language)
        guard let article, article.version == citation.articleVersion,
            let passage = article.passages.first(where: { $0.id == citation.passageID })
        else { return true }
        return !passage.liveFields.isEmpty
    }

    private func saysOtherLanguage(_ reply: Reply) -> Bool {
        let notes = Set(ReplyTexts.languages.map { prompts.texts.text(.otherLanguage, $0) })
        return reply.paragraphs.contains { notes.contains($0.text) }
    }
}
