/// The words and phrases of the lexicon's groups, found in a stream of terms.
struct Phrases: Sendable {
    /// A stretch of the stream that says one of a group's words.
    struct Match: Sendable {
        let range: Range<Int>
        /// The term of the sense.
        let sense: Int
        let weight: Float
    }

    private struct Entry: Sendable {
        let rest: [Int32]
        let sense: Int32
        let weight: Float
        /// Counts in questions only, not in articles.
        let isOneWay: Bool
    }

    /// Entries by their first term. Terms of the lexicon come first in the vocabulary, so later terms are not here.
    private var entries: [[Entry]] = []

    /// Adds all words of `groups` to `vocabulary`.
    init(groups: [Lexicon.Group], vocabulary: inout Vocabulary) {
        var seen: Set<[Int]> = []
        var stream = TermStream(vocabulary: vocabulary)
        for group in groups {
            let sense = stream.vocabulary.addSense(group.sense)
            for (texts, isOneWay) in [(group.words, false), (group.from, true)] {
                for text in texts {
                    stream.terms = []
                    stream.joined = []
                    Tokenizer.forEachWord(in: Folding.fold(text), language: vocabulary.language, sink: &stream)
                    // "sign-in" is two words and one: both ways of writing it are the phrase.
                    for terms in [stream.terms] + stream.joined.map({ [$0] }) where !terms.isEmpty {
                        guard seen.insert([sense] + terms).inserted else { continue }
                        add(terms, sense: sense, weight: Float(group.weight), isOneWay: isOneWay)
                    }
                }
            }
        }
        vocabulary = stream.vocabulary
    }

    private mutating func add(_ terms: [Int], sense: Int, weight: Float, isOneWay: Bool) {
        guard let first = terms.first else { return }
        while entries.count <= first { entries.append([]) }
        let rest = terms.dropFirst().map { Int32(truncatingIfNeeded: $0) }
        entries[first].append(
            Entry(rest: rest, sense: Int32(truncatingIfNeeded: sense), weight: weight, isOneWay: isOneWay)
        )
    }

    /// - Parameter stream: terms in the order written; negative for unknown words.
    /// - Parameter isQuestion: whether one-way entries count.
    func forEachMatch(in stream: [Int32], isQuestion: Bool, _ body: (Match) -> Void) {
        for start in stream.indices {
            let first = Int(stream[start])
            guard first >= 0, first < entries.count else { continue }
            for entry in entries[first] where isQuestion || !entry.isOneWay {
                let end = start + 1 + entry.rest.count
                guard end <= stream.count, stream[(start + 1)..<end].elementsEqual(entry.rest) else { continue }
                body(Match(range: start..<end, sense: Int(entry.sense), weight: entry.weight))
            }
        }
    }
}

/// Gathers the terms of a text while adding them to a vocabulary.
private struct TermStream: WordSink {
    var vocabulary: Vocabulary
    var terms: [Int] = []
    var joined: [Int] = []

    mutating func take(_ bytes: [UInt8], _ range: Range<Int>, position: Int, span: Int) {
        let term = vocabulary.add(bytes, range)
        if span == 1 { terms.append(term) } else { joined.append(term) }
    }
}
