import Knowledge
import Records
import Store

/// What a copy of everything that is held on a client is made of. Every table that carries a client's id is either here or in
/// ``withheld``; a test holds both against the schema.
enum ExportContents {
    struct Section: Sendable {
        let table: SQL.Name
        let title: LocalizedText
        /// Columns that are no information about the client: secrets, and the machinery's own.
        var omitted: Set<String> = []
        /// Columns that hold JSON.
        var json: Set<String> = []
        var condition: SQL = "TRUE"
        var column: SQL.Name = "client_id"
    }

    /// What stands above the page.
    static let heading = LocalizedText(en: "A copy of your record", es: "Una copia de su expediente")
    /// Before the moment at which it was made.
    static let madeAt = LocalizedText(en: "made at", es: "hecha el")
    static let ready = LocalizedText(
        en: "The copy of your record is ready",
        es: "La copia de su expediente está lista"
    )

    static let sections: [Section] =
        [
            Section(table: "clients", title: LocalizedText(en: "About you", es: "Sobre usted"), column: "id"),
            Section(
                table: "portal_accounts",
                title: LocalizedText(en: "Your portal account", es: "Su cuenta del portal"),
                omitted: ["password_hash"]
            ),
            Section(
                table: "contact_details",
                title: LocalizedText(en: "How to reach you", es: "Cómo comunicarse con usted")
            ),
            Section(
                table: "communication_restrictions",
                title: LocalizedText(en: "Ways that are not to be used", es: "Medios que no deben usarse")
            ),
            Section(
                table: "profile_changes",
                title: LocalizedText(en: "Changes to your profile", es: "Cambios en su perfil")
            ),
            Section(
                table: "consents",
                title: LocalizedText(en: "Consents and releases", es: "Consentimientos y autorizaciones"),
                omitted: ["recipient_hash"]
            ),
            Section(
                table: "consent_terms",
                title: LocalizedText(en: "What the consents say", es: "Lo que dicen los consentimientos")
            ),
            Section(
                table: "disclosures",
                title: LocalizedText(en: "What was disclosed to others", es: "Lo que se comunicó a otros")
            ),
            Section(
                table: "client_relationships",
                title: LocalizedText(en: "Who acts for you", es: "Quién actúa en su nombre")
            ),
            Section(
                table: "privacy_settings",
                title: LocalizedText(en: "What you share by default", es: "Lo que comparte de manera habitual")
            ),
            Section(
                table: "chat_conversations",
                title: LocalizedText(en: "Conversations with the assistant", es: "Conversaciones con el asistente"),
                omitted: ["memory"]
            ),
            Section(
                table: "chat_messages",
                title: LocalizedText(en: "Messages to and from the assistant", es: "Mensajes con el asistente"),
                omitted: ["reply"]
            ),
            Section(
                table: "chat_citations",
                title: LocalizedText(en: "Articles that the assistant quoted", es: "Artículos que citó el asistente")
            ),
            Section(
                table: "chat_wordings",
                title: LocalizedText(
                    en: "What was sent to a language model to word an answer",
                    es: "Lo que se envió a un modelo de lenguaje para redactar una respuesta"
                )
            ),
            Section(
                table: "chat_feedback",
                title: LocalizedText(
                    en: "What you said of the assistant's answers",
                    es: "Lo que dijo de las respuestas del asistente"
                )
            ),
            Section(
                table: "resource_engagement",
                title: LocalizedText(en: "Articles that you read", es: "Artículos que leyó")
            ),
            Section(
                table: "recommendation_choices",
                title: LocalizedText(
                    en: "Whether articles are recommended to you",
                    es: "Si se le recomiendan artículos"
                )
            ),
            Section(
                table: "assessment_assignments",
                title: LocalizedText(
                    en: "Questionnaires that were given to you",
                    es: "Cuestionarios que se le asignaron"
                )
            ),
            Section(
                table: "assessments",
                title: LocalizedText(en: "Questionnaires that you answered", es: "Cuestionarios que respondió"),
                json: ["report"]
            ),
            Section(table: "assessment_responses", title: LocalizedText(en: "Your answers", es: "Sus respuestas")),
            Section(table: "assessment_scores", title: LocalizedText(en: "Scores", es: "Puntuaciones")),
            Section(
                table: "notifications",
                title: LocalizedText(en: "Notifications", es: "Avisos"),
                condition: "account_id IS NOT NULL"
            ),
            Section(
                table: "data_exports",
                title: LocalizedText(en: "Copies that were made", es: "Copias que se hicieron"),
                omitted: ["json", "html"]
            ),
        ] + RecordKinds.all.map { section(of: $0) }

    /// Tables about a client that are not in the copy, and why.
    static let withheld: [String: String] = [
        "audit_log": "who opened the record is shown in the portal, and outlives the record",
        "chat_reply_inputs": "which versions and values each answer was made of; the messages are in the copy",
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
        Section(table: Kind.declaration.table, title: Kind.declaration.heading, omitted: ["offline_key"])
    }
}
