import Foundation
import Knowledge

@testable import Assessment

/// The instruments as they are shipped.
enum Shipped {
    static let folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Instruments")

    private static let read = Result { try InstrumentLibrary(directory: folder) }

    static func library() throws -> InstrumentLibrary { try read.get() }

    static func instrument(_ code: String) throws -> Instrument {
        try requireInstrument(library()[code], code)
    }

    static func scorer(_ code: String) throws -> Scorer { Scorer(try instrument(code)) }

    private static func requireInstrument(_ instrument: Instrument?, _ code: String) throws -> Instrument {
        guard let instrument else { throw Missing(code: code) }
        return instrument
    }

    struct Missing: Error { var code: String }
}

/// An instrument of invented wording; the test fails with the findings when the text is faulty.
func instrument(_ yaml: String) throws -> Instrument {
    let (instrument, findings) = Instrument.parse(KnowledgeFile(path: "test.yaml", text: yaml))
    guard let instrument else { throw KnowledgeError(findings) }
    return instrument
}

/// An invented instrument with yes-or-no, four-step and free-text items, around the given scores and other sections.
func invented(_ sections: String, items: Int = 4, direction: String = "higher is worse", itemLines: String = "")
    -> String
{
    let steps = (1...items).map { "  - {id: \($0), text: Invented question \($0), options: steps}" }
    return """
        code: Invented
        version: 1
        title: Invented
        kind: custom
        direction: \(direction)
        licence: Invented for tests
        sources: [None]
        options:
          steps:
            - {value: 0, label: Never}
            - {value: 1, label: Sometimes}
            - {value: 2, label: Often}
            - {value: 3, label: Always}
        items:
        \(itemLines.isEmpty ? steps.joined(separator: "\n") : itemLines)
        \(sections)
        """
}

extension Responses {
    /// Values in the order of the items "1", "2" …; nil is unanswered.
    init(_ values: [Int?]) {
        self.init(
            Dictionary(
                uniqueKeysWithValues: values.enumerated().map { index, value in
                    (String(index + 1), value.map { Answer.value($0) } ?? .unanswered)
                }
            )
        )
    }
}

/// SplitMix64: the same numbers on every run.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
