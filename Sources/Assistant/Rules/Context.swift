/// What may stand around a match and change its weight. The phrases are in `contexts.yaml`.
enum Context: String, CaseIterable, Sendable {
    case idiom, hyperbole, laughter, trivial, sincere
    case denialCue = "denial_cue"
    case denialCarrier = "denial_carrier"
    case notADenial = "not_a_denial"
    case unsaid
    case deniedAfter = "denied_after"
    case timeLimit = "time_limit"
    case newClause = "new_clause"
    case newWish = "new_wish"
    case clauseBreak = "clause_break"
    case meSubject = "me_subject"
    case thirdSubject = "third_subject"
    case generalSubject = "general_subject"
    case reflexiveMe = "reflexive_me"
    case reflexiveThird = "reflexive_third"
    case told
    case longPast = "long_past"
    case recurrence
    case presentSafety = "present_safety"
    case bereaved
    case quotation
    case quoteFrame = "quote_frame"
    case ownAnswer = "own_answer"
    case imminence
    case affirmation, distress, retraction, administrative, parting
    case meansQuestion = "means_question"
    case spanish, english

    /// Its place among all contexts.
    var number: Int { Self.numbers[self] ?? 0 }
    private static let numbers = Dictionary(uniqueKeysWithValues: zip(allCases, 0...))
}
