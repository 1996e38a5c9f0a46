import Foundation

/// What one Unicode scalar means to the screens: the plain letter that a reader sees, a space, a symbol, or nothing.
///
/// Covers what people use, on purpose or by their keyboard, in place of a plain letter: capitals, accents, full-width,
/// mathematical, circled, squared and small capital letters, and the Cyrillic and Greek letters that look like Latin
/// ones (after the confusables list of Unicode Technical Standard 39).
enum ScalarFold: Equatable {
    /// One or more lower-case letters or digits.
    case letters([Unicode.Scalar])
    case space
    case newline
    case apostrophe
    case quote
    /// A picture, as the scalar itself.
    case emoji(Unicode.Scalar)
    /// Any other visible sign.
    case symbol(Unicode.Scalar)
    /// Format characters, combining marks, controls: not seen, so not there.
    case nothing

    static func fold(_ scalar: Unicode.Scalar) -> ScalarFold {
        let value = scalar.value
        if (0x80..<0x250).contains(value) { return accented[Int(value - 0x80)] }
        return computed(scalar)
    }

    /// The Latin letters with accents and their neighbors, looked up often in Spanish.
    private static let accented: [ScalarFold] = (0x80..<0x250).map { value in
        Unicode.Scalar(UInt32(value)).map(computed) ?? .nothing
    }

    private static func computed(_ scalar: Unicode.Scalar) -> ScalarFold {
        let value = scalar.value
        switch value {
        case 0x61...0x7A, 0x30...0x39: return .letters([scalar])
        case 0x41...0x5A: return letter(value + 0x20)
        case 0x20, 0x09: return .space
        case 0x0A, 0x0B, 0x0C, 0x0D, 0x85, 0x2028, 0x2029: return .newline
        case 0x27, 0x60, 0xB4, 0x2018, 0x2019, 0x201B, 0x02BC, 0x02B9, 0x2032, 0xFF07: return .apostrophe
        case 0x22, 0x201C, 0x201D, 0x201E, 0xAB, 0xBB, 0xFF02: return .quote
        case 0..<0x20, 0x7F..<0xA0, 0xAD: return .nothing
        case 0x20..<0x80: return .symbol(scalar)
        default: return foldBeyondASCII(scalar)
        }
    }

    private static func foldBeyondASCII(_ scalar: Unicode.Scalar) -> ScalarFold {
        let value = scalar.value
        if let latin = lookalikes[scalar] { return .letters([latin]) }
        if let block = letterInStyledBlock(value) { return block }
        switch value {
        // Blank letters that are drawn as a space.
        case 0xA0, 0x1680, 0x2000...0x200A, 0x202F, 0x205F, 0x3000, 0x3164, 0x115F, 0x1160, 0xFFA0, 0x2800:
            return .space
        case 0xFE0E, 0xFE0F, 0x1F3FB...0x1F3FF: return .nothing
        default: break
        }
        let properties = scalar.properties
        switch properties.generalCategory {
        case .format, .nonspacingMark, .enclosingMark, .control, .surrogate, .privateUse, .unassigned: return .nothing
        case .spaceSeparator, .lineSeparator, .paragraphSeparator: return .space
        default: break
        }
        if properties.isEmojiPresentation || (properties.isEmoji && value >= 0x2190) { return .emoji(scalar) }
        let decomposed = String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars
        var letters: [Unicode.Scalar] = []
        for part in decomposed {
            if let latin = lookalikes[part] {
                letters.append(latin)
            } else if part.value < 0x80 || part.properties.isAlphabetic || part.properties.numericType != nil {
                guard part.properties.generalCategory != .nonspacingMark else { continue }
                letters.append(contentsOf: part.properties.lowercaseMapping.unicodeScalars)
            }
        }
        guard let first = letters.first else { return .symbol(scalar) }
        let isWord = letters.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil }
        if isWord { return .letters(letters) }
        return letters.count == 1 ? .symbol(first) : .symbol(scalar)
    }

    private static func letter(_ value: UInt32) -> ScalarFold {
        Unicode.Scalar(value).map { .letters([$0]) } ?? .nothing
    }

    /// Letters of the styled alphabets, which repeat A–Z a–z at a fixed distance.
    private static func letterInStyledBlock(_ value: UInt32) -> ScalarFold? {
        switch value {
        case 0x1D400...0x1D6A3: letter(0x61 + (value - 0x1D400) % 26)
        case 0x1D7CE...0x1D7FF: letter(0x30 + (value - 0x1D7CE) % 10)
        case 0x249C...0x24B5: letter(0x61 + value - 0x249C)
        case 0x24B6...0x24CF: letter(0x61 + value - 0x24B6)
        case 0x24D0...0x24E9: letter(0x61 + value - 0x24D0)
        case 0x1F110...0x1F129: letter(0x61 + value - 0x1F110)
        case 0x1F130...0x1F149: letter(0x61 + value - 0x1F130)
        case 0x1F150...0x1F169: letter(0x61 + value - 0x1F150)
        case 0x1F170...0x1F189: letter(0x61 + value - 0x1F170)
        case 0x1F1E6...0x1F1FF: letter(0x61 + value - 0x1F1E6)
        default: nil
        }
    }

    /// Letters of other scripts, and phonetic letters, that are drawn like a Latin letter.
    private static let lookalikes: [Unicode.Scalar: Unicode.Scalar] = {
        let table: [(Unicode.Scalar, String)] = [
            ("a", "аАαΑɑᴀаａ⍺ꭺ"), ("b", "ВвЬьΒʙƄᏴ"), ("c", "сСϲᴄⅽↄꮯ"), ("d", "ԁᴅⅾɗꓒ"), ("e", "еЕεΕєЄᴇҽ℮ꭼ"),
            ("f", "ꜰƒϝſ"),
            ("g", "ɡɢԍցᶃ"), ("h", "НнһΗʜհᏂ"), ("i", "іІіιΙɪıӏӀǀⅰ"), ("j", "јЈϳᴊյ"), ("k", "кКκΚᴋҡ"), ("l", "ʟⅼˡłŁ"),
            ("m", "мМΜᴍⅿ"), ("n", "ոηΝɴп"), ("o", "оОοΟσᴏօ၀Øø"), ("p", "рРρΡᴘ"), ("q", "ԛզ"), ("r", "гʀᴦ"),
            ("s", "ѕЅꜱʂս"), ("t", "тТτΤᴛƚ"), ("u", "υᴜսцʋ"), ("v", "ѵνᴠⅴ"), ("w", "ԝᴡωѡ"), ("x", "хХχΧⅹ"),
            ("y", "уУγΥʏүУ"), ("z", "ᴢΖʐ"),
        ]
        var map: [Unicode.Scalar: Unicode.Scalar] = [:]
        for (latin, forms) in table {
            for form in forms.unicodeScalars where form.value >= 0x80 && map[form] == nil { map[form] = latin }
        }
        return map
    }()
}
