/// A text in one or more languages, keyed by BCP 47 language subtag (`en`, `es`).
public struct LocalizedText: Sendable, Hashable, Codable {
    public private(set) var texts: [String: String]

    public init(_ texts: [String: String]) { self.texts = texts }
    public init(en: String, es: String? = nil) {
        texts = ["en": en]
        texts["es"] = es
    }

    /// The text in `language`, else in English, else in the alphabetically first language there is.
    public func text(in language: String) -> String {
        texts[language] ?? texts["en"] ?? texts.min { $0.key < $1.key }?.value ?? ""
    }

    public func has(_ language: String) -> Bool { texts[language] != nil }

    public var languages: Set<String> { Set(texts.keys) }

    public init(from decoder: any Decoder) throws {
        texts = try decoder.singleValueContainer().decode([String: String].self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(texts)
    }
}
