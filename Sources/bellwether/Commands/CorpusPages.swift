import ArgumentParser
import Foundation
import Knowledge
import Portal

/// `corpus import --html`: pages that become drafts.
struct CorpusPages {
    let path: String
    let `import`: CorpusImportCommand

    func run() async throws {
        let urls = try pages()
        let portal = try await `import`.data.openPortal(`import`.knowledge, takingCorpusIn: false)
        defer { try? portal.close() }
        let principal = try await `import`.practice.principal(portal)
        var outcomes: [Outcome] = []
        for url in urls {
            guard let bytes = try? Data(contentsOf: url) else {
                throw failure(.noInput, "\(url.path) cannot be read.")
            }
            do {
                let imported = try await portal.editing.takePage(
                    Array(bytes),
                    file: url.lastPathComponent,
                    as: principal
                )
                outcomes.append(
                    Outcome(
                        file: url.path,
                        article: imported.slug,
                        fault: nil,
                        dropped: imported.dropped,
                        left: imported.check.findings.count { $0.severity == .error }
                    )
                )
            } catch let refusal as Refusal {
                outcomes.append(Outcome(file: url.path, article: nil, fault: Self.words(refusal), dropped: [], left: 0))
            }
        }
        try report(outcomes)
    }

    private func pages() throws -> [URL] {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            throw failure(.noInput, "There is no file or folder \(path).")
        }
        guard isFolder.boolValue else { return [URL(filePath: path)] }
        let names = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
        let pages = names.filter { name in [".html", ".htm", ".xhtml"].contains { name.lowercased().hasSuffix($0) } }
        guard !pages.isEmpty else { throw failure(.noInput, "There is no HTML page in \(path).") }
        return pages.map { URL(filePath: path, directoryHint: .isDirectory).appending(path: $0) }
    }

    private static func words(_ refusal: Refusal) -> String {
        switch refusal {
        case .conflict(let detail): detail
        case .invalid(_, let message, let remedy): "\(message). \(remedy)."
        default: "\(refusal)"
        }
    }

    private struct Outcome: Encodable {
        let file: String
        /// Nil when no draft was made.
        let article: String?
        let fault: String?
        let dropped: [Diagnostic]
        /// How much the check finds that has to be put right before the draft can be published.
        let left: Int
    }

    private func report(_ outcomes: [Outcome]) throws {
        switch `import`.output.format {
        case .json: printLine(try json(outcomes))
        case .table:
            for outcome in outcomes {
                for finding in outcome.dropped { printLine(finding.description) }
                if let article = outcome.article {
                    printLine(
                        "\(outcome.file): draft `\(article)`, \(outcome.left) things to put right before publishing"
                    )
                } else {
                    printLine("\(outcome.file): no draft: \(outcome.fault ?? "")")
                }
            }
            printLine("\(outcomes.count) pages, \(outcomes.count { $0.article != nil }) drafts")
        }
        if outcomes.contains(where: { $0.article == nil }) { throw ExitCode(Sysexit.dataError.rawValue) }
    }
}
