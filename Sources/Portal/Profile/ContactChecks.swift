/// Checks of what people write about themselves, with words that say what to do.
enum ContactChecks {
    /// A short text of one line. Throws ``Refusal/invalid(pointer:message:remedy:)``.
    static func line(_ text: String, at pointer: String, limit: Int = 100) throws(Refusal) -> String {
        let trimmed = trim(text)
        guard !trimmed.isEmpty, trimmed.count <= limit,
            !trimmed.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else {
            throw .invalid(
                pointer: pointer,
                message: "should be one line of 1 to \(limit) characters",
                remedy: "Shorten it"
            )
        }
        return trimmed
    }

    /// The same, or nil for a text that takes the entry away.
    static func optionalLine(_ text: String?, at pointer: String, limit: Int = 100) throws(Refusal) -> String? {
        guard let text, !trim(text).isEmpty else { return nil }
        return try line(text, at: pointer, limit: limit)
    }

    /// A telephone number as it is dialled: digits, and what people put between them.
    static func phone(_ text: String, at pointer: String) throws(Refusal) -> String {
        let trimmed = trim(text)
        let digits = trimmed.filter { $0.isASCII && $0.isNumber }.count
        guard (3...15).contains(digits), trimmed.count <= 32,
            trimmed.allSatisfy({ $0.isASCII && ($0.isNumber || "+ -().,/x#*".contains($0)) })
        else {
            throw .invalid(
                pointer: pointer,
                message: "should be a telephone number",
                remedy: "Write 3 to 15 digits, such as +1 555 0100"
            )
        }
        return trimmed
    }

    /// An e-mail address, loosely: the mail server knows better.
    static func email(_ text: String, at pointer: String) throws(Refusal) -> String {
        let trimmed = trim(text)
        let parts = trimmed.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ !$0.isEmpty }), trimmed.utf8.count <= 254,
            trimmed.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw .invalid(
                pointer: pointer,
                message: "should be an e-mail address",
                remedy: "Write it like name@example.org"
            )
        }
        return trimmed
    }

    static func address(_ address: PostalAddress, at pointer: String) throws(Refusal) -> PostalAddress {
        let country = address.country.uppercased()
        guard country.utf8.count == 2, country.utf8.allSatisfy({ (65...90).contains($0) }) else {
            throw .invalid(
                pointer: "\(pointer)/country",
                message: "should be a country's two letters",
                remedy: "Write it like US or MX"
            )
        }
        return PostalAddress(
            line1: try line(address.line1, at: "\(pointer)/line1"),
            line2: try optionalLine(address.line2, at: "\(pointer)/line2"),
            city: try line(address.city, at: "\(pointer)/city"),
            region: try optionalLine(address.region, at: "\(pointer)/region"),
            postalCode: try optionalLine(address.postalCode, at: "\(pointer)/postal_code", limit: 16),
            country: country
        )
    }

    private static func trim(_ text: String) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
