import Assistant
import Records
import Retrieval
import Synchronization

/// One message on its way to an answer.
final class Answering: Sendable {
    let text: String
    let conversation: ID<Conversation>
    let nonce: String?
    let client: ID<Client>
    let principal: Principal
    /// What the crisis screen found in the message alone.
    let finding: CrisisFinding
    /// What it was looked up by: answered once more, nothing is encoded again.
    let encoded = EncodedQueries()
    private let last = Mutex<Last>(Last())

    /// What was come to so far.
    private struct Last {
        var chosen: Reply?
        /// The paragraphs that were given to be reworded, and what came of it.
        var reworded: (paragraphs: [ReplyParagraph], rewording: Rewording?)?
    }

    init(
        text: String,
        conversation: ID<Conversation>,
        nonce: String?,
        client: ID<Client>,
        principal: Principal,
        finding: CrisisFinding
    ) {
        self.text = text
        self.conversation = conversation
        self.nonce = nonce
        self.client = client
        self.principal = principal
        self.finding = finding
    }

    /// The reply that was chosen last, whether or not it was stored.
    var chosen: Reply? { last.withLock { $0.chosen } }
    func choose(_ reply: Reply) { last.withLock { $0.chosen = reply } }

    /// What the message tells of, alone and after what was said before.
    var tier: CrisisTier { max(finding.tier, chosen?.crisis?.tier ?? .none) }
    var alerts: Bool { finding.alert || chosen?.crisis?.alert ?? false }

    /// What came of rewording these paragraphs before; nil when that was not tried.
    func rewording(of paragraphs: [ReplyParagraph]) -> Rewording?? {
        last.withLock { last in last.reworded.flatMap { $0.paragraphs == paragraphs ? .some($0.rewording) : nil } }
    }
    func keep(_ rewording: Rewording?, of paragraphs: [ReplyParagraph]) {
        last.withLock { $0.reworded = (paragraphs, rewording) }
    }
}
