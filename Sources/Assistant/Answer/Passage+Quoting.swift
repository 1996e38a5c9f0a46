public import Retrieval

extension Passage {
    /// The text with its live fields filled in, nil when one has no value.
    func filled(_ liveFields: [String: String]) -> String? {
        guard !self.liveFields.isEmpty else { return text }
        guard self.liveFields.allSatisfy({ !(liveFields[$0] ?? "").isEmpty }) else { return nil }
        return text.replacing(/\{\{\s*([^{}]*?)\s*\}\}/) { liveFields[String($0.1)] ?? "" }
    }

    /// Whether `quote` is this passage's words from their beginning on, byte for byte, with these values of its live fields.
    /// A passage is quoted whole, or up to the end of a sentence.
    public func holds(_ quote: String, liveFields: [String: String]) -> Bool {
        guard !quote.isEmpty, let text = filled(liveFields) else { return false }
        return text.utf8.starts(with: quote.utf8)
    }
}
