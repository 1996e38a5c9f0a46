import Records
import Store

/// What a copy of everything that is held on a client is made of. Every table that carries a client's id is either here or in
/// ``withheld``; a test holds both against the schema.
enum ExportContents {
    struct Section: Sendable {
        let table: SQL.Name
        let title: String
        /// Columns that are no information about the client: secrets, and the machinery's own.
        var omitted: Set<String> = []
        /// Columns that hold JSON.
        var json: Set<String> = []
        var condition: SQL = "TRUE"
        var column: SQL.Name = "client_id"
    }

    static let sections: [Section] =
        [
            Section(table: "clients", title: "About you", column: "id"),
            Section(
                table: "portal_accounts",
                title: "Your portal account",
                omitted: ["password_hash"]
            ),
            Section(table: "contact_details", title: "How to reach you"),
            Section(table: "emergency_contacts", title: "Whom to call in an emergency"),
            Section(table: "communication_restrictions", title: "Ways that are not to be used"),
            Section(table: "profile_changes", title: "Changes to your profile"),
            Section(table: "consents", title: "Consents and releases"),
            Section(table: "consent_terms", title: "What the consents say"),
            Section(table: "disclosures", title: "What was disclosed to others"),
            Section(table: "portal_activity", title: "What was done in the portal"),
            Section(table: "client_relationships", title: "Who acts for you"),
            Section(table: "privacy_settings", title: "What you share by default"),
            Section(table: "chat_conversations", title: "Conversations with the assistant", omitted: ["memory"]),
            Section(table: "chat_messages", title: "Messages to and from the assistant", omitted: ["reply"]),
            Section(table: "chat_citations", title: "Articles that the assistant quoted"),
            Section(table: "chat_feedback", title: "What you said of the assistant's answers"),
            Section(table: "resource_engagement", title: "Articles that you read"),
            Section(table: "recommendation_choices", title: "Whether articles are recommended to you"),
            Section(table: "assessment_assignments", title: "Questionnaires that were given to you"),
            Section(table: "assessments", title: "Questionnaires that you answered", json: ["report"]),
            Section(table: "assessment_responses", title: "Your answers"),
            Section(table: "assessment_scores", title: "Scores"),
            Section(table: "notifications", title: "Notifications", condition: "account_id IS NOT NULL"),
            Section(table: "data_exports", title: "Copies that were made", omitted: ["json", "html"]),
        ] + RecordKinds.all.map { section(of: $0) }

    /// Tables about a client that are not in the copy, and why.
    static let withheld: [String: String] = [
        "audit_log": "who opened the record is shown in the portal, and outlives the record",
        "chat_outcomes": "what the assistant made of each message; the messages are in the copy",
        "compliance_alerts": "the staff's working list; what raised an alert is in the copy",
        "crisis_events": "the staff's working list; what raised an event is in the copy",
        "guardrail_events": "which of the assistant's rules applied; the messages are in the copy",
        "invitations": "codes for opening an account",
        "mail_messages": "waiting mail with one-time links; what was told is among the notifications",
        "portal_events": "the machinery's own",
        "registrations": "an account in the making; what came of it is in the copy",
        "access_reasons": "belongs to the practice's oversight of its staff",
        "work_items": "the machinery's own",
    ]

    private static func section<Kind: RecordKind>(of kind: Kind.Type) -> Section {
        let name = Kind.declaration.name
        return Section(
            table: Kind.declaration.table,
            title: name.prefix(1).uppercased() + name.dropFirst(),
            omitted: ["offline_key"]
        )
    }
}
