public import Foundation

/// One file of knowledge as it was read: its path for messages, and its text.
public struct KnowledgeFile: Sendable, Hashable {
    public var path: String
    public var text: String

    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }

    /// Reads one file. Throws a ``KnowledgeError`` that names the file when it is missing, unreadable or not UTF-8.
    public static func read(_ url: URL) throws(KnowledgeError) -> KnowledgeFile {
        let data: Data
        do {
            data = try Data(contentsOf: url)
        } catch {
            throw KnowledgeError([
                Diagnostic(
                    file: url.path,
                    line: 1,
                    message: "the file cannot be read",
                    remedy: "Check that it exists and that its permissions allow reading"
                )
            ])
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw KnowledgeError([
                Diagnostic(file: url.path, line: 1, message: "the file is not UTF-8 text", remedy: "Save it as UTF-8")
            ])
        }
        return KnowledgeFile(path: url.path, text: text)
    }

    /// Reads every file below `directory` whose name ends in one of `extensions`, ordered by path.
    public static func readAll(below directory: URL, extensions: Set<String>) throws(KnowledgeError) -> [KnowledgeFile]
    {
        guard
            let enumerator = FileManager.default.enumerator(
                at: directory,
                includingPropertiesForKeys: nil,
                options: [.skipsHiddenFiles]
            ),
            (try? directory.checkResourceIsReachable()) == true
        else {
            throw KnowledgeError([
                Diagnostic(
                    file: directory.path,
                    line: 1,
                    message: "the folder cannot be read",
                    remedy: "Check that it exists and that its permissions allow reading"
                )
            ])
        }
        let urls = enumerator.compactMap { $0 as? URL }
            .filter { extensions.contains($0.pathExtension.lowercased()) }
            .sorted { $0.path < $1.path }
        var files: [KnowledgeFile] = []
        for url in urls { files.append(try read(url)) }
        return files
    }
}
