import Foundation
import Testing

@testable import Encoder

/// The weights that `Scripts/fetch-encoder` brings, loaded once.
enum ModelUnderTest {
    static let root = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    static let reference = root.appending(path: "Tests/EncoderTests/Reference")

    static let folder =
        ProcessInfo.processInfo.environment["BELLWETHER_ENCODER"].map { URL(filePath: $0, directoryHint: .isDirectory) }
        ?? root.appending(path: ".encoder", directoryHint: .isDirectory)

    static let isThere = FileManager.default.fileExists(atPath: folder.appending(path: "model.safetensors").path)

    private static let loaded = Result { () throws(EncoderError) in try SentenceEncoder(folder: folder) }

    static var encoder: SentenceEncoder { get throws { try loaded.get() } }
}

extension Trait where Self == ConditionTrait {
    static var needsWeights: Self {
        .enabled(if: ModelUnderTest.isThere, "run Scripts/fetch-encoder to bring the weights")
    }
}
