import Retrieval

/// Whether a sentence stands on the passages: every word that says something is in them in some form, most of them in one
/// sentence of theirs, every figure in that very sentence and with the same word after it, and it says no exactly where that
/// does.
///
/// A rule of ours, and a strict one: what it wrongly refuses is answered by quoting the passage. What it cannot see is a
/// sentence that turns the words of one place around ("the practice pays you").
struct Grounding {
    /// A passage that a sentence may be drawn from.
    struct Source {
        /// Title and heading, whose words may be used and whose figures may not.
        let title: String
        let text: String
    }

    /// Part of a sentence's words that has to stand in one sentence of a passage, or in the title above it.
    private static let placeShare = 0.7
    /// Part that has to stand in that sentence itself.
    private static let ownShare = 0.5
    private static let mostWords = 60

    private struct Place {
        let source: Int
        let stems: Set<String>
        let exact: Set<String>
        /// Figures, each with the word after it.
        let measures: Set<String>
        let saysNo: Bool
    }

    private let wording: ModelPrompts.Wording
    private let language: Language
    private let places: [Place]
    /// Stems of the title of each source.
    private let titles: [Set<String>]
    private let stems: Set<String>
    private let scalars: Set<Unicode.Scalar>
    private let texts: [String]
    private let exactStems: Set<String>
    /// The words of each passage, a space before and after each.
    private let wordings: [String]

    init(_ sources: [Source], wording: ModelPrompts.Wording, language: Language) {
        self.wording = wording
        self.language = language
        let exactStems = Set(wording.exactWords.map { WordStem.of($0, language: language) })
        self.exactStems = exactStems
        wordings = sources.map { " " + Words.of($0.text).joined(separator: " ") + " " }
        texts = sources.map { $0.title + "\n" + $0.text }
        scalars = Set(texts.joined().unicodeScalars)
        titles = sources.map { Self.stems($0.title, language) }
        var places: [Place] = []
        for (number, source) in sources.enumerated() {
            for sentence in SentenceCutter.sentences(of: source.text) {
                let words = Words.of(sentence)
                places.append(
                    Place(
                        source: number,
                        stems: Self.stems(sentence, language),
                        exact: Self.exact(sentence, words, exactStems, language),
                        measures: Self.measures(words, wording, language),
                        saysNo: words.contains(where: wording.negations.contains)
                    )
                )
            }
        }
        self.places = places
        stems = places.reduce(into: titles.reduce(into: Set()) { $0.formUnion($1) }) { $0.formUnion($1.stems) }
    }

    /// The source that the sentence is drawn from, or why it is not.
    func source(of sentence: String) -> Result<Int, FaultFound> {
        let words = Words.of(sentence)
        guard words.count <= Self.mostWords, sentence.utf8.count <= SentenceCutter.longest else {
            return fault(.length)
        }
        guard !hasForeignLink(sentence) else { return fault(.link) }
        guard sentence.unicodeScalars.allSatisfy(isPlain) else { return fault(.character) }
        let exact = Self.exact(sentence, words, exactStems, language)
        let allExact = places.reduce(into: Set<String>()) { $0.formUnion($1.exact) }
        guard exact.isSubset(of: allExact) else { return fault(.figure) }
        let content = Set(
            words.filter { !wording.freeWords.contains($0) && !wording.negations.contains($0) && !Self.isFigure($0) }
                .map { WordStem.of($0, language: language) }
        )
        guard !content.isEmpty, content.isSubset(of: stems) else { return fault(.word) }
        let saysNo = words.contains(where: wording.negations.contains)
        let measures = Self.measures(words, wording, language)
        var isPlaced = false
        var isExact = false
        for place in places {
            let held = content.count { place.stems.contains($0) || titles[place.source].contains($0) }
            let own = content.count(where: place.stems.contains)
            guard Double(own) >= Self.ownShare * Double(content.count),
                Double(held) >= Self.placeShare * Double(content.count)
            else { continue }
            isPlaced = true
            guard exact.isSubset(of: place.exact), measures.isSubset(of: place.measures) else { continue }
            isExact = true
            if place.saysNo == saysNo { return .success(place.source) }
        }
        return fault(isExact ? .negation : isPlaced ? .figure : .place)
    }

