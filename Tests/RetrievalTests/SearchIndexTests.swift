import Encoder
import Knowledge
import Testing

@testable import Retrieval

@Suite("Searching articles")
struct SearchIndexTests {
    static let lexicon: Lexicon = {
        let yaml = """
            version: 1
            language: en
            stop: [the, a, i, my, is, to, do, it, of, in, and, was, for, me, will, can, on, up]
            light:
              - weight: 0.3
                words: [how, when, where, what, much, not, get]
            ordinary: [rain]
            elsewhere: [router, gym]
            groups:
              - sense: appointment
                words: [appointment, appt, session]
              - sense: two step
                words: [two-step verification, 2fa, authenticator]
              - sense: how much
                words: [how much, amount, cost]
                weight: 0.6
              - sense: cancel
                words: [cancel, cancellation]
                from: [call off]
            """
        return (try? Lexicon(files: [KnowledgeFile(path: "x.yaml", text: yaml)])) ?? Lexicon()
    }()

    static let articles = [
        Article(
            id: "late-fee",
            title: "The late cancellation fee",
            questions: ["how much is the late cancellation fee", "why was i charged for canceling late"],
            body: """
                A fee may be due when you cancel a visit late. You can ask the office about a late fee that seems wrong to you.

                ## When it is charged

                The late fee is charged when you cancel less than one day before the visit starts. Weekends count as days too here.

                ## The amount

                The late fee is a fixed amount that the policy names. How much it is also shows on the page before you confirm it.
                """
        ),
        Article(
            id: "booking",
            title: "Book an appointment",
            questions: ["how do i book an appointment", "make an appt"],
            body:
                "You can book an appointment online. Choose a free time and confirm it.\n\n## After booking\n\nThe office confirms."
        ),
        Article(
            id: "two-step",
            title: "Two-step verification",
            audience: .public_,
            questions: ["turn on the authenticator app", "how do i set up two-step sign in"],
            body: "Two-step verification asks for a code when you sign in with your password."
        ),
        Article(
            id: "password",
            title: "Reset your password",
            audience: .public_,
            questions: ["forgot password", "reset my password"],
            body: "Choose the link to reset your password. An e-mail with a link comes."
        ),
        Article(
            id: "meaning",
            title: "What scores mean",
            questions: ["what does a phq-9 score mean", "is my gad-7 high"],
            body: "The PHQ-9 measures low mood. Scores from 10 to 14 are moderate."
        ),
        Article(
            id: "cita",
            title: "Pedir una cita",
            language: "es",
            questions: ["cómo pido una cita", "quiero cancelar mi sesión"],
            body: "Puede pedir una cita en línea."
        ),
    ]

    private let index = SearchIndex(articles: articles, lexicon: lexicon)

    private func first(_ query: String) -> String? { index.search(query).hits.first?.article.id }

    @Test(arguments: [
        ("how do i book a session", "booking"), ("need an appt", "booking"), ("2fa", "two-step"),
        ("two step code", "two-step"),
        ("authenticater", "two-step"), ("forgot my pasword", "password"),
        ("what is the cost of the late fee", "late-fee"),
        ("can i call off late", "late-fee"), ("phq9 score", "meaning"), ("phq 9", "meaning"), ("PHQ-9", "meaning"),
        ("email link", "password"), ("E-mail link", "password"), ("CANCELLATION FEE??", "late-fee"),
    ])
    func `finds the article through other words, forms and slips`(query: String, id: String) {
        #expect(first(query) == id)
    }

    @Test func `a sample question finds its own article with high confidence`() {
        for article in Self.articles where article.language == "en" {
            for question in article.questions {
                let hit = index.search(question).hits.first
                #expect(hit?.article.id == article.id, "\(question)")
                #expect((hit?.confidence ?? 0) > SearchResult.Threshold.answer, "\(question)")
                #expect(hit?.bestQuestion == question)
            }
        }
    }

    @Test(arguments: ["reset my router password", "cancel my gym membership", "when will it rain"])
    func `a question about something else is not answered`(query: String) {
        #expect((index.search(query).hits.first?.confidence ?? 0) < SearchResult.Threshold.answer)
    }

