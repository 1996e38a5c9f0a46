import CLibXML2

/// The bytes of a page as clean UTF-8, without what could make reading them slow.
struct PageBytes {
    /// Valid UTF-8 without NUL and without inline data.
    let utf8: [UInt8]
    /// What the page's characters were read as, where that was a guess.
    let guess: String?

    /// How far into a page its declaration of a character set is looked for, as browsers do (HTML standard, 13.2.3.2).
    private static let declarationReach = 4096

    init(_ bytes: [UInt8]) {
        let (text, guess) = Self.decoded(bytes)
        utf8 = Self.withoutMarks(Self.withoutInlineData(text))
        self.guess = guess
    }

    private static func decoded(_ bytes: [UInt8]) -> (text: [UInt8], guess: String?) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return (repaired(bytes.dropFirst(3)), nil) }
        if bytes.starts(with: [0xFF, 0xFE]) { return (converted(bytes.dropFirst(2), from: "UTF-16LE"), nil) }
        if bytes.starts(with: [0xFE, 0xFF]) { return (converted(bytes.dropFirst(2), from: "UTF-16BE"), nil) }
        let isUTF8 = String(validating: bytes, as: UTF8.self) != nil
        guard let declared = declaration(in: bytes.prefix(declarationReach)) else {
            return isUTF8
                ? (repaired(bytes[...]), nil) : (converted(bytes[...], from: "WINDOWS-1252"), "read as windows-1252")
        }
        guard let name = charsets[declared] else {
            return isUTF8
                ? (repaired(bytes[...]), "declared as \(declared), read as utf-8")
                : (converted(bytes[...], from: "WINDOWS-1252"), "declared as \(declared), read as windows-1252")
        }
        if name == "UTF-8" {
            return isUTF8
                ? (repaired(bytes[...]), nil)
                : (converted(bytes[...], from: "WINDOWS-1252"), "declared as utf-8, read as windows-1252")
        }
        return (converted(bytes[...], from: name), nil)
    }

    /// Labels of the Encoding standard with iconv's name for them. Latin-1 and ASCII mean Windows-1252 there. Only sets
    /// without states: the converters of the others are rarely used and have had faults.
    private static let charsets: [String: String] = {
        var names = ["utf-8": "UTF-8", "utf8": "UTF-8", "unicode": "UTF-8"]
        for label in [
            "windows-1252", "cp1252", "x-cp1252", "iso-8859-1", "iso8859-1", "latin1", "l1", "us-ascii", "ascii",
        ] {
            names[label] = "WINDOWS-1252"
        }
        for number in [1250, 1251, 1253, 1254, 1255, 1256, 1257, 1258] {
            names["windows-\(number)"] = "WINDOWS-\(number)"
            names["cp\(number)"] = "WINDOWS-\(number)"
        }
        for number in [2, 3, 4, 5, 6, 7, 8, 10, 13, 14, 15, 16] { names["iso-8859-\(number)"] = "ISO-8859-\(number)" }
        names["iso-8859-9"] = "WINDOWS-1254"
        for (label, name) in [
            ("macintosh", "MACINTOSH"), ("koi8-r", "KOI8-R"), ("koi8-u", "KOI8-U"), ("gb2312", "GBK"), ("gbk", "GBK"),
            ("gb18030", "GB18030"), ("big5", "BIG5"), ("shift_jis", "SHIFT_JIS"), ("shift-jis", "SHIFT_JIS"),
            ("euc-jp", "EUC-JP"), ("euc-kr", "EUC-KR"),
        ] { names[label] = name }
        return names
    }()

    /// What stands after the first `charset=`, in lower case.
    private static func declaration(in head: ArraySlice<UInt8>) -> String? {
        let lowered = head.map { (65...90).contains($0) ? $0 + 32 : $0 }
        let mark = Array("charset=".utf8)
        var index = 0
        while index + mark.count <= lowered.count {
            guard lowered[index] == mark[0], lowered[index..<(index + mark.count)].elementsEqual(mark) else {
                index += 1
                continue
            }
            let rest = lowered[(index + mark.count)...].drop { $0 == 0x22 || $0 == 0x27 || $0 == 0x20 }
            let name = rest.prefix { (97...122).contains($0) || (48...57).contains($0) || $0 == 0x2D || $0 == 0x5F }
            return name.isEmpty ? nil : String(decoding: name.prefix(40), as: UTF8.self)
        }
        return nil
    }

    private static func repaired(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).utf8)
    }

    /// Every byte that stands for no character becomes U+FFFD.
    private static func converted(_ bytes: ArraySlice<UInt8>, from charset: String) -> [UInt8] {
        guard let converter = iconv_open("UTF-8", charset), Int(bitPattern: converter) != -1 else {
            return repaired(bytes)
        }
        defer { iconv_close(converter) }
        var input = bytes.map { CChar(bitPattern: $0) }
        var output: [UInt8] = []
        output.reserveCapacity(input.count + input.count / 8)
        var piece = [CChar](repeating: 0, count: 65_536)
        let total = input.count
        input.withUnsafeMutableBufferPointer { source in
            var from = source.baseAddress
            var left = total
            while left > 0 {
                let written = piece.withUnsafeMutableBufferPointer { target -> Int in
                    var to = target.baseAddress
                    var room = target.count
                    _ = iconv(converter, &from, &left, &to, &room)
                    return target.count - room
                }
                output.append(contentsOf: piece.prefix(written).lazy.map { UInt8(bitPattern: $0) })
                // Neither full nor done: a byte that is no character, or half of one at the end.
                if left > 0, written < piece.count - 8 {
                    output += [0xEF, 0xBF, 0xBD]
                    from = from?.advanced(by: 1)
                    left -= 1
                }
            }
        }
        return repaired(output[...])
    }

    /// Drops NUL bytes, and what follows `;base64,`: images inside of a page are left out anyway, and as one attribute of
    /// megabytes they are slow to read.
    private static func withoutInlineData(_ bytes: [UInt8]) -> [UInt8] {
        let mark = Array(";base64,".utf8)
        var clean: [UInt8] = []
        clean.reserveCapacity(bytes.count)
        var matched = 0
        var isInside = false
        for byte in bytes where byte != 0 {
            if isInside {
                let isData =
                    (97...122).contains(byte) || (65...90).contains(byte) || (47...57).contains(byte) || byte == 0x2B
                    || byte == 0x3D || byte == 0x0A || byte == 0x0D || byte == 0x25
                if isData { continue }
                isInside = false
            }
            clean.append(byte)
            matched = byte == mark[matched] ? matched + 1 : (byte == mark[0] ? 1 : 0)
            if matched == mark.count {
                matched = 0
                isInside = true
            }
        }
        return clean
    }

    /// Longest of Word's conditional marks, in bytes.
    private static let longestMark = 200

    /// Drops Word's conditional marks, such as `<![if !supportLists]>`, which are neither tags nor comments, and end
    /// tags that end nothing, or the page or its body: badly joined pages go on after them, and the parser would not.
    private static func withoutMarks(_ bytes: [UInt8]) -> [UInt8] {
        let ends = ["</body", "</html"].map { Array($0.utf8) }
        var clean: [UInt8] = []
        clean.reserveCapacity(bytes.count)
        var index = 0
        // Before the first tag or word; an end tag there ends nothing.
        var isBlank = true
        while index < bytes.count {
            if bytes[index] == 0x3C, index + 2 < bytes.count {
                if bytes[index + 1] == 0x21, bytes[index + 2] == 0x5B,
                    let close = bytes[(index + 1)...].prefix(longestMark).firstIndex(where: { $0 == 0x3E || $0 == 0x3C }
                    ),
                    bytes[close] == 0x3E, bytes[close - 1] == 0x5D
                {
                    index = close + 1
                    continue
                }
                let isPageEnd = ends.contains { end in
                    bytes[index...].prefix(end.count).map { (65...90).contains($0) ? $0 + 32 : $0 } == end
                }
                if bytes[index + 1] == 0x2F, isBlank || isPageEnd,
                    let close = bytes[index...].prefix(longestMark).firstIndex(of: 0x3E)
                {
                    // What follows is a paragraph of its own.
                    if !isBlank { clean += Array("<p></p>".utf8) }
                    index = close + 1
                    continue
                }
            }
            clean.append(bytes[index])
            isBlank = isBlank && bytes[index] <= 0x20
            index += 1
        }
        return clean
    }
}
