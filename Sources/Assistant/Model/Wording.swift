import Retrieval

/// A reply while a language model puts its quotations into words: takes the model's text as it arrives and lets out the
/// sentences that stand on the passages and pass every check that the assistant's own words pass.
///
/// The first sentence that does not is dropped with all that follows it, and the quotations take its place.
public struct Wording: Sendable {
    /// What the model is told.
    public let request: WordingRequest
    /// Why it ended early; nil as long as every sentence passed.
    public private(set) var fault: WordingFault?

    private struct Sentence {
        let text: String
        let source: Int
        /// Whether a line of its own.
        let isPoint: Bool
    }

    private let reply: Reply
    private let texts: ModelPrompts.Wording
    private let grounding: Grounding
    private let output: OutputCheck
    private let guardrails: GuardrailScreen
    private let screen: CrisisScreen
    private var cutter = SentenceCutter()
    private var sentences: [Sentence] = []
    private var isEnded = false
    private var isComplete = false

    /// Sentences of one answer, at most.
    private static let most = 12

    init(
        reply: Reply,
        request: WordingRequest,
        texts: ModelPrompts.Wording,
        grounding: Grounding,
        output: OutputCheck,
        guardrails: GuardrailScreen,
        screen: CrisisScreen
    ) {
        self.reply = reply
        self.request = request
        self.texts = texts
        self.grounding = grounding
        self.output = output
        self.guardrails = guardrails
        self.screen = screen
    }

    /// Takes in what the model wrote next. Returns whether more is wanted.
    public mutating func add(_ text: String) -> Bool {
        guard !isEnded else { return false }
        for sentence in cutter.add(text) where !isEnded { take(sentence) }
        return !isEnded
    }

    /// - Parameter isWhole: whether the model came to the end of what it had to say; what was begun is dropped otherwise.
    public mutating func finish(isWhole: Bool) {
        guard !isEnded else { return }
        if isWhole { for sentence in cutter.finish() where !isEnded { take(sentence) } }
        isComplete = isWhole && !isEnded
        isEnded = true
    }

    /// How many sentences are shown.
    public var count: Int { sentences.count }

    // MARK: - Checks

    private mutating func take(_ text: String) {
        var body = text.replacing("**", with: "")[...]
        var marker = ""
        if let sign = body.first, "-*•".contains(sign), body.dropFirst().first == " " {
            marker = "- "
            body = body.dropFirst(2)
        } else {
            let number = body.prefix { $0.isASCIIDigit }
            let rest = body.dropFirst(number.count)
            if (1...2).contains(number.count), rest.hasPrefix(". ") || rest.hasPrefix(") ") {
                marker = number + ". "
                body = rest.dropFirst(2)
            }
        }
        let sentence = String(body)
        switch grounding.source(of: sentence) {
        case .failure(let found): end(found.fault)
        case .success(let source):
            if let fault = otherFault(sentence) { return end(fault) }
            guard sentences.count < Self.most else { return end(.length) }
            sentences.append(Sentence(text: marker + sentence, source: source, isPoint: !marker.isEmpty))
        }
    }

    private mutating func end(_ fault: WordingFault) {
        self.fault = fault
        isEnded = true
    }

    private func otherFault(_ sentence: String) -> WordingFault? {
        switch output.fault(in: sentence) {
        case .dose: return .dose
        case .phrase: return .phrase
        case .number: return .number
        case nil: break
        }
        // The screens read what people ask. What the practice published may be said as it stands.
        if grounding.isVerbatim(sentence) { return nil }
        if screen.screen(sentence).tier > .none { return .crisis }
        return guardrails.check(sentence).contains { $0.action == .refuse } ? .guardrail : nil
    }

    // MARK: - The reply

    /// The paragraphs that may be shown by now; they only grow until ``finish(isWhole:)``. Empty as long as no sentence
    /// passed.
    public var shown: [ReplyParagraph] {
        guard !sentences.isEmpty else { return [] }
        var paragraphs = quotes.before + [ReplyParagraph(texts.caption)]
        var last: Sentence?
        for sentence in sentences {
            if let previous = last, previous.source == sentence.source {
                let joint = previous.isPoint || sentence.isPoint ? "\n" : " "
                let text = paragraphs.removeLast().text + joint + sentence.text
                paragraphs.append(ReplyParagraph(text, citation: sentence.source))
            } else {
                paragraphs.append(ReplyParagraph(sentence.text, citation: sentence.source))
            }
            last = sentence
        }
        guard isEnded else { return paragraphs }
        if !isComplete { paragraphs += [ReplyParagraph(texts.cut)] + quotes.quoted }
        return paragraphs + quotes.after
    }

    private var quotes: (before: [ReplyParagraph], quoted: [ReplyParagraph], after: [ReplyParagraph]) {
        let all = reply.paragraphs
        guard let first = all.firstIndex(where: { $0.citation != nil }),
            let last = all.lastIndex(where: { $0.citation != nil })
        else { return (all, [], []) }
        return (Array(all[..<first]), Array(all[first...last]), Array(all[all.index(after: last)...]))
    }

    /// The reply with what is shown; the reply as it was when no sentence passed.
    ///
    /// - Parameter model: the model's name, to be kept with the reply.
    public func reply(model: String) -> Reply {
        guard isEnded, !sentences.isEmpty else { return reply }
        var worded = reply
        worded.paragraphs = shown
        worded.wording = ModelWording(
            model: model,
            promptVersion: request.promptVersion,
            ending: isComplete ? .complete : .cut,
            quoted: reply.paragraphs
        )
        return worded
    }
}
