import Testing

@testable import Assistant

@Suite struct CrisisPanelTests {
    @Test(arguments: [CrisisTier.support, .elevated, .high, .imminent], ["en", "es"])
    func `every panel names 988 and can be read as text`(_ tier: CrisisTier, _ language: String) throws {
        let panel = try Fixture.prompts.get().panel(tier: tier, language: language, region: "US")
        #expect(panel.resources.contains { $0.call == "988" && $0.text == "988" })
        #expect(panel.plainText.hasPrefix(panel.lead))
        #expect(panel.plainText.contains("988"))
        #expect(tier < .elevated || panel.resources.contains { $0.call == "911" })
    }

    @Test(arguments: [
        ("I want to kill myself", CrisisSituation.selfHigh), ("I just took the whole bottle of tylenol", .medical),
        ("I have the pills lined up in front of me", .selfImminent), ("I've been cutting again", .selfHarm),
        ("my husband hits me when he drinks", .abuse), ("my son told me he wants to die", .thirdParty),
        ("I want to kill my boss and I know where he parks", .harmToOthers),
        ("I keep hearing voices at night", .psychosis),
        ("lost my son to suicide, is there a group", .grief), ("what is the crisis line number", .support),
    ])
    func `the words fit the situation`(_ text: String, _ situation: CrisisSituation) throws {
        let finding = try Fixture.screening(text)
        #expect(try Fixture.prompts.get().panel(for: finding, language: "en", region: "US").situation == situation)
    }

    @Test func `only abuse offers to leave the page`() throws {
        let prompts = try Fixture.prompts.get()
        let abuse = prompts.panel(for: try Fixture.screening("my husband hits me"), language: "en", region: "US")
        #expect(abuse.quickExit?.isEmpty == false)
        #expect(prompts.panel(tier: .high, language: "en", region: "US").quickExit == nil)
    }

    @Test(arguments: CrisisSituation.allCases, ["en", "es"])
    func `no panel claims that somebody was told`(_ situation: CrisisSituation, _ language: String) throws {
        let texts = try Fixture.prompts.get().crisisTexts
        let words = try #require(texts.situation(situation, language))
        let all = ([words.lead] + words.lines).joined(separator: " ").lowercased()
        for claim in [
            "notified", "has been told", "we are telling", "will call you", "avisando", "avisado", "notificado",
        ] {
            #expect(!all.contains(claim))
        }
        #expect(!all.contains("!"))
    }

    @Test func `a region without lines of its own shows those of the US`() throws {
        let panel = try Fixture.prompts.get().panel(tier: .high, language: "en", region: "ZZ")
        #expect(panel.resources.contains { $0.call == "988" })
    }

    @Test(arguments: ["en", "es", "fr"])
    func `the built-in panel needs no file`(_ language: String) {
        let panel = CrisisPanel.fallback(language: language)
        #expect(panel.resources.compactMap(\.call).contains("988"))
        #expect(panel.resources.compactMap(\.call).contains("911"))
        #expect(panel.resources.compactMap(\.text).contains("741741"))
        #expect(panel.resources.first { $0.call == "988" }?.callLink == "tel:988")
    }
}
