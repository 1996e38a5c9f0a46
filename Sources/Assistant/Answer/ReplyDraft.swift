/// A reply while it is being put together.
struct ReplyDraft {
    let finding: CrisisFinding
    var state: ConversationState
    let redaction: Redaction
    var isDistressed = false
    var decision = Reply.Decision.abstain
    var panel: CrisisPanel?
    var guardrails: [GuardrailEvent] = []
    var paragraphs: [ReplyParagraph] = []
    var citations: [Citation] = []
    var links: [ReplyLink] = []
    var suggestions: [String] = []
    var team: TeamPresence?
    var draftMessage: String?
    var confidence = 0.0
    var topics: [String] = []

    init(finding: CrisisFinding, state: ConversationState, redaction: Redaction) {
        self.finding = finding
        self.state = state
        self.redaction = redaction
        self.state.offeredTopics = []
    }

    mutating func say(_ text: String) {
        if !text.isEmpty { paragraphs.append(ReplyParagraph(text)) }
    }
}
