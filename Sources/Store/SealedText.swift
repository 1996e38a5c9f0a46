/// Text that is stored encrypted. In memory it is plain, but neither printing nor reflecting shows it, so it cannot slip
/// into a log. It seals as a column of its own; within a column of JSON it is refused, since it would be stored in plain.
public struct SealedText: Sendable, Hashable, Codable, CustomStringConvertible, CustomReflectable,
    ExpressibleByStringLiteral
{
    public let plaintext: String

    public init(_ plaintext: String) { self.plaintext = plaintext }
    public init(stringLiteral value: String) { plaintext = value }

    public var description: String { "‹sealed›" }
    public var customMirror: Mirror { Mirror(self, children: []) }

    /// Marks an encoder whose output is stored as it is.
    static let refused = CodingUserInfoKey(rawValue: "bellwether.sealed-text-refused")

    public init(from decoder: any Decoder) throws { plaintext = try decoder.singleValueContainer().decode(String.self) }
    public func encode(to encoder: any Encoder) throws {
        if let refused = Self.refused, encoder.userInfo[refused] != nil {
            throw EncodingError.invalidValue(
                self,
                .init(codingPath: encoder.codingPath, debugDescription: "sealed text in a column of JSON")
            )
        }
        var container = encoder.singleValueContainer()
        try container.encode(plaintext)
    }
}

/// Seals and opens columns with the data key of one owner.
public protocol ColumnSealing {
    /// Encrypts `plaintext` bound to the row and column it stands in.
    func seal(_ plaintext: String, column: String, row: String) throws(StoreError) -> String
    /// Decrypts; throws ``StoreError/unsealable(column:)`` when the key is wrong or the value was moved or changed.
    func open(_ sealed: String, column: String, row: String) throws(StoreError) -> String
}
