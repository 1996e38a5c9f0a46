public import Retrieval

/// Answers a message: crisis screen first, then guardrails, then the articles. Quotes and cites; writes no text of its own
/// beyond the wording in Prompts.
///
/// Deterministic: the same message, context, prompts and articles always give the same reply.
public struct Assistant: Sendable {
    let prompts: Prompts
    let index: SearchIndex
    /// By article, those that name any.
    let liveFieldNames: [String: Set<String>]
    let screen: CrisisScreen
    let guardrails: GuardrailScreen

    public init(prompts: Prompts, index: SearchIndex) {
        self.prompts = prompts
        self.index = index
        liveFieldNames = index.articles.mapValues { Set($0.passages.flatMap(\.liveFields)) }.filter {
            !$0.value.isEmpty
        }
        screen = CrisisScreen(prompts)
        guardrails = GuardrailScreen(prompts)
    }

    /// What to say to `text`. Defined for every text, also an empty one.
    public func reply(to text: String, in context: ReplyContext) -> Reply {
        let screened = ScreenedText(text, prompts)
        let finding = screen.screen(screened, state: context.state)
        let state = screen.remember(finding, screened, in: context.state)
        let language = Self.language(of: finding, in: context)
        let writer = ReplyWriter(
            prompts: prompts,
            index: index,
            context: context,
            language: language,
            encoded: context.encoded ?? EncodedQueries()
        )
        let redaction =
            context.redactions.isEmpty
            ? Redactor.redact(text) : Redaction(text: text, found: context.redactions)
        var draft = ReplyDraft(finding: finding, state: state, redaction: redaction)
        draft.isDistressed = state.distressTurn == state.turns
        let phrases = prompts.texts.phrases(language)

        let cut = Message.cut(text)
        draft.guardrails =
            cut.utf8.count == text.utf8.count ? guardrails.check(screened) : guardrails.check(cut)
        let spans = finding.tier > .none ? Self.spans(of: finding, in: text, cut: cut) : []
        let message = Message(draft.redaction.found.isEmpty ? cut : Redactor.question(cut), phrases: phrases)
        let ordinary = spans.isEmpty ? message : Message(cut, phrases: phrases, leavingOut: spans)

        if finding.tier > .none {
            draft.panel = prompts.panel(for: finding, language: language, region: context.region)
        }
        if finding.tier >= .elevated {
            crisis(&draft, ordinary, writer)
        } else if draft.guardrails.contains(where: { $0.action == .refuse }) {
            refusal(&draft, message, writer, phrases)
        } else if message.words.isEmpty {
            finding.tier == .none ? writer.smallTalk(&draft, .empty) : writer.crisisOnly(&draft, topics: [])
        } else {
            ordinaryReply(&draft, message, writer, phrases)
        }
        return writer.finished(draft)
    }

    /// Spanish when the message is, else the conversation's language.
    private static func language(of finding: CrisisFinding, in context: ReplyContext) -> String {
        finding.language == "es" || context.language.hasPrefix("es") ? "es" : "en"
    }

    // MARK: - Ways to answer

    private func crisis(_ draft: inout ReplyDraft, _ ordinary: Message, _ writer: ReplyWriter) {
        let found = ordinary.words.isEmpty ? [] : outcomes(ordinary, writer)
        writer.crisisOnly(&draft, topics: found.first?.topics ?? [])
        // A refused request beside a crisis is not spoken about now.
        guard !draft.guardrails.contains(where: { $0.action == .refuse }),
            ordinary.sentences.contains(where: \.isQuestion)
        else { return }
        let sure = found.filter { $0.verdict == .good && $0.confidence >= prompts.settings.besideCrisisAt }
        if !sure.isEmpty { writer.answerBesideCrisis(&draft, sure) }
    }

