import Synchronization

/// The paragraphs of an answer on their way to whoever listens, sentence by sentence. They may still grow; what was sent is
/// not sent again.
final class ShownParagraphs: Sendable {
    /// What a paragraph and its pieces look like on the stream.
    private struct Piece: Codable, Sendable {
        let paragraph: Int
        let text: String
    }

    private let sender: EventSender
    private let sent = Mutex<[String]>([])

    init(_ sender: EventSender) { self.sender = sender }

    /// Throws ``ListenerLost``.
    func show(_ paragraphs: [String]) throws {
        try sent.withLock { sent in
            for (index, text) in paragraphs.enumerated() {
                let known = index < sent.count ? sent[index] : ""
                // What does not go on where it was is in the document that comes last.
                guard text != known, text.hasPrefix(known) else { continue }
                for sentence in Self.sentences(of: text.dropFirst(known.count)) {
                    try sender.send("text", Piece(paragraph: index, text: sentence))
                }
                if index < sent.count { sent[index] = text } else { sent.append(text) }
            }
        }
    }

    private static func sentences(of text: Substring) -> [String] {
        var pieces: [String] = []
        var current = ""
        for character in text {
            current.append(character)
            if character == " ", let last = current.dropLast().last, ".!?:\n".contains(last) {
                pieces.append(current)
                current = ""
            }
        }
        return current.isEmpty ? pieces : pieces + [current]
    }
}
