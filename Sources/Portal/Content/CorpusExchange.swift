public import Foundation
public import Knowledge
public import Records
import Store

/// Brings the corpus folder and a practice's published articles into agreement, from the command line.
public struct CorpusExchange: Sendable {
    let gate: EditorGate
    let library: ArticleLibrary

    /// Takes files in; see ``CorpusImport``. A server that runs beside it has the new articles within seconds.
    public func take(_ files: [KnowledgeFile], as rule: CorpusImport, by principal: Principal) async throws
        -> [CorpusAgreement]
    {
        try await gate.open("IMPORT", as: principal) { _ in }
        return try await library.take(files, for: principal.practiceID, as: rule)
    }

    /// Every published article as the file that it would be, by path: `en/balance.md`. The same articles always give the same
    /// files.
    public func files(as principal: Principal) async throws -> [KnowledgeFile] {
        try await gate.open("EXPORT", as: principal) { access in
            try ContentCheck.liveFiles(of: access.practiceID, in: access.transaction)
        }
    }

    /// Writes the published articles into a folder, and returns the paths that changed. Files of articles that are not
    /// published are removed when `removesOthers` says so, and left alone otherwise.
    public func write(to folder: URL, removesOthers: Bool, as principal: Principal) async throws -> [String] {
        let files = try await files(as: principal)
        var changed: [String] = []
        for file in files {
            let url = folder.appending(path: file.path)
            let bytes = Data(file.text.utf8)
            guard (try? Data(contentsOf: url)) != bytes else { continue }
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try bytes.write(to: url, options: .atomic)
            changed.append(file.path)
        }
        guard removesOthers else { return changed }
        let kept = Set(files.map(\.path))
        for language in Set(files.compactMap { $0.path.split(separator: "/").first.map(String.init) }).sorted() {
            let below = folder.appending(path: language)
            for name in try FileManager.default.contentsOfDirectory(atPath: below.path).sorted()
            where name.hasSuffix(".md") && !kept.contains("\(language)/\(name)") {
                try FileManager.default.removeItem(at: below.appending(path: name))
                changed.append("\(language)/\(name)")
            }
        }
        return changed
    }
}
