public import Foundation
public import Knowledge

/// What articles may point to and name in this portal. Read from `corpus.yaml` beside the synonyms.
public struct CorpusRules: Sendable, Hashable {
    /// Pages that links may lead to.
    public var portalPaths: Set<String>
    /// Names that may stand between `{{` and `}}`.
    public var liveFields: Set<String>
    /// Verified phone numbers; punctuation and the country code 1 do not matter.
    public var phoneNumbers: Set<String>

    public init(portalPaths: Set<String>, liveFields: Set<String>, phoneNumbers: Set<String>) {
        self.portalPaths = portalPaths
        self.liveFields = liveFields
        self.phoneNumbers = phoneNumbers
    }

    /// Reads `corpus.yaml` in `directory`.
    public init(directory: URL) throws(KnowledgeError) {
        let file = try KnowledgeFile.read(directory.appending(path: "corpus.yaml"))
        let collector = DiagnosticCollector(file: file.path)
        let keys = ["version", "portal_paths", "live_fields", "phone_numbers"]
        let map = YAMLValue.parse(file.text, collector: collector)?.map("the file", keys: keys)
        _ = map?.integer("version")
        portalPaths = Set(map?.strings("portal_paths") ?? [])
        liveFields = Set(map?.strings("live_fields") ?? [])
        phoneNumbers = Set(map?.strings("phone_numbers") ?? [])
        if collector.hasErrors { throw KnowledgeError(collector.diagnostics) }
    }
}
