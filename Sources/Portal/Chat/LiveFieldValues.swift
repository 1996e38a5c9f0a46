import Foundation
import Records
import Store

/// The values of the live fields in articles, from the client's own record under their own access. A field without a value
/// is left out, and with it the paragraph that holds it.
enum LiveFieldValues {
    static func values(practice: Practice, client: Client, access: ClientAccess) throws -> [String: String] {
        var values = ["practice_name": practice.name]
        values["practice_phone"] = practice.phone
        values["provider_name"] = try access.therapist()?.displayName
        values["assessments_due"] = try assessmentsDue(practice: practice, client: client, access: access)
        values["unread_notifications"] = try access.ownUnreadNotifications().map(String.init)
        return values
    }

    private static func assessmentsDue(practice: Practice, client: Client, access: ClientAccess) throws -> String? {
        let due = try access.beside(.read, on: .assessments, entity: "assessment_assignments").all(
            Assignment.self,
            where: "status IN ('DUE', 'STARTED')",
            order: "due_at IS NULL, due_at, id"
        )
        guard !due.isEmpty else { return nil }
        var style = Date.FormatStyle(date: .abbreviated, time: .omitted)
        style.timeZone = TimeZone(identifier: client.timeZone) ?? TimeZone(identifier: practice.timeZone) ?? .gmt
        style.locale = Locale(identifier: client.language ?? practice.locale)
        return due.map { assignment in
            assignment.dueAt.map { "\(assignment.instrumentCode) (due \($0.date.formatted(style)))" }
                ?? assignment.instrumentCode
        }.joined(separator: ", ")
    }
}
