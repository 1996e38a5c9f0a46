public import Knowledge

/// Every known way to reach help, with its region, purpose and the day somebody last checked it.
public struct ResourceDirectory: Sendable {
    public struct Entry: Sendable {
        public let id: String
        public let regions: [String]
        public let name: LocalizedText
        public let call: String?
        public let text: String?
        public let chat: String?
        public let note: LocalizedText?
        public let hours: LocalizedText?
        /// `all`, or names of situations and tiers.
        public let purposes: Set<String>
        /// Day of the last check, `2026-11-01`.
        public let verified: String
        public let source: String
    }

    public let entries: [Entry]

    private static let keys = [
        "id", "regions", "name", "call", "text", "chat", "note", "hours", "for", "verified", "source",
    ]

    static func read(_ file: KnowledgeFile) -> (directory: ResourceDirectory, diagnostics: [Diagnostic]) {
        let collector = DiagnosticCollector(file: file.path)
        guard let map = YAMLValue.parse(file.text, collector: collector)?.map("the resources", keys: ["resources"])
        else {
            return (ResourceDirectory(entries: []), collector.diagnostics)
        }
        let entries = map.list("resources").compactMap(entry)
        if !entries.contains(where: { $0.regions.contains("US") && $0.call == "988" && $0.purposes.contains("all") }) {
            collector.error(
                line: map.line,
                "no resource of the US is called at 988",
                remedy: "Add the 988 Lifeline, `for: [all]`"
            )
        }
        return (ResourceDirectory(entries: entries), collector.diagnostics)
    }

    private static func entry(_ value: YAMLValue) -> Entry? {
        guard let map = value.map("the resource", keys: keys), let id = map.string("id"),
            let name = map.localized("name")
        else {
            return nil
        }
        let entry = Entry(
            id: id,
            regions: map.strings("regions"),
            name: name,
            call: map.optionalString("call"),
            text: map.optionalString("text"),
            chat: map.optionalString("chat"),
            note: map.optionalLocalized("note"),
            hours: map.optionalLocalized("hours"),
            purposes: Set(map.strings("for")),
            verified: map.string("verified") ?? "",
            source: map.string("source") ?? ""
        )
        if entry.call == nil, entry.text == nil, entry.chat == nil {
            value.error("the resource `\(id)` cannot be reached", remedy: "Add `call:`, `text:` or `chat:`")
        }
        return entry
    }

    /// What to show in `region` for any of `purposes`; the US lines when the region has none.
    func resources(for purposes: Set<String>, region: String, language: String) -> [CrisisResource] {
        let here = entries.filter { $0.regions.contains(region) }
        let known = here.isEmpty ? entries.filter { $0.regions.contains("US") } : here
        return known.filter { $0.purposes.contains("all") || !$0.purposes.isDisjoint(with: purposes) }.map { entry in
            CrisisResource(
                id: entry.id,
                name: entry.name.text(in: language),
                call: entry.call,
                text: entry.text,
                chat: entry.chat,
                hours: entry.hours?.text(in: language),
                note: entry.note?.text(in: language)
            )
        }
    }
}
