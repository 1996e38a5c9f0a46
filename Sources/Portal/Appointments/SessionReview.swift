import Knowledge
public import Records
public import Store

/// What a client thinks of a session (ENG-10). Not shared with the clinician unless the client says so; an anonymous one is
/// for administrators only, who do not see whose it is unless they reveal it with a reason (ENG-12, SEC-23).
public struct SessionReview: RecordKind {
    public enum Category: String, Codable, Sendable, CaseIterable {
        case listening = "LISTENING"
        case goals = "GOALS"
        case approach = "APPROACH"
        case punctuality = "PUNCTUALITY"
        case comfort = "COMFORT"
        case technology = "TECHNOLOGY"
        case other = "OTHER"
    }

    /// Nil only where the review is shown masked.
    public var appointmentID: ID<Record<Appointment>>?
    public var clinicianID: ID<StaffMember>
    /// From 1, poor, to 5, very good.
    public var rating: Int
    public var feedback: SealedText?
    public var categories: [Category]
    public var isAnonymous: Bool

    /// What a client says.
    public struct Opinion: Codable, Sendable {
        public var appointmentID: ID<Record<Appointment>>
        public var rating: Int
        public var feedback: SealedText?
        public var categories: [Category]?
        public var isAnonymous: Bool?

        public init(
            appointmentID: ID<Record<Appointment>>,
            rating: Int,
            feedback: SealedText? = nil,
            categories: [Category]? = nil,
            isAnonymous: Bool? = nil
        ) {
            self.appointmentID = appointmentID
            self.rating = rating
            self.feedback = feedback
            self.categories = categories
            self.isAnonymous = isAnonymous
        }
    }

    public static let declaration = RecordDeclaration<SessionReview>(
        "session review",
        heading: LocalizedText(en: "Session reviews", es: "Opiniones sobre las sesiones"),
        collection: "session-reviews",
        table: "session_reviews",
        area: .reviews,
        requirements: ["ENG-10", "ENG-12", "ADM-02", "SEC-23"],
        sharing: .switchable(.review),
        readers: [.portal, .staff, .practice],
        acts: [submit],
        rules: [
            .range("rating", 1...5) { $0.rating },
            .length("feedback", 0...4000) { $0.feedback },
            .count("categories", atMost: 7) { $0.categories.count },
        ],
        screening: .init("FORM") { [$0.feedback] },
        masking: .init(openly: "is_anonymous = 0") { review in
            guard review.isAnonymous else { return nil }
            var masked = review
            masked.appointmentID = nil
            return masked
        }
    )
}

extension SessionReview {
    /// The client reviews a session that was held, once.
    public static let submit = Act<Self, Opinion>.create(
        "Review a session",
        through: .portal,
        from: Opinion.self,
        event: "review.submitted"
    ) { opinion, context in
        let appointments = try context.access.beside(.read, on: .appointments, entity: "appointments")
        let session = try appointments.first(Record<Appointment>.self, where: "id = \(opinion.appointmentID)")
        guard let session, session.status == .completed else {
            throw RecordFaults(
                "appointment_id",
                "is no session of yours that was held",
                remedy: "Send the id of a session that is over"
            )
        }
        let known = try context.access.count(
            Record<SessionReview>.self,
            where: "appointment_id = \(opinion.appointmentID)"
        )
        guard known == 0 else { throw StepRefused("You reviewed this session already.") }
        return SessionReview(
            appointmentID: opinion.appointmentID,
            clinicianID: session.clinicianID,
            rating: opinion.rating,
            feedback: opinion.feedback,
            categories: opinion.categories ?? [],
            isAnonymous: opinion.isAnonymous ?? false
        )
    }
}
