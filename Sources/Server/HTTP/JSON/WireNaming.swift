/// The one place where Swift's property names and the names on the wire are mapped, by the rule that maps them to columns:
/// `clientID` and `clientId` are `client_id`, `isAnonymous` is `is_anonymous`.
///
/// The mapping runs one way. A reader asks for `clientID` and finds `client_id`; nobody has to guess back.
enum WireNaming {
    /// - Returns: the name in snake case; a name that does not begin with a small letter is data (`MODERATE`, `phq-9` as
    ///   the key of a dictionary), not a property, and stays as it is.
    static func name(for property: String) -> String {
        guard let first = property.utf8.first, (0x61...0x7A).contains(first) else { return property }
        guard property.utf8.contains(where: isUpper) else { return property }
        let bytes = Array(property.utf8)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + 4)
        var previousWasUpper = true
        for (index, byte) in bytes.enumerated() {
            let upper = isUpper(byte)
            let nextIsLower = index + 1 < bytes.count && (0x61...0x7A).contains(bytes[index + 1])
            if upper && (!previousWasUpper || nextIsLower) { result.append(UInt8(ascii: "_")) }
            result.append(upper ? byte | 0x20 : byte)
            previousWasUpper = upper
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isUpper(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }
}

/// A key as it stands on the wire.
struct WireKey: CodingKey {
    let stringValue: String
    let intValue: Int?

    init(_ name: String) {
        stringValue = name
        intValue = nil
    }
    init(index: Int) {
        stringValue = String(index)
        intValue = index
    }
    init?(stringValue: String) { self.init(stringValue) }
    init?(intValue: Int) { self.init(index: intValue) }
}
