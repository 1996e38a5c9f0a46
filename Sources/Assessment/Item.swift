public import Knowledge

/// One question of an instrument.
public struct Item: Sendable, Hashable, Codable, Identifiable {
    /// One answer that can be chosen.
    public struct Option: Sendable, Hashable, Codable {
        public var value: Int
        public var label: LocalizedText
        /// LOINC answer code.
        public var loinc: String?
    }

    /// Letters, digits and underscores: "1", "difficulty".
    public var id: String
    public var text: LocalizedText
    /// What can be answered, in the order shown. Empty for a question answered in free text.
    public var options: [Option]
    /// Whether some score counts this item.
    public var isScored: Bool
    /// Whether a form without an answer to it is unfinished (while it is shown).
    public var isRequired: Bool
    /// Shown only while this holds; always when nil.
    public var showWhen: Rule?
    public var loinc: String?

    /// Whether it is answered in free text.
    public var isText: Bool { options.isEmpty }
}
