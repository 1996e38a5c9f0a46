import Foundation
import Records
import Store

/// A value from the client's own record that an article may name between `{{` and `}}`. A new one is a type here and its name
/// in `Prompts/search/corpus.yaml`.
protocol LiveField: Sendable {
    static var name: String { get }

    /// The value as the client reads it; nil when there is none, or it is not theirs to see. A paragraph whose field has no
    /// value is not shown.
    static func value(in context: LiveFieldContext) throws -> String?
}

/// Whose value it is, and under whose access it is read.
struct LiveFieldContext {
    let practice: Practice
    let client: Client
    /// To the client's chat; other areas are reached beside it, each decided and audited as such.
    let access: ClientAccess

    /// Reads another area; nil when whoever is chatting may not see it.
    func read<Value>(_ area: DataArea, _ entity: String, _ body: (ClientAccess) throws -> Value?) throws -> Value? {
        do { return try body(access.beside(.read, on: area, entity: entity)) } catch is AccessDenied { return nil }
    }

    /// A day in the client's own calendar and language.
    func day(_ moment: Timestamp) -> String { moment.date.formatted(style(time: .omitted)) }

    /// A day and a time of day.
    func dayAndTime(_ moment: Timestamp) -> String { moment.date.formatted(style(time: .shortened)) }

    private func style(time: Date.FormatStyle.TimeStyle) -> Date.FormatStyle {
        var style = Date.FormatStyle(date: .abbreviated, time: time)
        style.timeZone = TimeZone(identifier: client.timeZone) ?? TimeZone(identifier: practice.timeZone) ?? .gmt
        style.locale = Locale(identifier: client.language ?? practice.locale)
        return style
    }
}

enum LiveFields {
    static let all: [any LiveField.Type] = [
        PracticeName.self, PracticePhone.self, ProviderName.self, NextAppointment.self, AssessmentsDue.self,
        HomeworkOpen.self, UnreadNotifications.self,
    ]

    /// The values of the fields in `names`; those without a value are left out.
    static func values(of names: Set<String>, in context: LiveFieldContext) throws -> [String: String] {
        var values: [String: String] = [:]
        for field in all where names.contains(field.name) { values[field.name] = try field.value(in: context) }
        return values
    }

    /// Those that take no look at the record.
    static let ofThePractice: Set<String> = [PracticeName.name, PracticePhone.name]

    /// Their values.
    static func ofThePractice(_ practice: Practice) -> [String: String] {
        var values = [PracticeName.name: practice.name]
        values[PracticePhone.name] = practice.phone
        return values
    }
}

// MARK: - The practice

enum PracticeName: LiveField {
    static let name = "practice_name"
    static func value(in context: LiveFieldContext) -> String? { context.practice.name }
}

enum PracticePhone: LiveField {
    static let name = "practice_phone"
    static func value(in context: LiveFieldContext) -> String? { context.practice.phone }
}

// MARK: - The client's record

enum ProviderName: LiveField {
    static let name = "provider_name"
    static func value(in context: LiveFieldContext) throws -> String? { try context.access.therapist()?.displayName }
}

enum NextAppointment: LiveField {
    static let name = "next_appointment"

    static func value(in context: LiveFieldContext) throws -> String? {
        try context.read(.appointments, "appointments") { access in
            try access.first(
                Record<Appointment>.self,
                where: "status = \(Appointment.Status.scheduled) AND ends_at > \(access.now)",
                order: "starts_at, id"
            ).map { context.dayAndTime($0.startsAt) }
        }
    }
}

enum AssessmentsDue: LiveField {
    static let name = "assessments_due"

    static func value(in context: LiveFieldContext) throws -> String? {
        try context.read(.assessments, "assessment_assignments") { access in
            let due = try access.all(
                Assignment.self,
                where: "status IN ('DUE', 'STARTED')",
                order: "due_at IS NULL, due_at, id"
            ).map { task in
                task.dueAt.map { "\(task.instrumentCode) (\(context.day($0)))" } ?? task.instrumentCode
            }
            return due.isEmpty ? nil : due.joined(separator: ", ")
        }
    }
}

enum HomeworkOpen: LiveField {
    static let name = "homework_open"

    static func value(in context: LiveFieldContext) throws -> String? {
        try context.read(.homework, "homework_assignments") { access in
            let open = try access.all(
                Record<HomeworkAssignment>.self,
                where: "status IN (\(HomeworkAssignment.Status.assigned), \(HomeworkAssignment.Status.started))",
                order: "due_at IS NULL, due_at, id"
            ).map { task in
                task.dueAt.map { "\(task.title.plaintext) (\(context.day($0)))" } ?? task.title.plaintext
            }
            return open.isEmpty ? nil : open.joined(separator: ", ")
        }
    }
}

enum UnreadNotifications: LiveField {
    static let name = "unread_notifications"
    static func value(in context: LiveFieldContext) throws -> String? {
        try context.access.ownUnreadNotifications().map(String.init)
    }
}
