/// Judges candidate articles text by text.
struct ArticleMatcher {
    private let index: LanguageIndex
    private let query: Query
    private let terms: QueryTerms
    private let mass: Float
    private let leftOut: LeftOutQuestion?

    // Scratch space, one place for each slot of the query.
    private var best: [Float]
    private var firstPlace: [Int]
    // Scratch space, one place for each word of a short text.
    private var answered: [Float] = []
    private var masses: [Float] = []

    init(index: LanguageIndex, query: Query, leavingOut leftOut: LeftOutQuestion?) {
        self.index = index
        self.query = query
        self.leftOut = leftOut
        terms = QueryTerms(query, termCount: index.vocabulary.terms.count)
        mass = max(query.mass, .leastNormalMagnitude)
        best = [Float](repeating: 0, count: query.slots.count)
        firstPlace = [Int](repeating: -1, count: query.slots.count)
    }

    mutating func evidence(for article: Int, lexical: Float) -> ArticleEvidence {
        var evidence = ArticleEvidence(article: article)
        evidence.lexical = lexical / mass
        evidence.found = [ArticleEvidence.Found?](repeating: nil, count: query.slots.count)
        var bodies = PassageFrequencies(passages: index.passages[article].count, slots: query.slots.count)
        var nearest: [Float] = []
        for text in index.texts[index.textRanges[article]] {
            if text.field == .question, let leftOut, leftOut.article == article, leftOut.question == text.ordinal {
                continue
            }
            note(text, in: &evidence)
            switch text.field {
            case .title: evidence.title = similarity(text)
            case .question:
                let similarity = similarity(text)
                nearest.append(similarity)
                if similarity > evidence.question {
                    evidence.question = similarity
                    evidence.bestQuestion = text.ordinal
                }
            case .heading, .body: count(text, in: &bodies)
            }
        }
        evidence.passages = bodies.scores(
            query: query,
            found: evidence.found,
            mass: mass,
            parameters: index.parameters
        )
        evidence.passage = bodies.plainScores.max() ?? 0
        evidence.questions = nearest.sorted(by: >).prefix(3).reduce(0, +) / 3
        return evidence
    }

    // MARK: - Words found

    private func note(_ text: LanguageIndex.Text, in evidence: inout ArticleEvidence) {
        let field = ArticleEvidence.FieldSet(text.field)
        for number in text.tokens {
            terms.forEachAnswer(of: index.tokens[number].term) { answer in
                var found =
                    evidence.found[answer.slot]
                    ?? ArticleEvidence.Found(alternative: answer.alternative, share: answer.share, fields: [])
                if answer.share > found.share {
                    found.alternative = answer.alternative
                    found.share = answer.share
                }
                found.fields.formUnion(field)
                evidence.found[answer.slot] = found
            }
        }
    }

    // MARK: - Whole questions

    /// Whether a text has the words of the query in their order, and no others.
    private func isVerbatim(_ text: LanguageIndex.Text) -> Bool {
        guard text.length >= query.words.count else { return false }
        return text.tokens.lazy.map { index.tokens[$0] }.filter(\.isWord).map(\.term).elementsEqual(query.words)
    }

    /// How alike the query and a short text are: the mass of the query's words that the text holds, the mass of the
    /// text's words that the query holds, and whether neighbors are neighbors.
    private mutating func similarity(_ text: LanguageIndex.Text) -> Float {
        guard text.tokens.contains(where: { terms.answers(index.tokens[$0].term) }) else { return 0 }
        if isVerbatim(text) { return 1 }
        for slot in best.indices {
            best[slot] = 0
            firstPlace[slot] = -1
        }
        let places = text.places + 1
        while answered.count < places {
            answered.append(0)
            masses.append(0)
        }
        for place in 0..<places {
            answered[place] = 0
            masses[place] = 0
        }
        for number in text.tokens {
            let token = index.tokens[number]
            let place = min(Int(token.position), text.places)
            if token.isWord {
                let term = Int(token.term)
                masses[place] = max(masses[place], index.rarities[term] * index.vocabulary.weights[term])
            }
            terms.forEachAnswer(of: token.term) { answer in
                if answer.share > best[answer.slot] {
                    best[answer.slot] = answer.share
                    firstPlace[answer.slot] = place
                }
                for covered in place..<min(place + Int(token.span), places) {
                    answered[covered] = max(answered[covered], min(1, answer.share))
                }
            }
        }
        var forward: Float = 0
        for slot in best.indices { forward += best[slot] * query.slots[slot].mass }
        guard forward > 0 else { return 0 }
        forward /= mass
        var matched: Float = 0
        var total: Float = 0
        for place in 0..<places {
            matched += masses[place] * answered[place]
            total += masses[place]
        }
        let backward = total > 0 ? matched / total : 0
        let share = index.parameters.forwardShare
        let closeness = closeness()
        return (share * forward + (1 - share) * backward) * (1 - index.parameters.proximity * (1 - closeness))
    }

