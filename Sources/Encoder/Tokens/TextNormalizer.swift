internal import Foundation

/// BERT's cleaning of text, one character at a time: control characters go, white space becomes one kind, accents go,
/// letters become small, and ideographs and punctuation stand alone.
struct TextNormalizer {
    struct Options {
        var cleansText = true
        var spacesIdeographs = true
        var stripsAccents = true
        var lowercases = true
    }

    /// What comes out for one character that goes in: parts of words, and ends of words.
    enum Piece {
        case letter(Unicode.Scalar)
        case punctuation(Unicode.Scalar)
        case space
    }

    private let options: Options
    /// For each character of ASCII what comes out: 0 nothing, 1 space, 2 the character alone, else the letter.
    private let ascii: [UInt8]

    init(_ options: Options) {
        self.options = options
        ascii = (0..<128).map { (code: UInt8) in
            let scalar = Unicode.Scalar(code)
            // White space other than tab, line feed and carriage return is cleaned away as control when it is that.
            let isControl = (code < 0x20 || code == 0x7F) && code != 9 && code != 10 && code != 13
            if isControl && options.cleansText { return 0 }
            switch UnicodeClass(scalar) {
            case .space: return 1
            case .punctuation: return 2
            case .control, .accent, .other:
                return options.lowercases && (0x41...0x5A).contains(code) ? code + 0x20 : max(code, 3)
            }
        }
    }

    @inline(__always)
    func normalize(_ scalar: Unicode.Scalar, _ take: (Piece) -> Void) {
        guard scalar.value < 128 else { return normalizeBeyondASCII(scalar, take) }
        switch ascii[Int(scalar.value)] {
        case 0: break
        case 1: take(.space)
        case 2: take(.punctuation(scalar))
        case let letter: take(.letter(Unicode.Scalar(letter)))
        }
    }

    private func normalizeBeyondASCII(_ scalar: Unicode.Scalar, _ take: (Piece) -> Void) {
        if options.cleansText {
            if scalar.value == 0xFFFD { return }
            // The controls among white space (U+0085) are cleaned away before it is seen as white space.
            if scalar.value == 0x85 { return }
            if case .control = UnicodeClass(scalar) { return }
        }
        let standsAlone = options.spacesIdeographs && UnicodeClass.isIdeograph(scalar)
        if standsAlone { take(.space) }
        // The one letter of many parts that came later than the library's tables.
        if options.stripsAccents, scalar.value != 0x11938 {
            for part in String(scalar).decomposedStringWithCanonicalMapping.unicodeScalars {
                if case .accent = UnicodeClass(part) { continue }
                lowercase(part, take)
            }
        } else {
            lowercase(scalar, take)
        }
        if standsAlone { take(.space) }
    }

    private func lowercase(_ scalar: Unicode.Scalar, _ take: (Piece) -> Void) {
        guard options.lowercases, scalar.properties.changesWhenLowercased else { return split(scalar, take) }
        for part in scalar.properties.lowercaseMapping.unicodeScalars { split(part, take) }
    }

    private func split(_ scalar: Unicode.Scalar, _ take: (Piece) -> Void) {
        switch UnicodeClass(scalar) {
        case .space: take(.space)
        case .punctuation: take(.punctuation(scalar))
        case .control, .accent, .other: take(.letter(scalar))
        }
    }
}
