public import Store

/// The identifier of one kind of record: a UUIDv7 (RFC 9562) in lower case, so that ids sort by the time of their making.
///
/// The kind is part of the type: a client's id cannot be passed where a clinician's is meant.
public struct ID<Entity>: Sendable, Hashable, Codable, CustomStringConvertible, SQLConvertible {
    public let text: String

    /// Nil unless `text` is a UUID. Upper case is folded.
    public init?(_ text: String) {
        let folded = text.lowercased()
        guard folded.utf8.count == 36 else { return nil }
        for (index, byte) in folded.utf8.enumerated() {
            let isDash = [8, 13, 18, 23].contains(index)
            let isHex = (48...57).contains(byte) || (97...102).contains(byte)
            guard isDash ? byte == 45 : isHex else { return nil }
        }
        self.text = folded
    }

    /// A UUIDv7 for the moment `now`, with the rest from `random`, which must give ten bytes.
    public init(now: Timestamp, random: [UInt8]) {
        var bytes = [UInt8](repeating: 0, count: 16)
        let milliseconds = UInt64(clamping: now.milliseconds)
        for index in 0..<6 { bytes[index] = UInt8(truncatingIfNeeded: milliseconds >> (8 * UInt64(5 - index))) }
        for (index, byte) in random.prefix(10).enumerated() { bytes[6 + index] = byte }
        bytes[6] = 0x70 | (bytes[6] & 0x0F)
        bytes[8] = 0x80 | (bytes[8] & 0x3F)
        let hex = Array("0123456789abcdef")
        var text = ""
        for (index, byte) in bytes.enumerated() {
            if [4, 6, 8, 10].contains(index) { text.append("-") }
            text.append(hex[Int(byte >> 4)])
            text.append(hex[Int(byte & 15)])
        }
        self.text = text
    }

    public var description: String { text }

    public var sqlValue: SQLValue { .text(text) }
    public init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.init(text)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let id = ID(text) else {
            throw DecodingError.dataCorruptedError(
                in: container,
                debugDescription: "an id is a UUID, 36 characters with dashes"
            )
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}
