import ArgumentParser
import Foundation

/// Where the knowledge files are: instruments, prompts (rules and wording of the assistant) and the corpus of articles.
struct KnowledgeOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder that holds Instruments, Prompts and Corpus.",
            discussion: """
                Default: $BELLWETHER_HOME, else the nearest folder above the working directory or above the program \
                that holds them.
                """,
            valueName: "folder"
        )
    )
    var home: String?

    @Option(
        help: ArgumentHelp(
            "Folder of a sentence encoder, with which search understands paraphrase.",
            discussion: """
                Default: $BELLWETHER_ENCODER, else .encoder in the home folder, where Scripts/fetch-encoder puts one. \
                "none" searches by words alone.
                """,
            valueName: "folder"
        )
    )
    var encoder: String?

    /// Where the sentence encoder is, if anywhere; nil when none is wanted.
    var encoderFolder: URL? {
        get throws {
            guard let path = encoder ?? ProcessInfo.processInfo.environment["BELLWETHER_ENCODER"] else {
                return try homeFolder.appending(path: ".encoder", directoryHint: .isDirectory)
            }
            return path == "none" ? nil : URL(filePath: path, directoryHint: .isDirectory)
        }
    }

    /// Questionnaires, one YAML file each.
    var instruments: URL { get throws { try folder("Instruments") } }
    /// Wording and rules of the assistant.
    var prompts: URL { get throws { try folder("Prompts") } }
    /// Articles, a folder a language.
    var corpus: URL { get throws { try folder("Corpus") } }

    /// The home folder itself.
    var homeFolder: URL {
        get throws {
            if let home = home ?? ProcessInfo.processInfo.environment["BELLWETHER_HOME"] {
                let url = URL(filePath: home, directoryHint: .isDirectory)
                guard Self.isHome(url) else {
                    throw failure(.noInput, "\(home) does not hold the folders Instruments, Prompts and Corpus.")
                }
                return url
            }
            let program = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
            let working = URL(filePath: FileManager.default.currentDirectoryPath, directoryHint: .isDirectory)
            for start in [working, program].compactMap({ $0 }) {
                var candidate = start.standardizedFileURL
                while true {
                    if Self.isHome(candidate) { return candidate }
                    let parent = candidate.deletingLastPathComponent().standardizedFileURL
                    if parent.path == candidate.path || candidate.path == "/" { break }
                    candidate = parent
                }
            }
            throw failure(
                .noInput,
                "The folders Instruments, Prompts and Corpus were not found. Say where they are with --home or $BELLWETHER_HOME."
            )
        }
    }

    private func folder(_ name: String) throws -> URL {
        try homeFolder.appending(path: name, directoryHint: .isDirectory)
    }

    private static func isHome(_ url: URL) -> Bool {
        ["Instruments", "Prompts", "Corpus"].allSatisfy { name in
            var isDirectory: ObjCBool = false
            let path = url.appending(path: name).path
            return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory.boolValue
        }
    }
}
