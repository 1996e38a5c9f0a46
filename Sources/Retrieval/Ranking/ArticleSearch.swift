/// One search over the articles of a language.
struct ArticleSearch {
    /// Articles that are judged closely.
    private static let candidateCount = 40

    let index: LanguageIndex
    var leftOut: LeftOutQuestion?
    var encoded: EncodedQueries?

    func search(_ text: String, audience: Set<Audience>, limit: Int) -> SearchResult {
        let query = QueryReader.read(text, index: index, leavingOut: leftOut)
        let ranked = ranked(
            query,
            audience: audience,
            // Without a word that counts there are no candidates, and nothing to be alike to.
            similarities: query.slots.isEmpty
                ? nil : index.secondEvidence?.similarities(to: text, leavingOut: leftOut, reusing: encoded)
        )
        let scores = ranked.map(\.total)
        let hits = ranked.prefix(max(0, limit)).enumerated().map { place, evidence in
            let others = place == 0 ? scores.dropFirst().first : scores.first
            return hit(evidence, query: query, score: scores[place], bestOther: others ?? 0)
        }
        return SearchResult(
            hits: hits,
            terms: query.slots.map { slot in
                slot.term.map(index.vocabulary.terms.text) ?? slot.alternatives.first?.reading ?? slot.typed
            },
            unknownTerms: query.unknown.map(\.typed),
            corrections: query.slots.compactMap { slot in
                slot.alternatives.first { $0.way == .spelling }
                    .map { SearchResult.Correction(typed: slot.typed, read: $0.reading) }
            },
            wasTruncated: query.wasTruncated
        )
    }

    /// The candidates, best first; equal scores by id.
    func ranked(
        _ query: Query,
        audience: Set<Audience>,
        similarities: [ArticleSimilarities.Similarity]? = nil
    ) -> [ArticleEvidence] {
        let lexical = lexicalScores(query)
        func best(_ scores: [Float], above floor: Float) -> [Int] {
            let readable = zip(index.audiences, scores).map { audience.contains($0) ? $1 : -.infinity }
            return BestList.best(Self.candidateCount, of: readable, above: floor)
        }
        var candidates = best(lexical, above: 0)
        if let similarities, !query.slots.isEmpty {
            let known = Set(candidates)
            candidates += best(similarities.map(\.best), above: -.infinity).filter { !known.contains($0) }
        }
        var matcher = ArticleMatcher(index: index, query: query, leavingOut: leftOut)
        let evidence = candidates.map { article in
            var evidence = matcher.evidence(for: article, lexical: lexical[article])
            evidence.settle(index.parameters, similarity: similarities?[article])
            return evidence
        }
        return evidence.sorted { ($1.total, $0.article) < ($0.total, $1.article) }
    }

    // MARK: - Candidates

    /// BM25F of every article: for each word of the query the best of what it may stand for.
    private func lexicalScores(_ query: Query) -> [Float] {
        var scores = [Float](repeating: 0, count: index.articles.count)
        var best = scores
        var touched: [Int] = []
        for slot in query.slots {
            for alternative in slot.alternatives {
                index.postings.forEach(of: alternative.term) { article, impact in
                    let worth = alternative.gain * impact
                    if best[article] == 0 { touched.append(article) }
                    if worth > best[article] { best[article] = worth }
                }
            }
            for article in touched {
                scores[article] += best[article]
                best[article] = 0
            }
            touched.removeAll(keepingCapacity: true)
        }
        if let leftOut { scores[leftOut.article] = lexicalScore(query, leavingOut: leftOut) }
        return scores
    }

    private func lexicalScore(_ query: Query, leavingOut leftOut: LeftOutQuestion) -> Float {
        var impacts: [Int: Float] = [:]
        var sums = [Float](repeating: 0, count: index.vocabulary.terms.count)
        index.frequencies.forEachImpact(
            of: index.textRanges[leftOut.article],
            excludingQuestion: leftOut.question,
            sums: &sums
        ) { impacts[$0] = $1 }
        return query.slots.reduce(0) { sum, slot in
            sum + (slot.alternatives.map { $0.gain * (impacts[$0.term] ?? 0) }.max() ?? 0)
        }
    }

    // MARK: - Hits

    private func hit(_ evidence: ArticleEvidence, query: Query, score: Float, bestOther: Float) -> Hit {
        let article = index.articles[evidence.article]
        let passages = zip(index.passages[evidence.article], evidence.passages)
            .map { RankedPassage(passage: $0, score: Double($1)) }
            .sorted { ($1.score, $0.passage.ordinal) < ($0.score, $1.passage.ordinal) }
        let confidence = Confidence(
            evidence,
            query: query,
            rarest: index.postings.rarity(unitsWithTerm: 0),
            score: score,
            bestOther: bestOther
        )
        return Hit(
            article: article,
            score: Double(score),
            confidence: confidence.value,
            passages: passages,
            bestQuestion: evidence.bestQuestion.map { article.questions[$0] },
            explanation: explain(evidence, query)
        )
    }

    private func explain(_ evidence: ArticleEvidence, _ query: Query) -> [TermEvidence] {
        let mass = max(query.mass, .leastNormalMagnitude)
        return zip(query.slots, evidence.found).compactMap { slot, found in
            guard let found else { return nil }
            let alternative = slot.alternatives[found.alternative]
            return TermEvidence(
                typed: slot.typed,
                analyzed: index.vocabulary.terms.text(alternative.term),
                way: alternative.way,
                fields: EvidenceField.allCases.filter { found.fields.contains(.init($0)) },
                contribution: Double(slot.mass * found.share / mass)
            )
        }
    }
}

extension LanguageIndex {
    /// One sample question taken out of the index.
    func leavingOut(question: Int, of article: Int) -> LeftOutQuestion {
        var inQuestion: Set<Int> = []
        var elsewhere: Set<Int> = []
        for text in texts[textRanges[article]] {
            let terms = text.tokens.lazy.map { Int(tokens[$0].term) }
            if text.field == .question, text.ordinal == question {
                inQuestion.formUnion(terms)
            } else {
                elsewhere.formUnion(terms)
            }
        }
        return LeftOutQuestion(article: article, question: question, lostTerms: inQuestion.subtracting(elsewhere))
    }
}
