import Assessment
import Records
import Store

/// Answers and scores in their tables.
extension AssessmentService {
    func answers(of administration: Administration, _ access: ClientAccess) throws -> Responses {
        var responses = Responses()
        for row in try access.all(ItemResponse.self, where: "assessment_id = \(administration.id)") {
            if let value = row.value {
                responses.values[row.itemCode] = .value(value)
            } else if let text = row.text {
                responses.values[row.itemCode] = .text(text.plaintext)
            }
        }
        return responses
    }

    /// Longest free-text answer, in characters.
    private static let longestText = 10_000

    func store(
        _ responses: Responses,
        of administration: Administration,
        scorer: Scorer,
        _ access: ClientAccess
    ) throws {
        if case .invalid = scorer.score(responses) { throw invalid(scorer.score(responses)) }
        let known = Dictionary(
            try access.all(ItemResponse.self, where: "assessment_id = \(administration.id)").map { ($0.itemCode, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        for (item, answer) in responses.values.sorted(by: { $0.key < $1.key }) {
            var row =
                known[item]
                ?? ItemResponse(
                    assessmentID: administration.id,
                    itemCode: item,
                    id: surroundings.newID(),
                    clientID: access.clientID,
                    createdAt: access.now,
                    updatedAt: access.now
                )
            switch answer {
            case .value(let value): (row.value, row.text) = (value, nil)
            case .text(let text):
                guard text.count <= Self.longestText else {
                    throw Refusal.invalid(
                        pointer: "/responses/\(item)",
                        message: "the answer is longer than \(Self.longestText) characters",
                        remedy: "Shorten it"
                    )
                }
                (row.value, row.text) = (nil, SealedText(text))
            case .unanswered, .malformed: (row.value, row.text) = (nil, nil)
            }
            row.updatedAt = access.now
            if known[item] == nil { try access.insert(row) } else { try access.update(row) }
        }
    }

    func store(_ report: ScoreReport, of administration: Administration, _ access: ClientAccess) throws {
        for score in report.scales {
            try access.insert(
                StoredScore(
                    assessmentID: administration.id,
                    scale: score.id,
                    id: surroundings.newID(),
                    clientID: access.clientID,
                    instrumentCode: report.instrument,
                    instrumentVersion: report.version,
                    value: score.value,
                    answered: score.answered,
                    missing: score.missing,
                    band: score.value == nil ? nil : score.band?.code,
                    engineVersion: engineVersion,
                    computedAt: access.now,
                    createdAt: access.now,
                    updatedAt: access.now
                )
            )
        }
    }
}
