import Knowledge
public import Records
public import Store

/// Somebody whom the client named for an emergency (PROF-08). The first in order is called first.
public struct EmergencyContact: RecordKind {
    public var name: SealedText
    /// What they are to the client, in the client's words.
    public var relation: SealedText?
    public var phone: SealedText
    public var email: SealedText?
    /// From 0.
    public var position: Int

    public static let declaration = RecordDeclaration<EmergencyContact>(
        "emergency contact",
        heading: LocalizedText(en: "Whom to call in an emergency", es: "A quién llamar en una emergencia"),
        collection: "profile/emergency-contacts",
        table: "emergency_contacts",
        area: .profile,
        requirements: ["PROF-08", "CRIS-02"],
        // More than anybody would call.
        ordering: .init(by: \.position, limit: 10, event: "profile.updated"),
        sharing: .always,
        confidentiality: .nothing,
        readers: [.portal, .staff],
        acts: [add, change],
        deletion: .init(through: [.portal], event: "profile.updated")
    )

    /// Adds somebody at the end of the list.
    public static let add = Act<Self, EmergencyContactEntry>.create(
        "Add somebody to call",
        through: .portal,
        from: EmergencyContactEntry.self,
        event: "profile.updated"
    ) { entry, _ in EmergencyContact(try entry.checked(), position: 0) }

    /// Writes anew what is said of somebody.
    public static let change = Act<Self, EmergencyContactEntry>.change(
        "Change somebody to call",
        through: .portal,
        from: EmergencyContactEntry.self,
        event: "profile.updated"
    ) { contact, entry, _ in contact = EmergencyContact(try entry.checked(), position: contact.position) }

    private init(_ entry: EmergencyContactEntry, position: Int) {
        name = SealedText(entry.name)
        relation = entry.relation.map { SealedText($0) }
        phone = SealedText(entry.phone)
        email = entry.email.map { SealedText($0) }
        self.position = position
    }
}

/// What is said of an emergency contact.
public struct EmergencyContactEntry: Sendable, Codable, Hashable {
    public var name: String
    public var relation: String?
    public var phone: String
    public var email: String?

    public init(name: String, relation: String? = nil, phone: String, email: String? = nil) {
        self.name = name
        self.relation = relation
        self.phone = phone
        self.email = email
    }

    /// The same as it is kept. Throws ``Refusal/invalid(pointer:message:remedy:)``.
    func checked() throws(Refusal) -> EmergencyContactEntry {
        EmergencyContactEntry(
            name: try ContactChecks.line(name, at: "/name"),
            relation: try ContactChecks.optionalLine(relation, at: "/relation"),
            phone: try ContactChecks.phone(phone, at: "/phone"),
            email: try email.flatMap { text throws(Refusal) in
                text.allSatisfy(\.isWhitespace) ? nil : try ContactChecks.email(text, at: "/email")
            }
        )
    }
}
