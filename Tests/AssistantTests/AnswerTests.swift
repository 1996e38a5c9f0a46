import Foundation
import Retrieval
import Testing

@testable import Assistant

@Suite struct AnswerTests {
    @Test(arguments: [
        "How do I cancel my appointment?", "where are my lab results", "how do I join my video visit",
        "what is a copay",
        "how do I set up autopay", "how do I give my husband access to some parts",
    ])
    func `an answer quotes its article word for word, in few words, with a way to a person`(_ question: String) throws {
        let reply = try RepositoryAssistant.reply(question)
        #expect(reply.decision == .answer)
        #expect((1...2).contains(reply.citations.count))
        let index = try RepositoryAssistant.assistant.index
        for (number, citation) in reply.citations.enumerated() {
            let article = try #require(index.article(citation.articleID, language: citation.language))
            let passage = try #require(article.passages.first { $0.id == citation.passageID })
            #expect(passage.text.hasPrefix(citation.quote))
            #expect(citation.articleVersion == article.version)
            #expect(reply.paragraphs.contains { $0.text == citation.quote && $0.citation == number })
        }
        let prose = reply.citations.filter {
            !$0.quote.contains("\n1. ") && !$0.quote.hasPrefix("1. ") && !$0.quote.contains("- ")
        }
        #expect(prose.map { PassageChoice.wordCount($0.quote) }.reduce(0, +) <= 90)
        #expect(reply.links.count <= 3 && reply.suggestions.count <= 3)
        #expect(reply.links.contains { $0.path.hasPrefix("/portal/messages") })
        #expect(reply.topics.first == reply.citations.first?.articleID)
    }

    @Test func `a passage that waits for a live field is left out, and quoted once the field has a value`() throws {
        let article = Article(
            id: "a",
            title: "Phone",
            questions: ["what is the phone number"],
            body: """
                The phone number of the practice is {{practice_phone}}. Call it in office hours only, please, and have your \
                name and your date of birth ready when you do.
                """
        )
        let settings = try RepositoryAssistant.assistant.prompts.settings
        let lexicon = try Lexicon(directory: RepositoryAssistant.root.appending(path: "Prompts/search"))
        let passages = SearchIndex(articles: [article], lexicon: lexicon).search("phone number").hits.flatMap(
            \.passages
        )
        #expect(PassageChoice(settings: settings, liveFields: [:]).quotes(from: passages).isEmpty)
        let quotes = PassageChoice(settings: settings, liveFields: ["practice_phone": "555-0100"]).quotes(
            from: passages
        )
        #expect(quotes.first?.text.contains("practice is 555-0100.") == true)
    }

    @Test func `a long passage is cut between sentences`() {
        let text = "One two three. Four five six? Seven eight nine ten."
        #expect(PassageChoice.sentences(of: text, words: 7) == "One two three. Four five six?")
        #expect(PassageChoice.sentences(of: text, words: 10) == text)
        #expect(PassageChoice.sentences(of: text, words: 2) == "")
    }

    // MARK: - Several questions

    @Test func `several questions are answered in the order asked`() throws {
        let reply = try RepositoryAssistant.reply(
            "How do I message my therapist? And also what is a copay? How do I set up autopay?"
        )
        #expect(reply.decision == .answer)
        #expect(Array(reply.topics.prefix(3)) == ["message-provider", "copay", "autopay"])
    }

    @Test func `a story gives way to the question after it`() throws {
        let reply = try RepositoryAssistant.reply(
            "My mother was in the hospital last week and I was so upset about it. How do I move my appointment?"
        )
        #expect(reply.topics.first == "rescheduling")
    }

    @Test func `what belongs together is not split`() throws {
        let reply = try RepositoryAssistant.reply("how do I cancel and rebook my appointment")
        #expect(Set(reply.citations.map(\.articleID)).count <= 1)
    }

    // MARK: - Following up

