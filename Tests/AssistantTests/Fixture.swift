import Foundation
import Testing

@testable import Assistant

/// The real Prompts folder, read once for all tests.
enum Fixture {
    static let promptsFolder: URL = {
        var folder = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        while folder.path != "/", !FileManager.default.fileExists(atPath: folder.appending(path: "Prompts/crisis").path)
        {
            folder = folder.deletingLastPathComponent()
        }
        return folder.appending(path: "Prompts", directoryHint: .isDirectory)
    }()

    static let prompts: Result<Prompts, any Error> = Result { try Prompts(directory: promptsFolder) }
    static let screen: Result<CrisisScreen, any Error> = prompts.map { CrisisScreen($0) }
    static let guardrails: Result<GuardrailScreen, any Error> = prompts.map { GuardrailScreen($0) }

    static func screening(_ text: String, state: ConversationState = .init()) throws -> CrisisFinding {
        try screen.get().screen(text, state: state)
    }

    /// A small generator with a seed, so that a failing case can be repeated.
    struct Random: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }
}
