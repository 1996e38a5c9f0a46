/// Text that is not JSON, and where it stops being that.
public struct JSONFault: Error, Sendable, Hashable {
    /// What is wrong, in plain words; never holds any of the text.
    public let message: String
    /// Counted from 1.
    public let line: Int
    /// Bytes, counted from 1.
    public let column: Int
}

/// Reads JSON by the letter of RFC 8259, and stricter where leniency has made holes elsewhere: a name that appears twice in
/// one object is refused (two readers may pick different ones), half a surrogate pair too, and so is nesting deeper
/// than ``maximumDepth`` (a reader that recurses would run out of stack).
///
/// - Complexity: O(n) time and memory in the length of the text.
struct JSONParser {
    static let maximumDepth = 64

    private let bytes: [UInt8]
    private var position = 0

    static func parse(_ bytes: [UInt8]) throws(JSONFault) -> JSONValue {
        var parser = JSONParser(bytes: bytes)
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw JSONFault(message: "The text is not UTF-8", line: 1, column: 1)
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { parser.position = 3 }
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.peek == nil else { throw parser.fault("Something follows the end of the value") }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    // MARK: Values

    private mutating func value(depth: Int) throws(JSONFault) -> JSONValue {
        guard depth <= Self.maximumDepth else {
            throw fault("The value is nested deeper than \(Self.maximumDepth) levels")
        }
        skipBlanks()
        guard let byte = peek else { throw fault("The text ends where a value is expected") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw fault("A value is expected here")
        }
    }

    private mutating func object(depth: Int) throws(JSONFault) -> JSONValue {
        position += 1
        var members: [String: JSONValue] = [:]
        skipBlanks()
        if take("}") { return .object(members) }
        while true {
            skipBlanks()
            let start = position
            guard peek == UInt8(ascii: "\"") else { throw fault("A name in double quotes is expected here") }
            let name = try string()
            skipBlanks()
            guard take(":") else { throw fault("A colon is expected here") }
            guard members.updateValue(try value(depth: depth + 1), forKey: name) == nil else {
                throw fault("A name appears twice in one object", at: start)
            }
            skipBlanks()
            if take("}") { return .object(members) }
            guard take(",") else { throw fault("A comma or the end of the object is expected here") }
        }
    }

    private mutating func array(depth: Int) throws(JSONFault) -> JSONValue {
        position += 1
        var elements: [JSONValue] = []
        skipBlanks()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value(depth: depth + 1))
            skipBlanks()
            if take("]") { return .array(elements) }
            guard take(",") else { throw fault("A comma or the end of the list is expected here") }
        }
    }

    private mutating func literal(_ word: String, _ value: JSONValue) throws(JSONFault) -> JSONValue {
        guard bytes[position...].starts(with: word.utf8) else { throw fault("A value is expected here") }
        position += word.utf8.count
        return value
    }

    // MARK: Numbers

    private mutating func number() throws(JSONFault) -> JSONValue {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if let integer = Int64(text) { return .integer(integer) }
        let number = Double(text) ?? .infinity
        return Int64(exactly: number).map { .integer($0) } ?? .number(number)
    }

    private mutating func digits() throws(JSONFault) {
        let start = position
        while let byte = peek, (0x30...0x39).contains(byte) { position += 1 }
        guard position > start else { throw fault("A digit is expected here") }
    }

    // MARK: Strings

    private mutating func string() throws(JSONFault) -> String {
        position += 1
        var result: [UInt8] = []
        var pending = position
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                result += bytes[pending..<position]
                position += 1
                return String(decoding: result, as: UTF8.self)
            case UInt8(ascii: "\\"):
                result += bytes[pending..<position]
                result += try escape().utf8
                pending = position
            case 0..<0x20: throw fault("A control character in a text is written as an escape, such as \\n")
            default: position += 1
            }
        }
        throw fault("The text ends inside double quotes")
    }

    private mutating func escape() throws(JSONFault) -> String {
        let start = position
        position += 1
        guard let byte = peek else { throw fault("The text ends inside double quotes") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return String(UnicodeScalar(byte))
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return String(try scalar(escapedAt: start))
        default: throw fault("This escape is not known", at: start)
        }
    }

    /// The scalar of `\uXXXX`, or of the two that make a surrogate pair.
    private mutating func scalar(escapedAt start: Int) throws(JSONFault) -> UnicodeScalar {
        let first = try hexadecimals(escapedAt: start)
        if let scalar = UnicodeScalar(first) { return scalar }
        guard first < 0xDC00, take("\\"), take("u") else { throw fault("Half a surrogate pair", at: start) }
        let second = try hexadecimals(escapedAt: start)
        guard (0xDC00...0xDFFF).contains(second),
            let scalar = UnicodeScalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw fault("Half a surrogate pair", at: start) }
        return scalar
    }

    private mutating func hexadecimals(escapedAt start: Int) throws(JSONFault) -> UInt32 {
        let digits = bytes[position...].prefix(4)
        let text = String(decoding: digits, as: UTF8.self)
        guard digits.count == 4, text.allSatisfy(\.isHexDigit), let number = UInt32(text, radix: 16) else {
            throw fault("Four hexadecimal digits are expected after \\u", at: start)
        }
        position += 4
        return number
    }

    // MARK: Bytes

    private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard peek == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private func fault(_ message: String, at offset: Int? = nil) -> JSONFault {
        let before = bytes.prefix(offset ?? position)
        let line = before.count { $0 == 0x0A } + 1
        let column = before.count - (before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0) + 1
        return JSONFault(message: message, line: line, column: column)
    }
}