    /// Part of the mass of neighboring words in the query that are as near in the text.
    private func closeness() -> Float {
        var near: Float = 0
        var total: Float = 0
        for slot in firstPlace.indices.dropFirst() {
            let pair = min(query.slots[slot - 1].mass, query.slots[slot].mass)
            total += pair
            guard firstPlace[slot - 1] >= 0, firstPlace[slot] >= 0 else { continue }
            let asked = query.slots[slot].position - query.slots[slot - 1].position
            let given = firstPlace[slot] - firstPlace[slot - 1]
            near += pair / Float(1 + min(abs(given - asked), 8) / 2)
        }
        return total > 0 ? near / total : 1
    }

    // MARK: - Passages

    private func count(_ text: LanguageIndex.Text, in bodies: inout PassageFrequencies) {
        let parameters = index.parameters
        let isHeading = text.field == .heading
        let relative = isHeading ? 1 : Float(text.length) / index.meanPassageLength
        let b = parameters.body.lengthNormalization
        let unit = isHeading ? parameters.headings.weight : 1 / (1 - b + b * relative)
        for number in text.tokens {
            terms.forEachAnswer(of: index.tokens[number].term) { answer in
                bodies.add(unit * answer.share, passage: text.ordinal, slot: answer.slot)
            }
        }
    }
}

/// How often each passage of an article says each word of the query.
struct PassageFrequencies {
    private let slots: Int
    private let passages: Int
    private var values: [Float]
    private(set) var plainScores: [Float] = []

    init(passages: Int, slots: Int) {
        self.passages = passages
        self.slots = slots
        values = [Float](repeating: 0, count: passages * slots)
    }

    mutating func add(_ value: Float, passage: Int, slot: Int) {
        guard passage < passages else { return }
        values[passage * slots + slot] += value
    }

    /// Part of its mass that a word loses when every passage of the article says it: the late fee is in all passages about
    /// the late fee, "how much" in one.
    private static let localDiscount: Float = 0.6
    /// What is left of a word that the title says: every passage is about that.
    private static let titleShare: Float = 0.3
    /// The lead answers the article's main question, so another passage has to fit clearly better.
    private static let leadBonus: Float = 0.06

    /// A score for each passage, 0…about 1, to choose the one to quote.
    mutating func scores(
        query: Query,
        found: [ArticleEvidence.Found?],
        mass: Float,
        parameters: RankingParameters
    ) -> [Float] {
        plainScores = [Float](repeating: 0, count: passages)
        var scores = plainScores
        guard passages > 0 else { return [] }
        var discriminating: Float = 0
        for slot in 0..<slots {
            var holders: Float = 0
            for passage in 0..<passages where values[passage * slots + slot] > 0 { holders += 1 }
            guard holders > 0 else { continue }
            var local = 1 - Self.localDiscount * holders / Float(passages)
            if found[slot]?.fields.contains(.init(.title)) == true { local *= Self.titleShare }
            discriminating += query.slots[slot].mass * local
            for passage in 0..<passages {
                let value = values[passage * slots + slot]
                let worth = query.slots[slot].mass * value / (value + parameters.saturation)
                plainScores[passage] += worth / mass
                scores[passage] += worth * local
            }
        }
        for passage in scores.indices where discriminating > 0 { scores[passage] /= discriminating }
        scores[0] += Self.leadBonus
        return scores
    }
}
