import Foundation
import Records

/// The audit's codes in plain words, English or Spanish. A code that has none yet is shown in small letters rather than
/// hidden.
struct AuditWords: Sendable {
    private let isSpanish: Bool

    init(language: String) { isSpanish = language.hasPrefix("es") }

    private struct Pair: Sendable {
        let en: String
        let es: String
        init(_ en: String, _ es: String) {
            self.en = en
            self.es = es
        }
    }

    private func word(_ code: String, in table: [String: Pair]) -> String {
        table[code].map { isSpanish ? $0.es : $0.en }
            ?? code.lowercased().replacing("_", with: " ").replacing(".", with: " ")
    }

    private static func parts(_ action: String) -> (area: String, deed: String) {
        let parts = action.split(separator: ".", maxSplits: 1).map(String.init)
        return (parts.first ?? action, parts.count > 1 ? parts[1] : "")
    }

    /// The part of the record, such as “Questionnaires”.
    func area(of action: String) -> String { word(Self.parts(action).area, in: Self.areas) }

    /// What was done with it, such as “read”.
    func deed(of action: String) -> String { word(Self.parts(action).deed, in: Self.deeds) }

    func purpose(_ purpose: Purpose) -> String { word(purpose.rawValue, in: Self.purposes) }

    func role(_ role: StaffMember.Role) -> String { word(role.rawValue, in: Self.roles) }

    /// What happened to an account, such as “Signed in”.
    func event(_ action: String, outcome: String) -> String {
        word(outcome == "OK" ? action : "\(action)!", in: Self.events)
    }

    private static let areas: [String: Pair] = [
        "CHAT": Pair("Chat with the assistant", "Chat con el asistente"),
        "ASSESSMENTS": Pair("Questionnaires", "Cuestionarios"), "ALERTS": Pair("Safety alerts", "Avisos de seguridad"),
        "CHART": Pair("Chart", "Expediente"), "APPOINTMENTS": Pair("Appointments", "Citas"),
        "MESSAGES": Pair("Messages", "Mensajes"), "PLAN": Pair("Treatment plan", "Plan de tratamiento"),
        "NOTES": Pair("Session notes", "Notas de sesión"), "JOURNAL": Pair("Journal", "Diario"),
        "WELLNESS": Pair("Moods and tracking", "Estado de ánimo y seguimiento"),
        "HOMEWORK": Pair("Homework", "Tareas"), "GOALS": Pair("Goals", "Metas"),
        "REVIEWS": Pair("Session reviews", "Opiniones sobre las sesiones"), "BILLING": Pair("Billing", "Facturación"),
        "DOCUMENTS": Pair("Documents", "Documentos"), "GROUPS": Pair("Groups", "Grupos"),
        "PROFILE": Pair("Contact details and preferences", "Datos de contacto y preferencias"),
        "CONSENTS": Pair("Consents", "Consentimientos"),
        "RELATIONSHIPS": Pair("People who act for you", "Personas que actúan por usted"),
        "AUDIT": Pair("List of who saw the record", "Lista de quién vio el expediente"),
        "EXPORT": Pair("Copy of the record", "Copia del expediente"), "CLIENT": Pair("Registration", "Registro"),
        "ACCOUNT": Pair("Account", "Cuenta"), "PORTAL": Pair("Portal access", "Acceso al portal"),
        "THERAPIST": Pair("Assigned therapist", "Terapeuta asignado"),
    ]

    private static let deeds: [String: Pair] = [
        "READ": Pair("read", "leído"), "CREATE": Pair("added to", "añadido"), "CHANGE": Pair("changed", "cambiado"),
        "DELETE": Pair("deleted", "eliminado"), "REVEAL": Pair("opened with a reason", "abierto con un motivo"),
        "ENABLE": Pair("switched on", "activado"), "DISABLE": Pair("switched off", "desactivado"),
        "ASSIGN": Pair("assigned", "asignado"),
        "WORD": Pair("worded by a language model", "redactado por un modelo de lenguaje"),
    ]

    private static let purposes: [String: Pair] = [
        "OWN_CARE": Pair("use of the portal", "uso del portal"), "TREATMENT": Pair("treatment", "tratamiento"),
        "OPERATIONS": Pair("running the practice", "gestión del consultorio"),
        "DISCLOSURE": Pair("disclosure to somebody outside the practice", "divulgación fuera del consultorio"),
        "EMERGENCY": Pair("emergency", "emergencia"),
    ]

    private static let roles: [String: Pair] = [
        "ADMINISTRATOR": Pair("administrator", "administración"), "CLINICIAN": Pair("clinician", "terapeuta"),
        "SUPERVISOR": Pair("supervisor", "supervisión"), "FRONT_DESK": Pair("front desk", "recepción"),
        "BILLING": Pair("billing", "facturación"), "HEALTH_COACH": Pair("health coach", "asesoría de salud"),
        "CONTENT_EDITOR": Pair("content editor", "edición de contenidos"),
    ]

    private static let events: [String: Pair] = [
        "SESSION.START": Pair("Signed in", "Inicio de sesión"),
        "SESSION.START!": Pair("A sign-in failed", "Falló un inicio de sesión"),
        "SESSION.END": Pair("Signed out", "Cierre de sesión"),
        "ACCOUNT.CREATE": Pair("The account was created", "Se creó la cuenta"),
        "PORTAL.ENABLE": Pair("Portal access was switched on", "Se activó el acceso al portal"),
        "PORTAL.DISABLE": Pair("Portal access was switched off", "Se desactivó el acceso al portal"),
    ]
}
