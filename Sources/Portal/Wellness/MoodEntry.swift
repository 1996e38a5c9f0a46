import Knowledge
public import Records
public import Store

/// How somebody felt at a moment. Shared with the clinician unless the client switches that off (WELL-01).
public struct MoodEntry: RecordKind {
    public enum Symptom: String, Codable, Sendable, CaseIterable {
        case anxiety = "ANXIETY"
        case appetiteChange = "APPETITE_CHANGE"
        case fatigue = "FATIGUE"
        case insomnia = "INSOMNIA"
        case irritability = "IRRITABILITY"
        case loneliness = "LONELINESS"
        case pain = "PAIN"
        case panic = "PANIC"
        case poorConcentration = "POOR_CONCENTRATION"
        case sadness = "SADNESS"
        case other = "OTHER"
    }

    /// From 1, very low, to 10, very good.
    public var mood: Int
    public var symptoms: [Symptom]?
    public var note: SealedText?
    public var entryAt: Timestamp

    public init(mood: Int, symptoms: [Symptom]? = nil, note: SealedText? = nil, entryAt: Timestamp) {
        self.mood = mood
        self.symptoms = symptoms
        self.note = note
        self.entryAt = entryAt
    }

    /// Notes how one feels.
    public static let log = Act<Self, Self>.create("Note how one feels", through: .portal, event: "mood.logged")
    /// Corrects a note.
    public static let correct = Act<Self, Self>.change("Correct a mood entry", through: .portal, event: "mood.changed")

    public static let declaration = RecordDeclaration<MoodEntry>(
        "mood entry",
        heading: LocalizedText(en: "Mood entries", es: "Registros de ánimo"),
        collection: "mood-entries",
        table: "mood_entries",
        area: .wellness,
        requirements: ["WELL-01", "EHR-03", "PROF-10"],
        timeline: "entry_at",
        moment: { $0.entryAt },
        sharing: .switchable(.mood),
        // What they share with the clinician, but for their own words.
        confidentiality: .everythingBut("shared = 1 AND note IS NULL"),
        readers: [.portal, .staff],
        acts: [log, correct],
        deletion: .init(through: [.portal], event: "mood.deleted"),
        rules: [
            .range("mood", 1...10) { $0.mood },
            .count("symptoms", atMost: 11) { $0.symptoms?.count ?? 0 },
            .length("note", 0...4000) { $0.note },
            .past("entry_at") { $0.entryAt },
        ],
        screening: .init("MOOD") { [$0.note] }
    )
}
