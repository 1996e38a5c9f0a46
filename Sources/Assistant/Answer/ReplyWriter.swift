import Retrieval

/// Puts what was decided into words, quotations, links and next questions.
struct ReplyWriter {
    private static let most = 3

    let prompts: Prompts
    let index: SearchIndex
    let context: ReplyContext
    let language: String
    /// What the message was looked up by so far.
    let encoded: EncodedQueries

    private var settings: AssistantSettings { prompts.settings }

    func text(_ key: ReplyTexts.Key, _ values: [String: String] = [:]) -> String {
        var values = values
        let name = context.practiceName.isEmpty ? "" : context.practiceName
        values["practice"] = name.isEmpty ? prompts.texts.text(.practice, language) : name
        return prompts.texts.text(key, language, values)
    }

    // MARK: - Decisions

    func answer(_ draft: inout ReplyDraft, _ outcomes: [ArticleLookup.Outcome]) {
        draft.decision = .answer
        if draft.guardrails.contains(where: { $0.category == .abuse }) { draft.say(text(.abuseCalm)) }
        quote(outcomes, &draft)
        if draft.isDistressed { draft.say(text(.feelings)) }
    }

    func answerBesideCrisis(_ draft: inout ReplyDraft, _ outcomes: [ArticleLookup.Outcome]) {
        draft.say(text(.otherQuestion))
        quote(outcomes, &draft)
    }

    func crisisOnly(_ draft: inout ReplyDraft, topics: [String]) {
        draft.decision = .crisis
        draft.topics = topics
        draft.links = [helpLink, messageLink]
        draft.draftMessage = text(.draftEmpty)
    }

    func clarify(_ draft: inout ReplyDraft, _ outcome: ArticleLookup.Outcome) {
        let offered = Array(outcome.hits.prefix(2))
        guard offered.count > 1 else { return abstain(&draft, outcome) }
        draft.decision = .clarify
        draft.say(text(.clarify))
        draft.suggestions = offered.map(\.article.title)
        draft.links = [messageLink]
        draft.draftMessage = draftText(draft)
        draft.state.offeredTopics = offered.map(\.article.id)
        remember(outcome, &draft)
    }

    func abstain(_ draft: inout ReplyDraft, _ outcome: ArticleLookup.Outcome) {
        let near = Array(outcome.hits.prefix(2))
        draft.decision = .abstain
        if draft.isDistressed { draft.say(text(.feelings)) } else { draft.say(text(.abstain)) }
        draft.say(text(near.isEmpty ? .abstainNone : .abstainNear))
        draft.suggestions = near.map(\.article.title)
        draft.links = draft.isDistressed ? [helpLink, messageLink] : [messageLink]
        draft.draftMessage = draftText(draft)
        draft.state.offeredTopics = near.map(\.article.id)
        draft.confidence = outcome.confidence
        draft.topics = outcome.topics
    }

    /// - Parameter isAskedApart: the outcomes are for other sentences than the refused one.
    func refuse(_ draft: inout ReplyDraft, outcomes: [ArticleLookup.Outcome], isAskedApart: Bool) {
        guard let event = draft.guardrails.first(where: { $0.action == .refuse }) else { return }
        let outcome = outcomes.first ?? .none
        draft.draftMessage = draftText(draft)
        draft.confidence = outcome.confidence
        draft.topics = outcome.topics
        switch event.category {
        case .offtopic:
            draft.decision = .abstain
            draft.say(text(.refuseOfftopic))
            if isAskedApart, outcome.verdict == .good {
                draft.decision = .answer
                return quote(outcomes, &draft)
            }
            draft.suggestions = outcome.verdict > .nothing ? outcome.hits.prefix(2).map(\.article.title) : []
            draft.links = [messageLink]
            return
        case .injection: draft.say(text(.refuseInjection))
        case .privacy: draft.say(text(.refusePrivacy))
        case .medication: draft.say(text(.refuseMedication))
        case .diagnosis: draft.say(text(.refuseDiagnosis))
        case .clinical, .abuse: draft.say(text(.refuseClinical))
        }
        draft.decision = .refuse
        if event.category != .injection { draft.say(text(.refuseCan)) }
        let isNear = outcome.verdict == .good && outcome.confidence >= settings.besideRefusalAt
        if isNear, event.category != .injection {
            draft.say(text(isAskedApart ? .otherQuestion : .refuseRelated))
            quote([outcome], &draft)
        }
        draft.links = Array(([messageLink] + draft.links.filter { $0 != messageLink }).prefix(Self.most))
    }

    func handOver(_ draft: inout ReplyDraft, topics: [String]) {
        draft.decision = .handover
        draft.say(text(.handover))
        if let team = context.team {
            draft.team = team
            switch (team.isThere, team.turn[language]) {
            case (true, let turn?): draft.say(text(.teamThere, ["until": turn]))
            case (true, nil): draft.say(text(.teamThereOpen))
            case (false, let turn?): draft.say(text(.teamAway, ["next": turn]))
            case (false, nil): draft.say(text(.teamAwayOpen))
            }
            // Who told of danger before and finds nobody is shown where somebody is.
            if !team.isThere, draft.state.keepsResources {
                draft.panel = prompts.panel(tier: .support, language: language, region: context.region)
            }
        }
        draft.topics = topics
        draft.links = [messageLink, helpLink]
        draft.draftMessage = text(.draftEmpty)
    }

    func smallTalk(_ draft: inout ReplyDraft, _ key: ReplyTexts.Key) {
        draft.decision = .smalltalk
        draft.say(text(key))
        draft.links = [messageLink, helpLink]
    }

