/// Finds numbers and secrets that should not be stored, and puts a placeholder in their place.
///
/// Social security and card numbers (also spelled out, spaced or dashed), bank accounts, passwords and codes that are told,
/// government ids. Claim and invoice numbers, dates, amounts and phone numbers stay.
public enum Redactor {
    /// - Complexity: linear in the length of the text.
    public static func redact(_ text: String) -> Redaction {
        let read = RedactionText(text)
        let judge = NumberJudge(read)
        let numbers = NumberRun.all(in: read).flatMap(judge.findings)
        let found = (numbers + SecretWords(read).findings())
            .sorted { ($0.range.lowerBound, -$0.range.upperBound) < ($1.range.lowerBound, -$1.range.upperBound) }
        guard !found.isEmpty else { return Redaction(text: text, found: []) }
        var result = String.UnicodeScalarView()
        var kinds: [Redaction.Kind] = []
        var place = 0
        for finding in found where finding.range.lowerBound >= place {
            result.append(contentsOf: read.scalars[place..<finding.range.lowerBound])
            result.append(contentsOf: finding.kind.placeholder.unicodeScalars)
            place = finding.range.upperBound
            if !kinds.contains(finding.kind) { kinds.append(finding.kind) }
        }
        result.append(contentsOf: read.scalars[place...])
        return Redaction(text: String(result), found: kinds)
    }

    /// The message as it is looked up: without the clauses that hold something private, unless nothing else is left.
    static func question(_ text: String) -> String {
        let redacted = redact(text).text
        let placeholders = Redaction.Kind.allCases.map(\.placeholder)
        var clauses: [Substring] = []
        var start = redacted.startIndex
        for index in redacted.indices where ",;.?!\n".contains(redacted[index]) {
            let end = redacted.index(after: index)
            clauses.append(redacted[start..<end])
            start = end
        }
        clauses.append(redacted[start...])
        let kept = clauses.filter { clause in !placeholders.contains { clause.contains($0) } }
        let rest = kept.joined()
        if Words.of(rest).count > 2 { return rest }
        return placeholders.reduce(redacted) { $0.replacing($1, with: "") }
    }
}
