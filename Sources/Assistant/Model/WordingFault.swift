/// Why a sentence of a language model is not shown.
public enum WordingFault: String, Sendable, Codable, CaseIterable {
    /// Longer than a sentence of an answer should be.
    case length
    /// Holds a sign that neither plain writing nor the passages hold.
    case character
    /// A link or address that is not in the passages.
    case link
    /// A figure, weekday, month or other exact word that is not where the sentence is drawn from.
    case figure
    /// A word that is not in the passages, or no word that says anything.
    case word
    /// Words of the passages, put together from places that do not belong together.
    case place
    /// Says no where the passage does not, or the other way round.
    case negation
    case dose
    /// A diagnosis, or a promise that somebody is watching.
    case phrase
    /// A number to dial that the practice has not listed.
    case number
    case guardrail
    case crisis
}
