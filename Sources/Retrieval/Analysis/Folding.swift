import Foundation

/// Folds text for comparison: compatibility forms, case, diacritics, and letters of other scripts that stand in for
/// Latin ones.
///
/// The result is UTF-8 in which Latin letters are `a`–`z`, apostrophes and hyphens of every kind are `'` and `-`, and
/// whatever is neither letter, digit, apostrophe, hyphen, full stop nor comma is a space. Characters that nobody sees
/// (zero-width, soft hyphen, text direction) are left out.
enum Folding {
    static func fold(_ text: some StringProtocol) -> [UInt8] {
        var folded: [UInt8] = []
        folded.reserveCapacity(text.utf8.count)
        var hasLookAlikes = false
        for scalar in text.unicodeScalars {
            if scalar.value < 0x80 {
                folded.append(ascii[Int(scalar.value)])
            } else if let base = latin(scalar) {
                folded.append(contentsOf: base)
            } else {
                hasLookAlikes = hasLookAlikes || lookAlikes[scalar] != nil
                appendRare(scalar, to: &folded)
            }
        }
        return hasLookAlikes ? foldLookAlikes(folded) : folded
    }

    /// The runs of letters and digits in `text`, folded; apostrophes are dropped.
    static func words(_ text: some StringProtocol) -> [String] {
        let bytes = fold(text).filter { $0 != UInt8(ascii: "'") }
        return bytes.split { !isWord($0) }.map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether a byte of folded text belongs to a word.
    static func isWord(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte >= 0x80 }
    static func isLetter(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    // MARK: - Tables

    private static let space = UInt8(ascii: " ")

    /// What each ASCII character becomes.
    private static let ascii: [UInt8] = (0..<128).map { byte in
        let byte = UInt8(byte)
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return byte | 0x20
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): return byte
        case UInt8(ascii: "'"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ","): return byte
        case UInt8(ascii: "`"): return UInt8(ascii: "'")
        default: return space
        }
    }

    private static let latinRange: ClosedRange<UInt32> = 0xC0...0x24F

    /// Base letters of the accented Latin letters U+00C0…U+024F, which make up nearly all non-ASCII text here.
    private static let latinBases: [[UInt8]] = latinRange.map { value in
        guard let scalar = Unicode.Scalar(value) else { return [space] }
        switch scalar {
        case "ß": return Array("ss".utf8)
        case "æ", "Æ": return Array("ae".utf8)
        case "œ", "Œ": return Array("oe".utf8)
        case "ø", "Ø": return Array("o".utf8)
        case "đ", "Đ", "ð", "Ð": return Array("d".utf8)
        case "ł", "Ł": return Array("l".utf8)
        case "ı": return Array("i".utf8)
        case "×", "÷": return [space]
        default: return decomposed(scalar)
        }
    }

    private static func latin(_ scalar: Unicode.Scalar) -> [UInt8]? {
        guard latinRange.contains(scalar.value) else { return nil }
        return latinBases[Int(scalar.value - latinRange.lowerBound)]
    }

    private static func appendRare(_ scalar: Unicode.Scalar, to folded: inout [UInt8]) {
        switch scalar.value {
        case 0x2018, 0x2019, 0x201B, 0x02BC, 0x00B4, 0x2032, 0x02B9, 0xFF07: folded.append(UInt8(ascii: "'"))
        case 0x2010, 0x2011, 0x2212: folded.append(UInt8(ascii: "-"))
        default: folded.append(contentsOf: decomposed(scalar))
        }
    }

    /// Compatibility decomposition in lower case without combining marks; a space for what is neither letter nor digit.
    private static func decomposed(_ scalar: Unicode.Scalar) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in String(scalar).decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars {
            if part.value < 0x80 {
                bytes.append(ascii[Int(part.value)])
                continue
            }
            switch part.properties.generalCategory {
            case .nonspacingMark, .enclosingMark, .format: continue
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber, .spacingMark:
                bytes.append(contentsOf: String(part).utf8)
            default: bytes.append(space)
            }
        }
        return bytes
    }

    // MARK: - Letters of other scripts

    /// Cyrillic and Greek letters that look like a Latin one (a selection of Unicode TR39), in lower case.
    private static let lookAlikes: [Unicode.Scalar: UInt8] = {
        let pairs: [(String, String)] = [
            ("аеорсухіѕјԁһӏԛԝвкмнт", "aeopcyxisjdhlqwbkmht"),
            ("АЕОРСУХІЅЈВКМНТ", "aeopcyxisjbkmht"),
            ("αορντκιυχ", "aopvtkiux"),
            ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "abezhikmnoptyx"),
        ]
        var table: [Unicode.Scalar: UInt8] = [:]
        for (from, to) in pairs {
            for (scalar, byte) in zip(from.unicodeScalars, to.utf8) { table[scalar] = byte }
        }
        return table
    }()

    /// Replaces look-alike letters in words that also hold Latin letters; a word wholly in another script is left alone.
    private static func foldLookAlikes(_ folded: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for word in folded.split(separator: space, omittingEmptySubsequences: false) {
            if !result.isEmpty || word.startIndex > 0 { result.append(space) }
            guard word.contains(where: { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else {
                result.append(contentsOf: word)
                continue
            }
            for scalar in String(decoding: word, as: UTF8.self).unicodeScalars {
                if let byte = lookAlikes[scalar] {
                    result.append(byte)
                } else {
                    result.append(contentsOf: String(scalar).utf8)
                }
            }
        }
        return result
    }
}
