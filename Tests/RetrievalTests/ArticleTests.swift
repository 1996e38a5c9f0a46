import Knowledge
import Testing

@testable import Retrieval

@Suite("Reading articles")
struct ArticleTests {
    static let frontMatter = """
        ---
        id: late-fee
        title: The late cancellation fee
        language: en
        audience: clients
        topics: [billing]
        questions:
          - How much is the late fee?
          - why was i charged for canceling
          - fee for canceling late
          - do i pay if i cancel too late
          - late charge
          - where do I see the fee
        links:
          - label: Billing
            path: /portal/billing
        review_by: 2027-05-31
        sources:
          - Practice handbook
        ---

        """

    private func parse(_ body: String) -> (article: Article?, findings: [String]) {
        let (article, diagnostics) = Article.parse(KnowledgeFile(path: "late-fee.md", text: Self.frontMatter + body))
        return (article, diagnostics.map { "\($0.line): \($0.message)" })
    }

    @Test func `front matter and sections are read`() throws {
        let (parsed, findings) = parse(
            "The **lead**.\n\n## How much\n\nIt costs.\n\n### More\n\n1. One\n2. Two\n\n## How much\n\n- a\n- b\n"
        )
        let article = try #require(parsed)
        #expect(findings.isEmpty)
        #expect(article.id == "late-fee" && article.audience == .clients && article.version == 0)
        #expect(
            article.questions.count == 6 && article.links == [ArticleLink(label: "Billing", path: "/portal/billing")]
        )
        #expect(article.reviewBy == "2027-05-31")
        #expect(article.sections.map(\.heading) == [nil, "How much", "More", "How much"])
        #expect(article.sections.map(\.anchor) == ["", "how-much", "more", "how-much-2"])
        #expect(article.sections[2].headingPath == ["How much", "More"])
        #expect(article.sections[0].blocks == [.paragraph(Article.Text(markdown: "The **lead**."))])
        #expect(article.sections[2].blocks == [.steps([Article.Text(markdown: "One"), Article.Text(markdown: "Two")])])
    }

    @Test(arguments: [
        ("Lead.\n\n# Top\n\nText.\n", "23: a heading of level 1 in the body"),
        ("Lead.\n\n### Deep\n\nText.\n", "23: the heading skips from level 1 to level 3"),
        ("Lead.\n\n## Empty\n\n## Full\n\nText.\n", "23: the section “Empty” is empty"),
        ("## First\n\nText.\n", "21: there is no text before the first heading"),
        ("Lead with <b>bold</b>.\n", "21: raw HTML"),
        ("Lead.\n\nSee https://example.org now.\n", "23: a link out of the portal"),
        ("Lead.\n\nSee [this](example.org).\n", "23: a link to `example.org`, which is no path of the portal"),
        ("Lead.\n\n![x](/a.png)\n", "23: an image"),
    ])
    func `faults of the body are reported with their line`(body: String, finding: String) {
        let (article, findings) = parse(body)
        #expect(article == nil)
        #expect(findings.contains(finding), "\(findings)")
    }

    @Test(arguments: [
        ("id: late-fee", "id: Late Fee", "2: `id` is `Late Fee`"),
        ("id: late-fee\n", "", "2: the front matter has no `id`"),
        ("audience: clients", "audience: everyone", "5: `audience` of the front matter is `everyone`"),
        ("2027-05-31", "2027-02-30", "17: `review_by` is `2027-02-30`, which is no date"),
        ("sources:", "source:", "18: the front matter has an unknown key `source`"),
        ("    path: /portal/billing\n", "", "15: a link has no `path`"),
        ("topics: [billing]", "topics: []", "6: `topics` of the front matter is empty"),
    ])
    func `faults of the front matter are reported with their line`(from: String, to: String, finding: String) {
        let text = Self.frontMatter.replacing(from, with: to) + "Lead.\n"
        let (article, diagnostics) = Article.parse(KnowledgeFile(path: "late-fee.md", text: text))
        let findings = diagnostics.map { "\($0.line): \($0.message)" }
        #expect(article == nil)
        #expect(findings.contains(finding), "\(findings)")
    }

    @Test(arguments: ["", "no front matter", "---\nid: x\n", "---\n---\n", "---\n- a\n---\nx"])
    func `a file that is no article gives a finding`(text: String) {
        let (article, diagnostics) = Article.parse(KnowledgeFile(path: "x.md", text: text))
        #expect(article == nil)
        #expect(!diagnostics.isEmpty)
    }

    @Test(arguments: [
        ("**Bold** and *soft*", "Bold and soft"), ("`code`", "code"),
        ("[Billing](/portal/billing) page", "Billing page"),
        ("{{provider_name}} is here", "{{provider_name}} is here"), ("first_name", "first_name"), ("5 \\* 3", "5 * 3"),
        ("a [b] c", "a [b] c"), ("", ""), ("[", "["), ("\\", "\\"),
    ])
    func `inline Markdown is stripped`(markdown: String, plain: String) {
        #expect(MarkdownText.plain(markdown) == plain)
    }
}

@Suite("Passages")
struct PassageTests {
    private func article(_ body: String) -> Article { Article(id: "a", title: "T", questions: [], body: body) }
    private let sentence = "This sentence has exactly eight words in it."

    @Test func `the lead comes first and ids count from one`() {
        let text = Array(repeating: sentence, count: 3).joined(separator: " ")
        let passages = article("\(text)\n\n## Next\n\n\(text)\n").passages
        #expect(passages.map(\.id) == ["a#1", "a#2"])
        #expect(passages.map(\.heading) == [nil, "Next"])
        #expect(passages[0].isLead && passages[1].anchor == "next")
    }

    @Test func `a short introduction goes with its steps, which stay whole`() {
        let steps = (1...9).map { "\($0). \(sentence) \(sentence)" }.joined(separator: "\n")
        let passages = article("Lead.\n\n## How\n\nFollow these steps:\n\n\(steps)\n").passages
        #expect(passages.count == 3)
        let short = article("Lead.\n\n## How\n\nFollow these steps:\n\n1. **Open** it.\n2. Close it.\n").passages
        #expect(short.last?.text == "Follow these steps:\n1. Open it.\n2. Close it.")
        #expect(short.last?.markdown == "Follow these steps:\n\n1. **Open** it.\n2. Close it.")
    }

    @Test func `a long paragraph is cut between sentences`() {
        let passages = article(Array(repeating: sentence, count: 30).joined(separator: " ")).passages
        #expect(passages.count == 2)
        #expect(
            passages.allSatisfy { Article.passageWords.contains(Article.wordCount($0.text)) && $0.text.hasSuffix(".") }
        )
    }

    @Test func `a paragraph with a live field stands alone`() {
        let passages = article("Lead.\n\nCall {{practice_phone}}.\n\nMore.\n").passages
        #expect(passages.map(\.liveFields) == [[], ["practice_phone"], []])
    }

    @Test func `every word of the body is in exactly one passage`() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<50 {
            var body = "Lead w0.\n"
            for number in 1...40 {
                let start = ["\n\n", "\n- ", "\n1. ", " ", ". "].randomElement(using: &random) ?? " "
                body += "\(start)w\(number)"
                if number.isMultiple(of: 13) { body += "\n\n## Heading\n\nx" }
            }
            let text = article(body).passages.map(\.text).joined(separator: " ")
            let words = text.split { !$0.isLetter && !$0.isNumber }.filter { $0.first == "w" }.map(String.init)
            #expect(words == (0...40).map { "w\($0)" }, "\(body)")
        }
    }
}
