public import Store

/// The kinds of own writing and tracking whose sharing with the clinician the client chooses (PROF-10).
public enum SharedKind: String, Sendable, Hashable, Codable, CaseIterable, SQLConvertible {
    case mood = "MOOD"
    case symptom = "SYMPTOM"
    case sleep = "SLEEP"
    case exercise = "EXERCISE"
    case journal = "JOURNAL"
    case gratitude = "GRATITUDE"
    case checkin = "CHECKIN"
    case medication = "MEDICATION"
    case goal = "GOAL"
    case chat = "CHAT"
    case review = "REVIEW"

    /// Whether a new entry is shared when the client never chose: what is tracked is; what is written for oneself, said
    /// to the assistant or said about the clinician is not.
    public var isSharedUnlessChosen: Bool {
        switch self {
        case .mood, .symptom, .sleep, .exercise, .checkin, .medication, .goal: true
        case .journal, .gratitude, .chat, .review: false
        }
    }
}

extension ClientAccess {
    /// Whether a new entry of `kind` is shared with the clinician unless the client says otherwise for that entry: as the
    /// client chose, or else ``SharedKind/isSharedUnlessChosen``.
    public func sharesByDefault(_ kind: SharedKind) throws(StoreError) -> Bool {
        let chosen = try transaction.row(
            "SELECT default_shared FROM privacy_settings WHERE client_id = \(clientID) AND data_kind = \(kind)"
        )
        return try chosen?.get("default_shared") ?? kind.isSharedUnlessChosen
    }
}