    private func ordinaryReply(
        _ draft: inout ReplyDraft,
        _ message: Message,
        _ writer: ReplyWriter,
        _ phrases: [ReplyTexts.Phrases]
    ) {
        if let (kind, rest) = SmallTalk.find(in: message.words, phrases: phrases),
            smallTalk(kind, rest, &draft, message, writer)
        {
            return
        }
        let found = outcomes(message, writer)
        guard let first = found.first else { return writer.abstain(&draft, .none) }
        if draft.finding.tier == .support, first.verdict < .good {
            return writer.crisisOnly(&draft, topics: first.topics)
        }
        switch first.verdict {
        case _ where found.count > 1: writer.answer(&draft, found)
        case .good where writer.isTooClose(first): writer.clarify(&draft, first)
        case .good: writer.answer(&draft, found)
        case .near: writer.clarify(&draft, first)
        case .nothing: writer.abstain(&draft, first)
        }
    }

    /// - Returns: false when there is a question beside the small talk that the articles answer.
    private func smallTalk(
        _ kind: SmallTalk,
        _ rest: [String],
        _ draft: inout ReplyDraft,
        _ message: Message,
        _ writer: ReplyWriter
    ) -> Bool {
        guard draft.finding.tier == .none else { return false }
        switch kind {
        case .handover:
            let nearest = outcomes(message, writer).first
            let isGood = nearest?.verdict == .good
            if isGood, asksMore(rest, writer) { return false }
            let known = prompts.settings.handoverTopics.filter { index.articles[$0] != nil }
            writer.handOver(&draft, topics: isGood ? nearest?.topics ?? known : known)
        case .identity:
            if asksMore(rest, writer), outcomes(message, writer).first?.verdict == .good { return false }
            writer.smallTalk(&draft, .identity)
        case .hello: writer.smallTalk(&draft, .hello)
        case .thanks: writer.smallTalk(&draft, .thanks)
        case .goodbye: writer.smallTalk(&draft, .goodbye)
        case .wellbeing: writer.smallTalk(&draft, .wellbeing)
        case .capabilities: writer.smallTalk(&draft, .capabilities)
        }
        return true
    }

    /// Whether the words beside small talk are about something.
    private func asksMore(_ rest: [String], _ writer: ReplyWriter) -> Bool {
        ReplyTexts.content(rest, prompts.texts.phrases(writer.language)).count > 1
    }

    /// Refuses, and answers what else was asked when that is in a sentence of its own.
    private func refusal(
        _ draft: inout ReplyDraft,
        _ message: Message,
        _ writer: ReplyWriter,
        _ phrases: [ReplyTexts.Phrases]
    ) {
        let allowed = message.sentences.filter { sentence in
            sentence.isQuestion && !guardrails.check(sentence.text).contains { $0.action == .refuse }
        }
        let others = allowed.count < message.sentences.count ? allowed : []
        let found = outcomes(others.isEmpty ? message : Message(others), writer)
        writer.refuse(&draft, outcomes: found, isAskedApart: !others.isEmpty)
    }

    private func outcomes(_ message: Message, _ writer: ReplyWriter) -> [ArticleLookup.Outcome] {
        let lookup = ArticleLookup(
            index: index,
            settings: prompts.settings,
            phrases: prompts.texts.phrases(writer.language),
            language: writer.language,
            audience: writer.context.audience,
            encoded: writer.encoded
        )
        let followUp = FollowUp(lookup: lookup, phrases: lookup.phrases, state: writer.context.state)
        return QuestionPlan(lookup: lookup, followUp: followUp, settings: prompts.settings).outcomes(for: message)
    }

    /// Where the crisis screen's matches stand in the cut text, in UTF-8 bytes.
    private static func spans(of finding: CrisisFinding, in text: String, cut: String) -> [Range<Int>] {
        let ranges = finding.matches.map { $0.start..<max($0.start, $0.end) }
        let shift = text.utf8.count - cut.utf8.count
        guard shift > 0 else { return ranges }
        // What stands at the end of a long text stands nearer to the beginning of the cut one.
        return ranges + ranges.map { max(0, $0.lowerBound - shift)..<max(0, $0.upperBound - shift) }
    }
}