    @Test func `the quoted passage is the one about what was asked, else the lead`() {
        #expect(index.search("how much is the late fee").hits.first?.passages.first?.passage.heading == "The amount")
        #expect(
            index.search("when is the late fee charged").hits.first?.passages.first?.passage.heading
                == "When it is charged"
        )
        #expect(index.search("late fee").hits.first?.passages.first?.passage.isLead == true)
    }

    @Test func `an explanation names the words, the way and the fields`() throws {
        let hit = try #require(index.search("appt bokk xylophone").hits.first)
        #expect(hit.article.id == "booking")
        #expect(hit.explanation.map(\.typed) == ["appt", "bokk"])
        #expect(hit.explanation[0].way == .exact && hit.explanation[0].fields.contains(.question))
        #expect(hit.explanation[1].way == .spelling && hit.explanation[1].analyzed == "book")
        #expect(hit.explanation.map(\.contribution).reduce(0, +) <= 1)
        let synonym = try #require(index.search("session").hits.first { $0.article.id == "booking" }?.explanation.first)
        #expect(synonym.way == .synonym && synonym.analyzed == "~appointment" && synonym.fields.contains(.title))
    }

    @Test func `unknown words and corrections are reported`() {
        let result = index.search("xylophone apointment")
        #expect(result.unknownTerms == ["xylophone"])
        #expect(result.corrections == [SearchResult.Correction(typed: "apointment", read: "appointment")])
    }

    @Test(arguments: ["", "   ", "the is a", "🙂🙂🙂", "\u{0}\u{1}", "?!…", "qqqq zzzz"])
    func `a query without known words has no hits`(query: String) {
        let result = index.search(query)
        #expect(result.hits.isEmpty)
        #expect(!result.wasTruncated)
    }

    @Test func `a query of a megabyte is cut and says so`() {
        let result = index.search("book an appointment " + String(repeating: "lorem ipsum ", count: 90_000))
        #expect(result.wasTruncated)
        #expect(result.hits.first?.article.id == "booking")
        #expect(index.search(String(repeating: "x", count: 1_000_000)).hits.isEmpty)
    }

    @Test func `audience and limit hold`() {
        let open = index.search("sign in code password appointment", audience: [.public_], limit: 10).hits
        #expect(!open.isEmpty && open.allSatisfy { $0.article.audience == .public_ })
        #expect(index.search("appointment password", limit: 1).hits.count == 1)
        #expect(index.search("appointment", limit: 0).hits.isEmpty)
        #expect(index.search("appointment", limit: -3).hits.isEmpty)
        #expect(index.search("appointment", audience: []).hits.isEmpty)
    }

    @Test func `languages have their own articles, an unknown one gets English`() {
        #expect(index.search("pedir citas", language: "es").hits.first?.article.id == "cita")
        #expect(index.search("cancelación de sesion", language: "es").hits.first?.article.id == "cita")
        #expect(index.search("book an appointment", language: "fr").hits.first?.article.id == "booking")
        #expect(SearchIndex(articles: [], lexicon: Lexicon()).search("anything").hits.isEmpty)
    }

    @Test func `the same search gives the same result`() {
        let other = SearchIndex(articles: Self.articles.reversed(), lexicon: Self.lexicon)
        for query in ["late fee", "how do i book", "pasword reset email", "code"] {
            let one = index.search(query).hits
            let two = other.search(query).hits
            #expect(one.map(\.article.id) == two.map(\.article.id))
            #expect(one.map(\.score) == two.map(\.score))
            #expect(one.map(\.confidence) == two.map(\.confidence))
        }
    }

    @Test func `adding an unrelated article never removes a hit`() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<20 {
            let words = (0..<60).map { _ in random.word(length: 5...9, alphabet: "bdfgjkvwxz") }
            let stranger = Article(
                id: "stranger",
                title: words[0],
                questions: [words[1...5].joined(separator: " ")],
                body: words[6...].joined(separator: " ")
            )
            let larger = SearchIndex(articles: Self.articles + [stranger], lexicon: Self.lexicon)
            for query in ["late fee amount", "appt", "reset password", "phq9 score"] {
                let before = index.search(query, limit: 50).hits.map(\.article.id)
                let after = larger.search(query, limit: 50).hits.map(\.article.id)
                #expect(Set(before).isSubset(of: after))
                #expect(before.first == after.first)
            }
        }
    }

    /// Says that a text is like any query when it holds one of these words.
    private struct Marker: SecondEvidence {
        let texts: [String]
        func encode(_ queries: [String]) -> [Embedding] { queries.map { _ in Embedding(values: []) } }
        func similarities(to query: Embedding) -> [Float] {
            texts.map { $0.contains("low mood") || $0.contains("gad-7") ? 0.9 : 0.1 }
        }
    }

    private func fused(_ ranking: Ranking = .both) -> SearchIndex {
        SearchIndex(articles: Self.articles, lexicon: Self.lexicon, ranking: ranking) { texts, language in
            language == .english ? Marker(texts: texts) : nil
        }
    }

    @Test func `second evidence leads where the words are few, and the words refine`() {
        let hits = fused().search("feeling blue, what would the office say", limit: 10).hits
        #expect(hits.first?.article.id == "meaning")
        #expect(hits.first?.passages.first?.passage.text.contains("low mood") == true)
        #expect(fused().search("how do i book an appointment").hits.first?.article.id == "booking")
    }

    @Test func `ranked by the encoder alone, words do not count`() {
        #expect(fused(.encoder).search("how do i book an appointment").hits.first?.article.id == "meaning")
    }

    @Test func `a language without second evidence is ranked by its words`() {
        let alone = index.search("cancelar mi sesión", language: "es").hits
        let beside = fused().search("cancelar mi sesión", language: "es").hits
        #expect(!alone.isEmpty)
        #expect(beside.map(\.score) == alone.map(\.score))
        #expect(beside.map(\.confidence) == alone.map(\.confidence))
    }

    @Test func `leaving a question out is the same as never having written it`() throws {
        let part = try #require(index.index(for: "en"))
        let number = try #require(part.articles.firstIndex { $0.id == "late-fee" })
        var articles = Self.articles
        articles[0].questions.remove(at: 1)
        let without = try #require(SearchIndex(articles: articles, lexicon: Self.lexicon).index(for: "en"))
        let question = Self.articles[0].questions[1]
        let leftOut = part.leavingOut(question: 1, of: number)
        let one = ArticleSearch(index: part, leftOut: leftOut).search(
            question,
            audience: [.clients, .public_],
            limit: 9
        )
        let two = ArticleSearch(index: without).search(question, audience: [.clients, .public_], limit: 9)
        #expect(one.hits.map(\.article.id) == two.hits.map(\.article.id))
        #expect(one.unknownTerms == two.unknownTerms)
    }
}
