import Testing

@testable import Assistant

/// Ways in which people write the same words, on purpose or not. None may lower the tier.
@Suite struct CrisisPerturbationTests {
    static let messages = [
        "I want to kill myself", "I don't want to live anymore", "thinking about suicide", "I want to die",
        "I'm going to end my life", "I can't go on like this", "no quiero vivir", "me quiero morir",
    ]

    enum Noise: CaseIterable {
        case upper, curly, bare, zeroWidth, softHyphen, combining, fullWidth, cyrillic, mathematical, newlines,
            wideSpaces, repeated,
            leet, spaced

        func apply(to text: String, _ random: inout Fixture.Random) -> String {
            switch self {
            case .upper: return text.uppercased()
            case .curly: return text.replacing("'", with: "\u{2019}")
            case .bare: return text.replacing("'", with: "")
            case .zeroWidth: return insert("\u{200B}", into: text, &random)
            case .softHyphen: return insert("\u{AD}", into: text, &random)
            case .combining: return insert("\u{0336}", into: text, &random)
            case .fullWidth:
                return map(text) { $0.value > 0x60 && $0.value < 0x7B ? Unicode.Scalar($0.value + 0xFEE0) : nil }
            case .cyrillic:
                let forms: [Unicode.Scalar: Unicode.Scalar] = [
                    "a": "а", "e": "е", "o": "о", "i": "і", "c": "с", "s": "ѕ",
                ]
                return map(text) { forms[$0] }
            case .mathematical:
                return map(text) {
                    $0.value > 0x60 && $0.value < 0x7B ? Unicode.Scalar($0.value - 0x61 + 0x1D5EE) : nil
                }
            case .newlines: return text.replacing(" ", with: "\n")
            case .wideSpaces: return text.replacing(" ", with: "\u{A0} ")
            case .repeated:
                guard let last = text.last else { return text }
                return text + String(repeating: last, count: 4)
            case .leet:
                let forms: [Unicode.Scalar: Unicode.Scalar] = ["i": "1", "e": "3", "s": "5"]
                // One sign a word is enough to hide it from a plain search.
                return text.split(separator: " ").map { word in
                    word.count > 3 ? Self.first(in: String(word), forms) : String(word)
                }
                .joined(separator: " ")
            case .spaced:
                return text.replacing("'", with: "").map(String.init).joined(separator: " ").replacing(
                    "   ",
                    with: "  "
                )
            }
        }

        private static func first(in word: String, _ forms: [Unicode.Scalar: Unicode.Scalar]) -> String {
            var changed = false
            return String(
                String.UnicodeScalarView(
                    word.unicodeScalars.map { scalar in
                        guard !changed, let form = forms[scalar] else { return scalar }
                        changed = true
                        return form
                    }
                )
            )
        }

        private func map(_ text: String, _ form: (Unicode.Scalar) -> Unicode.Scalar?) -> String {
            String(String.UnicodeScalarView(text.unicodeScalars.map { form($0) ?? $0 }))
        }

        private func insert(_ scalar: Unicode.Scalar, into text: String, _ random: inout Fixture.Random) -> String {
            var scalars = String.UnicodeScalarView()
            for letter in text.unicodeScalars {
                scalars.append(letter)
                if Bool.random(using: &random) { scalars.append(scalar) }
            }
            return String(scalars)
        }
    }

    @Test(arguments: messages, Noise.allCases)
    func `noise never lowers the tier`(_ message: String, _ noise: Noise) throws {
        let plain = try Fixture.screening(message).tier
        #expect(plain.alerts)
        var random = Fixture.Random(state: 7)
        for _ in 0..<3 {
            let text = noise.apply(to: message, &random)
            #expect(try Fixture.screening(text).tier >= plain, "\(text)")
        }
    }

    @Test(arguments: [
        "suicidl", "sucide", "suicdal", "killing mysef", "i want to kil myself", "s*icide", "k*ll myself", "$uicide",
        "sui cide",
    ])
    func `a misspelled, masked or split head word still counts`(_ text: String) throws {
        #expect(try Fixture.screening("I am thinking about " + text).alert)
    }

    @Test(arguments: [
        "I packed my suitcase", "my kilt is new", "the override code", "my balance is overdue", "she is so cute",
        "dye my hair",
    ])
    func `real words that look like a head word do not count`(_ text: String) throws {
        #expect(try Fixture.screening(text).tier == .none)
    }
}
