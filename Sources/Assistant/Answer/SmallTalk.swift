/// What a message is about when it is about nothing in the portal.
enum SmallTalk: String, CaseIterable, Sendable {
    case hello
    case thanks
    case goodbye
    /// "How are you?"
    case wellbeing
    /// "Are you a person?"
    case identity
    /// "What can you do?"
    case capabilities
    /// "I want to talk to a real person."
    case handover

    /// Kinds that count wherever they stand in a message; the others have to be all of it.
    var countsAnywhere: Bool { self == .identity || self == .handover }

    /// Longest message, in words, that is read as small talk.
    private static let longest = 14

    /// The kind of small talk that `words` are, and what is left of the message besides.
    static func find(in words: [String], phrases: [ReplyTexts.Phrases]) -> (kind: SmallTalk, rest: [String])? {
        guard !words.isEmpty else { return nil }
        for part in phrases {
            for kind in allCases where kind.countsAnywhere {
                for cue in part.smallTalk[kind] ?? [] {
                    guard let range = cue.range(in: words) else { continue }
                    return (kind, Array(words[..<range.lowerBound] + words[range.upperBound...]))
                }
            }
        }
        guard words.count <= longest else { return nil }
        return phrases.lazy.compactMap { whole(words, $0) }.first.map { ($0, []) }
    }

    /// The kind when cues and fillers cover every word. A message such as "hi, thanks!" is of the last kind named.
    private static func whole(_ words: [String], _ phrases: ReplyTexts.Phrases) -> SmallTalk? {
        var rest = words[...]
        var found: SmallTalk?
        while !rest.isEmpty {
            var best = (length: 0, kind: SmallTalk?.none)
            for kind in allCases {
                for cue in phrases.smallTalk[kind] ?? [] {
                    let length = cue.prefixLength(in: rest)
                    if length > best.length { best = (length, kind) }
                }
            }
            for cue in phrases.fillers {
                let length = cue.prefixLength(in: rest)
                if length > best.length { best = (length, nil) }
            }
            guard best.length > 0 else { return nil }
            found = best.kind ?? found
            rest = rest.dropFirst(best.length)
        }
        return found
    }
}