    @Test func `a question of small words that has an article of its own is no follow-up`() throws {
        let replies = try RepositoryAssistant.talk(
            ["¿En qué zona horaria se muestran las citas?", "¿Cuánto debo?"],
            language: "es"
        )
        #expect(replies.map(\.topics.first) == ["time-zone", "balance"])
    }

    @Test(arguments: [
        (["How do I set up autopay?", "and how do I cancel it?"], "autopay"),
        (["how do I book an appointment", "and how do I cancel it?"], "cancellation-window"),
        (["how do I join my video visit", "what about on my phone"], "telehealth-join"),
        (["where can I see my lab results", "how long does it take"], "lab-results"),
        (["how do I ask for a refill", "why"], "prescription-refill"),
        (["how do I ask for a refill", "where is my safety plan"], "safety-plan"),
    ])
    func `a thin question goes on about the topic before`(_ messages: [String], _ topic: String) throws {
        let replies = try RepositoryAssistant.talk(messages)
        #expect(replies.last?.decision == .answer)
        #expect(replies.last?.topics.first == topic)
    }

    @Test func `a thin question without a topic before is not guessed at`() throws {
        #expect(try RepositoryAssistant.reply("and the other thing?").decision != .answer)
    }

    @Test func `a new subject in one word is not read into the topic before`() throws {
        let replies = try RepositoryAssistant.talk(["how do I move my appointment", "messages"])
        #expect(replies.last?.topics.first != "rescheduling")
    }

    @Test func `an offered title or its number chooses the article`() throws {
        var state = ConversationState()
        state.offeredTopics = ["receipts", "refunds"]
        let assistant = try RepositoryAssistant.assistant
        let title = try #require(assistant.index.article("refunds", language: "en")?.title)
        for answer in ["the second one", "2", "second please", title] {
            let reply = try RepositoryAssistant.reply(answer, state: state)
            #expect(reply.decision == .answer && reply.topics.first == "refunds", "\(answer)")
        }
    }

    // MARK: - Small talk

    @Test(arguments: [
        ("hello", "en"), ("Hi there!", "en"), ("thanks so much", "en"), ("ok thanks bye", "en"),
        ("are you a real person?", "en"),
        ("Am I talking to a bot", "en"), ("who are you", "en"), ("what can you do?", "en"), ("how are you today", "en"),
        ("hola, buenos días", "es"), ("muchas gracias", "es"), ("¿eres un robot?", "es"), ("¿qué puede hacer?", "es"),
        ("adiós", "es"),
    ])
    func `small talk is answered as such`(_ text: String, _ language: String) throws {
        let reply = try RepositoryAssistant.reply(text, language: language)
        #expect(reply.decision == .smalltalk)
        #expect(!reply.links.isEmpty)
    }

    @Test(arguments: [
        ("I want to talk to a real person", "en"), ("can I speak to a human please", "en"), ("agent", "en"),
        ("I don't want to talk to a bot", "en"), ("quiero hablar con una persona", "es"),
    ])
    func `who wants a person gets the way to one`(_ text: String, _ language: String) throws {
        let reply = try RepositoryAssistant.reply(text, language: language)
        #expect(reply.decision == .handover)
        #expect(reply.draftMessage != nil)
        #expect(reply.links.first?.path == "/portal/messages/new")
    }

    @Test func `a greeting before a question does not hide the question`() throws {
        #expect(
            try RepositoryAssistant.reply("hi, how do I cancel my appointment?").topics.first == "cancellation-window"
        )
    }

    // MARK: - Disclosure

    @Test func `the notice comes first, then every three hours, and when the clock was set back`() throws {
        let assistant = try RepositoryAssistant.assistant
        let first = assistant.reply(to: "hello", in: RepositoryAssistant.context(now: 10_000))
        #expect(first.disclosure?.contains("Elm House") == true)
        func isDue(_ now: Double) -> Bool {
            assistant.reply(to: "hello", in: RepositoryAssistant.context(state: first.state, now: now)).disclosure
                != nil
        }
        #expect(!isDue(10_000 + 3 * 3600 - 1))
        #expect(isDue(10_000 + 3 * 3600))
        #expect(isDue(9_999))
    }
}