    /// Whether the two best articles are too close to choose between.
    func isTooClose(_ outcome: ArticleLookup.Outcome) -> Bool {
        // One word, such as "messages", names a subject and no question.
        guard outcome.confidence < settings.sureAt || outcome.contentCount == 1, outcome.hits.count > 1 else {
            return false
        }
        let margin = outcome.hits[0].confidence - outcome.hits[1].confidence
        return margin < settings.ambiguityMargin
    }

    // MARK: - Parts

    private var messageLink: ReplyLink { ReplyLink(label: text(.linkMessage), path: "/portal/messages/new") }
    private var helpLink: ReplyLink { ReplyLink(label: text(.linkHelp), path: "/help-now") }

    /// Longest question that is put into a message to the care team, in characters.
    private static let longestDraft = 600

    private func draftText(_ draft: ReplyDraft) -> String {
        let question = draft.redaction.text.unicodeScalars.prefix(Self.longestDraft).map(String.init).joined()
            .split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return question.isEmpty ? text(.draftEmpty) : text(.draft, ["question": question])
    }

    private func remember(_ outcome: ArticleLookup.Outcome, _ draft: inout ReplyDraft) {
        draft.confidence = outcome.confidence
        draft.topics = outcome.topics
        draft.state.lastTopics = outcome.topics
    }

    /// Quotes the first article of each outcome, and adds its links and next questions.
    private func quote(_ outcomes: [ArticleLookup.Outcome], _ draft: inout ReplyDraft) {
        let choice = PassageChoice(settings: settings, liveFields: context.liveFields)
        var topics: [String] = []
        for (place, outcome) in outcomes.enumerated() {
            guard let hit = outcome.hits.first else { continue }
            topics.append(hit.article.id)
            if outcomes.count > 1 {
                draft.say(text(.also, ["question": Redactor.redact(outcome.question).text]))
            }
            if hit.article.language != language { draft.say(text(.otherLanguage)) }
            for quote in choice.quotes(from: hit.passages) {
                draft.paragraphs.append(ReplyParagraph(quote.text, citation: draft.citations.count))
                draft.citations.append(
                    Citation(
                        articleID: hit.article.id,
                        articleVersion: hit.article.version,
                        passageID: quote.passage.id,
                        title: hit.article.title,
                        heading: quote.passage.heading,
                        quote: quote.text,
                        language: hit.article.language,
                        anchor: quote.passage.anchor
                    )
                )
            }
            add(hit.article.links, share: max(1, Self.most / outcomes.count), to: &draft)
            if place == 0 { draft.suggestions = Suggestions.next(after: outcome, most: Self.most) }
        }
        for outcome in outcomes {
            for topic in outcome.topics where !topics.contains(topic) { topics.append(topic) }
        }
        draft.confidence = outcomes.first?.confidence ?? 0
        draft.topics = topics
        draft.state.lastTopics = topics
        // There is always a way to a person.
        let leads = draft.links.contains { $0.path == messageLink.path || $0.path == "/portal/messages" }
        if !leads { draft.links = Array(draft.links.prefix(Self.most - 1)) + [messageLink] }
        draft.links = Array(draft.links.prefix(Self.most))
    }

    private func add(_ links: [ArticleLink], share: Int, to draft: inout ReplyDraft) {
        let new = links.filter { link in !draft.links.contains { $0.path == link.path } }
        draft.links += new.prefix(share).map { ReplyLink(label: $0.label, path: $0.path) }
    }

    // MARK: - The end

    /// The reply, after the last check of what it says.
    func finished(_ draft: ReplyDraft) -> Reply {
        var draft = draft
        if !draft.redaction.found.isEmpty { draft.paragraphs.insert(ReplyParagraph(text(.redacted)), at: 0) }
        if draft.panel == nil, draft.state.keepsResources {
            draft.say(prompts.stillHere(language: language))
            if !draft.links.contains(helpLink) { draft.links = Array(draft.links.prefix(Self.most - 1)) + [helpLink] }
        }
        check(&draft)
        var disclosure: String?
        let last = context.state.disclosedAt
        // A clock that was set back counts as a new session.
        if last.map({ context.now - $0 >= settings.disclosureInterval || context.now < $0 }) ?? true {
            disclosure = text(.disclosure)
            draft.state.disclosedAt = context.now
        }
        return Reply(
            decision: draft.decision,
            crisis: draft.finding.tier == .none ? nil : draft.finding,
            crisisPanel: draft.panel,
            guardrails: draft.guardrails,
            redactedText: draft.redaction.text,
            redactions: draft.redaction.found.map(\.rawValue),
            paragraphs: draft.paragraphs,
            citations: draft.citations,
            links: draft.links,
            suggestions: draft.suggestions,
            team: draft.team,
            draftMessage: draft.draftMessage,
            disclosure: disclosure,
            confidence: draft.confidence,
            topics: draft.topics,
            state: draft.state,
            rulesVersion: prompts.version
        )
    }

    private func check(_ draft: inout ReplyDraft) {
        let own = (context.liveFields["practice_phone"] ?? "").filter(\.isASCIIDigit)
        let check = OutputCheck(settings: settings, texts: prompts.texts, ownNumbers: own.isEmpty ? [] : [own])
        guard draft.paragraphs.contains(where: { check.fault(in: $0.text) != nil }) else { return }
        draft.paragraphs = [ReplyParagraph(text(.safeFallback))]
        draft.citations = []
        draft.suggestions = []
        draft.links = [messageLink, helpLink]
        draft.draftMessage = draft.draftMessage ?? draftText(draft)
    }
}
