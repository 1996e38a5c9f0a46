import Retrieval
import Testing

@testable import Assistant

@Suite struct OutputCheckTests {
    private func check() throws -> OutputCheck {
        let prompts = try RepositoryAssistant.assistant.prompts
        return OutputCheck(settings: prompts.settings, texts: prompts.texts, ownNumbers: ["5550100"])
    }

    @Test(arguments: [
        ("Take 50 mg in the morning.", OutputCheck.Fault.dose), ("Tome 2 pastillas al día.", .dose),
        ("20mg is usual", .dose),
        ("You probably have depression.", .phrase), ("This means you have a severe anxiety disorder.", .phrase),
        ("Usted tiene depresión.", .phrase), ("This chat is monitored 24 hours 7 days.", .phrase),
        ("Your therapist has been notified.", .phrase), ("We are always watching this chat.", .phrase),
        ("We promise an answer.", .phrase),
        ("Call 1-800-555-1234 now.", .number), ("Call 555 for help.", .number),
        ("The office is at (555) 987-6543.", .number),
    ])
    func `what must not be said is caught`(_ text: String, _ fault: OutputCheck.Fault) throws {
        #expect(try check().fault(in: text) == fault)
    }

    @Test(arguments: [
        "Call or text 988. In danger, call 911.", "Text 741741.", "Call 1-800-662-4357.",
        "Call the practice at 555-0100.",
        "This chat is not watched around the clock.", "If you have no safety plan yet, ask your therapist.",
        "Your next visit is on 2026-11-21 at 10:30.", "You can cancel up to 24 hours before.",
        "The PHQ-9 asks about depression.",
    ])
    func `what may be said passes`(_ text: String) throws {
        #expect(try check().fault(in: text) == nil)
    }

    @Test func `every passage of every article and every text passes`() throws {
        let check = try check()
        let assistant = try RepositoryAssistant.assistant
        for article in assistant.index.articles.values {
            for passage in article.passages { #expect(check.fault(in: passage.text) == nil, "\(passage.id)") }
        }
        for key in ReplyTexts.Key.allCases {
            for language in ReplyTexts.languages {
                #expect(check.fault(in: assistant.prompts.texts.text(key, language)) == nil, "\(key)")
            }
        }
    }
}
