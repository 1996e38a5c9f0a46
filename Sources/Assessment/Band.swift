public import Knowledge

/// A named stretch of a score.
///
/// Every result carries its band, texts included, so a band is one reference to content that never changes: copying it
/// costs one count instead of one for each text.
public struct Band: Sendable, Hashable, Codable {
    private struct Content: Sendable, Hashable, Codable {
        let code: String
        let label: LocalizedText
        let from: Double
        let to: Double
        let client: LocalizedText?
        let clinician: LocalizedText?
    }

    private final class Storage: Sendable {
        let content: Content
        init(_ content: Content) { self.content = content }
    }

    private let storage: Storage

    init(
        code: String,
        label: LocalizedText,
        from: Double,
        to: Double,
        client: LocalizedText?,
        clinician: LocalizedText?
    ) {
        storage = Storage(
            Content(code: code, label: label, from: from, to: to, client: client, clinician: clinician)
        )
    }

    /// Stable name for programs: "moderately_severe".
    public var code: String { storage.content.code }
    /// Published name: "Moderately severe".
    public var label: LocalizedText { storage.content.label }
    /// The lowest value in it.
    public var from: Double { storage.content.from }
    /// The highest value in it.
    public var to: Double { storage.content.to }
    /// What it means, for the client.
    public var client: LocalizedText? { storage.content.client }
    /// What it means, for the clinician.
    public var clinician: LocalizedText? { storage.content.clinician }

    public static func == (first: Band, second: Band) -> Bool {
        first.storage === second.storage || first.storage.content == second.storage.content
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(storage.content) }

    public init(from decoder: any Decoder) throws { storage = Storage(try Content(from: decoder)) }

    public func encode(to encoder: any Encoder) throws { try storage.content.encode(to: encoder) }
}
