import Knowledge
public import Records
public import Store

/// A session that is to be, was, or was not held. The plain record; booking has rules of its own.
public struct Appointment: RecordKind {
    public enum Status: String, Codable, Sendable, CaseIterable, SQLConvertible {
        case scheduled = "SCHEDULED"
        case completed = "COMPLETED"
        case cancelled = "CANCELLED"
        case noShow = "NO_SHOW"
    }

    public var clinicianID: ID<StaffMember>
    public var startsAt: Timestamp
    public var endsAt: Timestamp
    public var status: Status
    /// Kept from those who act for a minor, such as a visit that the law lets a minor arrange alone.
    public var isConfidential: Bool

    /// What a member of staff says of one.
    public struct Slot: Codable, Sendable {
        public var startsAt: Timestamp
        public var endsAt: Timestamp
        /// It is not, unless said.
        public var isConfidential: Bool?

        public init(startsAt: Timestamp, endsAt: Timestamp, isConfidential: Bool? = nil) {
            self.startsAt = startsAt
            self.endsAt = endsAt
            self.isConfidential = isConfidential
        }
    }

    public static let declaration = RecordDeclaration<Appointment>(
        "appointment",
        heading: LocalizedText(en: "Appointments", es: "Citas"),
        collection: "appointments",
        table: "appointments",
        area: .appointments,
        requirements: ["APPT-01"],
        timeline: "starts_at",
        moment: { $0.startsAt },
        sharing: .always,
        confidentiality: .everythingBut("is_confidential = 0"),
        readers: [.portal, .staff],
        acts: [book, complete, cancel, miss],
        rules: [
            FieldRule("ends_at", "is not after the beginning", remedy: "Send a later time") { appointment, _ in
                appointment.endsAt > appointment.startsAt
            }
        ]
    )
}

// MARK: - What can be done with it

extension Appointment {
    /// Notes one with the client's clinician.
    public static let book = Act<Self, Slot>.create(
        "Note an appointment with the client's clinician",
        through: .staff,
        from: Slot.self,
        event: "appointment.booked"
    ) { slot, context in
        guard let clinician = try context.access.client().primaryTherapistID else {
            throw StepRefused("This client has no clinician. Assign one first.")
        }
        return Appointment(
            clinicianID: clinician,
            startsAt: slot.startsAt,
            endsAt: slot.endsAt,
            status: .scheduled,
            isConfidential: slot.isConfidential ?? false
        )
    }

    /// The session was held.
    public static let complete = step(
        "complete",
        "The session was held",
        to: .completed,
        event: "appointment.completed"
    )
    /// It will not be held.
    public static let cancel = step(
        "cancel",
        "The session will not be held",
        to: .cancelled,
        event: "appointment.cancelled"
    )
    /// The client did not come.
    public static let miss = step("no-show", "The client did not come", to: .noShow, event: "appointment.missed")

    private static func step(_ name: String, _ summary: String, to status: Status, event: String)
        -> Act<Appointment, NoInput>
    {
        .step(name, summary, through: .staff, taking: NoInput.self, event: event) { appointment, _, _ in
            guard appointment.status == .scheduled else {
                throw StepRefused("This appointment is over or was cancelled already.")
            }
            appointment.status = status
        }
    }
}
