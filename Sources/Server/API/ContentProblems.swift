import HTTPTypes
import Portal

extension ProblemMapping {
    /// What the editors' work refuses with more than words: the text that somebody else saved, and what the check found.
    static let content = ProblemMapping { error in
        switch error {
        case let stale as StaleDraft:
            Problem(
                .preconditionFailed,
                "Somebody changed the draft since you loaded it; `current` is how it is now. What you wrote was not stored.",
                extensions: stale.current.map { ["current": json(DraftDocument($0))] } ?? [:],
                headers: [.eTag: "\"\(stale.current?.rev ?? 0)\""]
            )
        case let blocked as BlockedByCheck:
            Problem(
                .conflict,
                "The check found what has to be put right first; see `check`.",
                extensions: ["check": json(CheckDocument(blocked.report))]
            )
        case let faulty as FaultyRules:
            Problem(
                .conflict,
                "These rules cannot be used; `findings` says why. What is in force stays.",
                extensions: ["findings": .array(faulty.findings.prefix(200).map { json(RuleFindingDocument($0)) })]
            )
        case let stale as StaleRules:
            Problem(
                .preconditionFailed,
                "Somebody changed the rules since you loaded them; `current` is how they are now. What you wrote was not stored.",
                extensions: stale.current.map { ["current": json(RuleDraftDocument($0))] } ?? [:],
                headers: [.eTag: "\"\(stale.current?.rev ?? 0)\""]
            )
        default: nil
        }
    }

    private static func json(_ document: some Encodable) -> JSONValue {
        (try? JSONCoding.encode(document)).flatMap { try? JSONCoding.parse($0) } ?? .null
    }
}
