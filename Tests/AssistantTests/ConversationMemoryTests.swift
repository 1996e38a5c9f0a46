import Testing

@testable import Assistant

@Suite struct ConversationMemoryTests {
    /// The tiers of the messages of one conversation, in order.
    private func tiers(_ messages: [String]) throws -> [CrisisTier] {
        let screen = try Fixture.screen.get()
        var state = ConversationState()
        return messages.map { message in
            let finding = screen.screen(message, state: state)
            state = screen.remember(finding, text: message, in: state)
            return finding.tier
        }
    }

    @Test func `taking it back does not clear it`() throws {
        let found = try tiers(["I want to kill myself", "just kidding, never mind"])
        #expect(found[1] >= found[0])
    }

    @Test(arguments: ["yes", "tonight", "I mean it", "I'm serious", "sí"])
    func `yes after a sign inherits the risk and raises it`(_ answer: String) throws {
        let found = try tiers(["I don't want to be here anymore", answer])
        #expect(found[1] > found[0])
    }

    @Test func `yes without a sign before it is only yes`() throws {
        #expect(try tiers(["can I pay by card", "yes"])[1] == .none)
    }

    @Test func `thanks and goodbye after danger now stays danger now`() throws {
        let found = try tiers(["I have the pills in front of me and I'm going to take them all tonight", "thanks, bye"])
        #expect(found == [.imminent, .imminent])
    }

    @Test(arguments: ["ok", "i guess", "goodbye", "thank you for everything", "whatever", "please don't call anyone"])
    func `what says nothing of its own after danger now is danger still`(_ answer: String) throws {
        #expect(try tiers(["I just took the whole bottle of tylenol", answer]) == [.imminent, .imminent])
    }

    @Test(arguments: [
        "can i get my bill", "where is my bill", "how do I reset my password", "what time is my appointment on Friday",
        "¿dónde veo mi factura?",
    ])
    func `an ordinary question after danger now is no new sign`(_ question: String) throws {
        let found = try tiers(["I just took the whole bottle of tylenol", question])
        #expect(found == [.imminent, .none])
    }

    @Test(arguments: [
        "cancel my appointment, i won't need it", "thanks, you can close my account. goodbye",
        "which bill should my sister pay when i'm gone", "i feel hopeless about this bill",
    ])
    func `a question about the practice that is a farewell is one`(_ message: String) throws {
        #expect(try tiers(["I just took the whole bottle of tylenol", message])[1] == .imminent)
    }

    @Test func `danger that was only inherited ends after three messages`() throws {
        let found = try tiers(["I just took the whole bottle of tylenol"] + Array(repeating: "ok", count: 5))
        #expect(found[1...3].allSatisfy { $0 == .imminent })
        #expect(found.last == CrisisTier.none)
    }

    @Test func `two elevated messages are one tier more`() throws {
        let found = try tiers(["my family would be better off without me", "ok", "I'm such a burden to everyone"])
        #expect(found[0] == .elevated)
        #expect(found[2] == .high)
    }

    @Test func `asking about means counts after distress, and not before`() throws {
        #expect(try tiers(["how tall is the bridge by the river"]) == [.none])
        let found = try tiers([
            "I lost my job today and I feel so hopeless", "which bridge near here is the highest one",
        ])
        #expect(found[1] >= .high)
    }

    @Test func `an earlier flag keeps resources in reach`() {
        var state = ConversationState()
        #expect(!state.keepsResources)
        state.hasOpenFlag = true
        #expect(state.keepsResources)
    }
}
