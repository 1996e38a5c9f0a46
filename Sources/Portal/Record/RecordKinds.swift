public import Records

/// Every kind of record that is declared rather than programmed. Endpoints, export and the tests of deletion walk this list.
public enum RecordKinds {
    public static let all: [any RecordKind.Type] = [
        Appointment.self,
        EmergencyContact.self,
        HandOver.self,
        HomeworkAssignment.self,
        JournalEntry.self,
        MoodEntry.self,
        SessionReview.self,
    ]
}
