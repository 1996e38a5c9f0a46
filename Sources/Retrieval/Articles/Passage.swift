/// A piece of an article that can be quoted by itself.
public struct Passage: Sendable, Hashable, Codable, Identifiable {
    /// `article#ordinal`.
    public var id: String
    public var articleID: String
    public var language: String
    /// Place in the article, counted from 1. The lead is 1.
    public var ordinal: Int
    /// Heading of its section; nil in the lead.
    public var heading: String?
    /// Headings from the outermost down to its section.
    public var headingPath: [String]
    /// Anchor of its section; empty in the lead.
    public var anchor: String
    /// Plain text. Points and steps are lines of their own, steps with their number.
    public var text: String
    /// The same as written.
    public var markdown: String
    /// Names of the fields that the service has to fill in: `provider_name` for `{{provider_name}}`.
    public var liveFields: [String]

    public var isLead: Bool { heading == nil }
}

/// Names of the live fields in a text.
enum LiveFields {
    static func names(in text: String) -> [String] {
        guard text.utf8.contains(UInt8(ascii: "{")) else { return [] }
        var names: [String] = []
        for match in text.matches(of: /\{\{\s*([^{}]*?)\s*\}\}/) where !names.contains(String(match.1)) {
            names.append(String(match.1))
        }
        return names
    }
}
