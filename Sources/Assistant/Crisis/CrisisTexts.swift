import Knowledge

/// The wording of the crisis panels, by situation and language, from `crisis-replies.*.yaml`.
struct CrisisTexts: Sendable {
    struct Situation: Sendable {
        let lead: String
        let lines: [String]
    }

    private var situations: [String: [CrisisSituation: Situation]] = [:]
    private var texts: [String: [String: String]] = [:]

    private static let textKeys = ["not_watched", "retraction", "still_here", "alert_sent", "quick_exit"]

    /// Reads one file a language. Every situation must be there in English and Spanish.
    static func read(_ files: [KnowledgeFile]) -> (texts: CrisisTexts, diagnostics: [Diagnostic]) {
        var all = CrisisTexts()
        var diagnostics: [Diagnostic] = []
        for file in files {
            let collector = DiagnosticCollector(file: file.path)
            let keys = ["language", "situations", "texts"]
            if let map = YAMLValue.parse(file.text, collector: collector)?.map("the crisis replies", keys: keys),
                let language = map.string("language")
            {
                all.situations[language] = readSituations(map)
                let entries = map.required("texts")?.map("`texts`", keys: textKeys)
                for key in textKeys { all.texts[language, default: [:]][key] = entries?.string(key) }
            }
            diagnostics += collector.diagnostics
        }
        for language in ["en", "es"] where all.situations[language] == nil {
            diagnostics.append(
                Diagnostic(
                    file: files.first?.path ?? "crisis-replies.\(language).yaml",
                    line: 1,
                    message: "the crisis replies are missing in `\(language)`",
                    remedy: "Add `crisis-replies.\(language).yaml`"
                )
            )
        }
        return (all, diagnostics)
    }

    private static func readSituations(_ map: YAMLMap) -> [CrisisSituation: Situation] {
        var situations: [CrisisSituation: Situation] = [:]
        let names = CrisisSituation.allCases.map(\.rawValue)
        guard let entries = map.required("situations")?.map("`situations`", keys: names) else { return [:] }
        for situation in CrisisSituation.allCases {
            guard let value = entries.required(situation.rawValue),
                let text = value.map("the situation", keys: ["lead", "lines"]),
                let lead = text.string("lead")
            else { continue }
            situations[situation] = Situation(lead: lead, lines: text.strings("lines"))
        }
        return situations
    }

    func situation(_ situation: CrisisSituation, _ language: String) -> Situation? {
        situations[language]?[situation] ?? situations["en"]?[situation]
    }

    func text(_ key: String, _ language: String) -> String { texts[language]?[key] ?? texts["en"]?[key] ?? "" }
}
