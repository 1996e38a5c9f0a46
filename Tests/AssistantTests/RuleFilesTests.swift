import Foundation
import Knowledge
import Testing

@testable import Assistant

@Suite struct RuleFilesTests {
    @Test func `every rule matches its own examples and nothing else is wrong with the files`() {
        #expect(Prompts.check(directory: Fixture.promptsFolder).map(\.description) == [])
    }

    @Test func `every rule has a reason, a hit and a miss`() throws {
        for rule in try Fixture.prompts.get().rules {
            #expect(!rule.reason.isEmpty && !rule.hits.isEmpty && !rule.misses.isEmpty, "\(rule.id)")
        }
    }

    @Test(arguments: [
        (
            "- id: a\n    tier: high\n    reason: r\n    patterns: [\"<nobody> x\"]\n    hits: [x]\n    misses: [y]",
            "no word class `nobody`", 6
        ),
        (
            "- id: a\n    tier: hihg\n    reason: r\n    patterns: [x]\n    hits: [x]\n    misses: [y]",
            "no valid tier", 3
        ),
        ("- id: a\n    tier: high\n    reason: r\n    patterns: []\n    hits: [x]\n    misses: [y]", "no patterns", 3),
        (
            "- id: a\n    tier: high\n    reason: r\n    patterns: [\"..3 x\"]\n    hits: [x]\n    misses: [y]",
            "cannot begin with a gap", 6
        ),
        (
            "- id: a\n    tier: high\n    reason: r\n    patterns: [\"(x y\"]\n    hits: [x]\n    misses: [y]",
            "parenthes", 6
        ),
        ("- id: a\n    tier: high\n    reason: r\n    patterns: [x]\n    misses: [y]", "no `hits`", 3),
        ("- id: a\n    tier: high\n    reason: r\n    patterns: [x]\n    hits: [x]", "no `misses`", 3),
        (
            "- id: a\n    tier: high\n    reason: r\n    patterns: [x]\n    hits: [x]\n    misses: [y]\n    colour: red",
            "unknown key `colour`", 9
        ),
    ])
    func `a fault is reported with its line`(_ rule: String, _ message: String, _ line: Int) throws {
        let file = KnowledgeFile(path: "rules.yaml", text: "category: suicide\nrules:\n  \(rule)\n")
        let found = RuleReader.read([file], levels: ["high"]).diagnostics
        #expect(found.contains { $0.message.contains(message) && $0.line == line }, "\(found)")
    }

    @Test func `a rule id used twice and a class defined twice are reported`() {
        let rule = "  - id: a\n    tier: high\n    reason: r\n    patterns: [x]\n    hits: [x]\n    misses: [y]\n"
        let text = "category: c\nclasses:\n  k: [x]\nrules:\n" + rule
        let files = [KnowledgeFile(path: "one.yaml", text: text), KnowledgeFile(path: "two.yaml", text: text)]
        let messages = RuleReader.read(files, levels: ["high"]).diagnostics.map(\.message)
        #expect(messages.contains { $0.contains("already used") })
        #expect(messages.contains { $0.contains("defined twice") })
    }
}