    /// Whether a passage holds the sentence word by word.
    func isVerbatim(_ sentence: String) -> Bool {
        let words = " " + Words.of(sentence).joined(separator: " ") + " "
        return wordings.contains { $0.contains(words) }
    }

    struct FaultFound: Error {
        let fault: WordingFault
    }

    private func fault(_ fault: WordingFault) -> Result<Int, FaultFound> { .failure(FaultFound(fault: fault)) }

    // MARK: - Parts

    private static let plain = Set(" .,;:!?/'\"()-–—’‘“”¿¡".unicodeScalars)

    private func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9": true
        case "á", "é", "í", "ó", "ú", "ü", "ñ", "Á", "É", "Í", "Ó", "Ú", "Ü", "Ñ": language == .spanish
        default: Self.plain.contains(scalar) || scalars.contains(scalar)
        }
    }

    /// Whether some piece of the sentence looks like an address and does not stand in the passages as it is.
    private func hasForeignLink(_ sentence: String) -> Bool {
        sentence.split(whereSeparator: \.isWhitespace).contains { piece in
            let bare = String(piece).trimmed(".,;:!?()[]\"'“”’‘<>")
            let lower = bare.lowercased()
            let isAddress =
                bare.contains("@") || bare.contains("//") || lower.hasPrefix("www.") || bare.hasPrefix("/")
                || bare.contains("](") || Self.isDomain(lower)
            return isAddress && !texts.contains { $0.contains(bare) }
        }
    }

    /// Letters, a full stop, and at least two letters: `example.org`, not `e.g` and not `3.5`.
    private static func isDomain(_ text: String) -> Bool {
        let parts = text.split(separator: "/").first?.split(separator: ".", omittingEmptySubsequences: false) ?? []
        guard parts.count > 1, let last = parts.last, last.count > 1, last.allSatisfy(\.isLetter) else { return false }
        return parts.dropLast().allSatisfy { !$0.isEmpty } && (parts.first?.contains(where: \.isLetter) ?? false)
    }

    /// Figures with the word after each, where it says something: `24 hour`, and not `50 dollar`.
    private static func measures(_ words: [String], _ wording: ModelPrompts.Wording, _ language: Language) -> Set<
        String
    > {
        Set(
            zip(words, words.dropFirst()).compactMap { figure, next in
                guard isFigure(figure), !isFigure(next), !wording.freeWords.contains(next) else { return nil }
                return figure + " " + WordStem.of(next, language: language)
            }
        )
    }

    private static func isFigure(_ word: String) -> Bool { word.utf8.allSatisfy { (48...57).contains($0) } }

    private static func stems(_ text: String, _ language: Language) -> Set<String> {
        Set(Words.of(text).map { WordStem.of($0, language: language) })
    }

    /// Figures with what joins their parts, and the words that count as figures.
    private static func exact(
        _ text: String,
        _ words: [String],
        _ exactStems: Set<String>,
        _ language: Language
    ) -> Set<String> {
        var found: Set<String> = []
        var figure = ""
        var joint = false
        for scalar in text.unicodeScalars {
            if scalar.properties.numericType != nil {
                if joint, !figure.isEmpty { figure.unicodeScalars.append("-") }
                figure.unicodeScalars.append(scalar)
                joint = false
            } else if !figure.isEmpty, !joint, "-.,:/".unicodeScalars.contains(scalar) {
                joint = true
            } else {
                if !figure.isEmpty { found.insert(figure) }
                figure = ""
                joint = false
            }
        }
        if !figure.isEmpty { found.insert(figure) }
        return found.union(words.map { WordStem.of($0, language: language) }.filter(exactStems.contains))
    }
}

extension String {
    fileprivate func trimmed(_ signs: String) -> String {
        var text = self[...]
        while let last = text.last, signs.contains(last) { text.removeLast() }
        while let first = text.first, signs.contains(first) { text.removeFirst() }
        return String(text)
    }
}
