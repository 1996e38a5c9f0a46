/// What the Python library `tokenizers` sees in a character. Its tables are those of Unicode 8: to it, characters that
/// came later are neither punctuation nor accents nor control characters.
enum UnicodeClass {
    case control, space, punctuation, accent, other

    init(_ scalar: Unicode.Scalar) {
        // Coded differently in Unicode 8 than today.
        switch scalar.value {
        case 0x166D, 0x111C9: self = .punctuation
        case 0x1734, 0x1171E: self = .accent
        case 0x1885, 0x1886, 0xA9BD: self = .other
        default: self = Self.today(scalar)
        }
    }

    private static func today(_ scalar: Unicode.Scalar) -> UnicodeClass {
        let properties = scalar.properties
        if properties.isWhitespace { return .space }
        if scalar.isASCII {
            switch scalar.value {
            case 0..<0x20, 0x7F: return .control
            case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return .punctuation
            default: return .other
            }
        }
        switch properties.generalCategory {
        case .control, .format, .privateUse: return isKnown(properties) ? .control : .other
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return isKnown(properties) ? .punctuation : .other
        case .nonspacingMark: return isKnown(properties) ? .accent : .other
        default: return .other
        }
    }

    private static func isKnown(_ properties: Unicode.Scalar.Properties) -> Bool {
        properties.age.map { $0.major <= 8 } ?? false
    }

    /// A letter of Chinese writing, which stands as a word of its own. The ranges are those of `tokenizers`.
    static func isIdeograph(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B81F, 0x2B920...0x2CEAF, 0xF900...0xFAFF,
            0x2F800...0x2FA1F:
            true
        default: false
        }
    }
}
