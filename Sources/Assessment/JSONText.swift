/// A JSON value that keeps what Foundation's decoder loses and answers depend on: whether a number was written as a whole
/// number, and whether an object names a key twice.
indirect enum JSONText {
    struct Member {
        var key: String
        var value: JSONText
    }

    case null
    case boolean(Bool)
    case integer(Int)
    /// A number with a point or an exponent, or beyond the range of `Int`, as written.
    case number(String)
    case string(String)
    case array([JSONText])
    /// In the order written; keys may repeat.
    case object([Member])

    /// Where and why a text is not JSON.
    struct SyntaxError: Error, Equatable {
        /// Line in the text, counted from 1.
        var line: Int
        var message: String
    }

    static let deepest = 32

    init(_ text: some StringProtocol) throws(SyntaxError) {
        var reader = JSONReader(bytes: Array(text.utf8))
        self = try reader.document()
    }

    var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// Short form for messages.
    var written: String {
        switch self {
        case .null: "null"
        case .boolean(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let text): text
        case .string(let text): "\"\(text)\""
        case .array: "a list"
        case .object: "an object"
        }
    }

    subscript(key: String) -> JSONText? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }
}

private struct JSONReader {
    let bytes: [UInt8]
    var position = 0
    var depth = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func fault(_ message: String) -> JSONText.SyntaxError {
        let line = 1 + bytes.prefix(position).reduce(0) { $0 + ($1 == 0x0A ? 1 : 0) }
        return JSONText.SyntaxError(line: line, message: message)
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = next, UInt32(byte) == character.value else { return false }
        position += 1
        return true
    }

    mutating func document() throws(JSONText.SyntaxError) -> JSONText {
        let value = try value()
        skipSpace()
        guard next == nil else { throw fault("there is text after the end of the JSON document") }
        return value
    }

    private mutating func value() throws(JSONText.SyntaxError) -> JSONText {
        skipSpace()
        guard let byte = next else { throw fault("the JSON document ends too early") }
        switch byte {
        case UInt8(ascii: "{"): return try nested { (reader) throws(JSONText.SyntaxError) in try reader.object() }
        case UInt8(ascii: "["): return try nested { (reader) throws(JSONText.SyntaxError) in try reader.array() }
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: return try word()
        }
    }

    private mutating func nested(
        _ read: (inout JSONReader) throws(JSONText.SyntaxError) -> JSONText
    ) throws(JSONText.SyntaxError) -> JSONText {
        depth += 1
        defer { depth -= 1 }
        guard depth <= JSONText.deepest else { throw fault("the JSON document is nested too deep") }
        position += 1
        return try read(&self)
    }

    private mutating func object() throws(JSONText.SyntaxError) -> JSONText {
        var members: [JSONText.Member] = []
        skipSpace()
        if take("}") { return .object(members) }
        while true {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("a key in quotation marks was expected") }
            let key = try string()
            skipSpace()
            guard take(":") else { throw fault("`:` is missing after the key \"\(key)\"") }
            members.append(JSONText.Member(key: key, value: try value()))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw fault("`,` or `}` was expected") }
        }
    }

    private mutating func array() throws(JSONText.SyntaxError) -> JSONText {
        var elements: [JSONText] = []
        skipSpace()
        if take("]") { return .array(elements) }
        while true {
            elements.append(try value())
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw fault("`,` or `]` was expected") }
        }
    }

    private mutating func word() throws(JSONText.SyntaxError) -> JSONText {
        let start = position
        while let byte = next, byte >= UInt8(ascii: "a"), byte <= UInt8(ascii: "z") { position += 1 }
        switch String(decoding: bytes[start..<position], as: UTF8.self) {
        case "null": return .null
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        default:
            position = start
            throw fault("a JSON value was expected")
        }
    }

    private mutating func digits() -> Int {
        let start = position
        while let byte = next, byte >= 0x30, byte <= 0x39 { position += 1 }
        return position - start
    }

    private mutating func number() throws(JSONText.SyntaxError) -> JSONText {
        let start = position
        _ = take("-")
        let first = next
        let count = digits()
        guard count > 0, first != 0x30 || count == 1 else { throw fault("a number is not written as JSON asks") }
        var isWhole = true
        if take(".") {
            isWhole = false
            guard digits() > 0 else { throw fault("a number is not written as JSON asks") }
        }
        if take("e") || take("E") {
            isWhole = false
            if !take("+") { _ = take("-") }
            guard digits() > 0 else { throw fault("a number is not written as JSON asks") }
        }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let integer = Int(text) { return .integer(integer) }
        return .number(text)
    }

    private mutating func string() throws(JSONText.SyntaxError) -> String {
        position += 1
        var units: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: units, as: UTF8.self)
            case UInt8(ascii: "\\"): units.append(contentsOf: try escape())
            case 0..<0x20: throw fault("a text holds a control character")
            default: units.append(byte)
            }
        }
        throw fault("a text has no closing quotation mark")
    }

    private mutating func escape() throws(JSONText.SyntaxError) -> [UInt8] {
        guard let byte = next else { throw fault("a text has no closing quotation mark") }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"): break
        default: throw fault("a text holds an unknown escape")
        }
        var code = try hexadecimal()
        if code >= 0xD800, code <= 0xDBFF, take("\\"), take("u") {
            let low = try hexadecimal()
            guard low >= 0xDC00, low <= 0xDFFF else { throw fault("a text holds half a character") }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw fault("a text holds half a character") }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func hexadecimal() throws(JSONText.SyntaxError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw fault("a text holds an unknown escape")
            }
            position += 1
            code = code << 4 | UInt32(digit)
        }
        return code
    }
}
