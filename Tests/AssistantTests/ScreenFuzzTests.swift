import Testing

@testable import Assistant

/// The screens must give a finding for any text: words of the rules in any order bring every context together.
@Suite struct ScreenFuzzTests {
    @Test(arguments: 1...12)
    func `random messages out of the rules' own words have a finding within the text`(_ seed: Int) throws {
        var random = Fixture.Random(state: UInt64(seed))
        let prompts = try Fixture.prompts.get()
        let words = prompts.rules.flatMap { $0.hits + $0.misses }.flatMap { $0.text.split(separator: " ") }.map(
            String.init
        )
        let joins = [
            " ", " ", " ", " ", ", ", ". ", "? ", "\n", "\n\n", " \"", "\" ", "... ", " 😂 ", "*", "'", "\u{200B}",
            " lol ",
        ]
        let screen = try Fixture.screen.get()
        let guardrails = try Fixture.guardrails.get()
        for _ in 0..<60 {
            var text = ""
            for _ in 0..<Int.random(in: 1...40, using: &random) {
                text += (words.randomElement(using: &random) ?? "") + (joins.randomElement(using: &random) ?? "")
            }
            let finding = screen.screen(text)
            #expect(finding.matches.allSatisfy { $0.start < $0.end && $0.end <= text.utf8.count }, "\(text)")
            #expect(finding.tier == finding.matches.map(\.tier).max() ?? .none)
            _ = guardrails.check(text)
        }
    }

    @Test func `random scalars have a finding`() throws {
        var random = Fixture.Random(state: 99)
        let screen = try Fixture.screen.get()
        for _ in 0..<200 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<60 {
                if let scalar = Unicode.Scalar(UInt32.random(in: 0...0x1FFFF, using: &random)) {
                    scalars.append(scalar)
                }
            }
            let text = String(scalars)
            #expect(screen.screen(text).matches.allSatisfy { $0.end <= text.utf8.count })
        }
    }
}
