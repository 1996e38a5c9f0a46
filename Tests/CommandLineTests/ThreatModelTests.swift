import Foundation
import Support
import Testing

/// The threat model says for each threat which test shows the defence.
@Suite("The threat model")
struct ThreatModelTests {
    @Test func `every test that it names is there`() throws {
        let tests = RepositoryRoot.url.appending(path: "Tests")
        let page = try String(contentsOf: tests.appending(path: "ThreatModel.md"), encoding: .utf8)
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| Threat") }
        #expect(rows.count > 25)
        var sources = ""
        let files = FileManager.default.enumerator(at: tests, includingPropertiesForKeys: nil)
        while let file = files?.nextObject() as? URL {
            guard file.pathExtension == "swift" else { continue }
            sources += try String(contentsOf: file, encoding: .utf8)
        }
        for row in rows {
            let named = try #require(row.split(separator: "|").map(String.init).dropLast(0).last)
                .split(separator: "`").enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
            #expect(!named.isEmpty, "\(row.prefix(60)) names no test")
            for name in named { #expect(sources.contains("func `\(name)`"), "there is no test \(name)") }
        }
    }
}
