/// What a person in danger is shown, before everything else.
public struct CrisisPanel: Sendable, Codable, Hashable {
    public let situation: CrisisSituation
    /// A short human sentence or two.
    public let lead: String
    public let resources: [CrisisResource]
    /// Short lines after the resources: what helps now, and that nobody watches this chat.
    public let lines: [String]
    public let language: String
    /// The words of a button that leaves the page at once, when somebody may be watching the screen.
    public let quickExit: String?

    /// The panel as plain text, in the order a person should read it.
    public var plainText: String {
        let ways = resources.map { resource -> String in
            let isSpanish = language == "es"
            var parts: [String] = []
            if let call = resource.call { parts.append((isSpanish ? "llame al " : "call ") + call) }
            if let text = resource.text { parts.append((isSpanish ? "escriba al " : "text ") + text) }
            if let chat = resource.chat { parts.append("chat " + chat) }
            return resource.name + ": " + parts.joined(separator: ", ")
        }
        return ([lead] + ways + lines).joined(separator: "\n")
    }

    /// The panel that needs no files: shown when the rules or texts cannot be read.
    public static func fallback(language: String) -> CrisisPanel {
        let isSpanish = language == "es"
        let always = isSpanish ? "Día y noche" : "Day and night"
        return CrisisPanel(
            situation: .selfHigh,
            lead: isSpanish
                ? "Si está en peligro o piensa en morir, llame ahora al 911 o al 988."
                : "If you are in danger or thinking of dying, call 911 or 988 now.",
            resources: [
                CrisisResource(
                    id: "emergency",
                    name: isSpanish ? "Emergencias" : "Emergency services",
                    call: "911",
                    hours: always
                ),
                CrisisResource(
                    id: "lifeline-988",
                    name: isSpanish
                        ? "Línea 988 de Prevención del Suicidio y Crisis" : "988 Suicide and Crisis Lifeline",
                    call: "988",
                    text: "988",
                    hours: always
                ),
                CrisisResource(id: "crisis-text-line", name: "Crisis Text Line", text: "741741", hours: always),
            ],
            lines: [
                isSpanish
                    ? "Este chat es automático y nadie lo lee en este momento."
                    : "This chat is automated, and nobody reads it right now."
            ],
            language: isSpanish ? "es" : "en",
            quickExit: nil
        )
    }
}
