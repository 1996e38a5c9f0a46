import Knowledge
import Testing

@testable import Retrieval

@Suite("Links within and between articles")
struct LinkCheckTests {
    private func findings(_ body: String, beside other: String = "Other lead.\n\n## Second part\n\nText.\n") -> [String]
    {
        let own = KnowledgeFile(path: "en/late-fee.md", text: ArticleTests.frontMatter + body)
        let text = ArticleTests.frontMatter.replacing("id: late-fee", with: "id: no-show") + other
        return Corpus.checkLinks(files: [own, KnowledgeFile(path: "en/no-show.md", text: text)]).map(\.message)
    }

    @Test(arguments: [
        "See [the part below](#how-much).\n\n## How much\n\nText.\n",
        "See [missed visits](/portal/library/no-show).\n",
        "See [the second part of missed visits](/portal/library/no-show#second-part).\n",
        "See [your billing page](/portal/billing).\n",
    ])
    func `a link that leads somewhere and says where has no findings`(body: String) {
        #expect(findings(body).isEmpty)
    }

    @Test(arguments: [
        ("See [the part below](#how-muhc).\n\n## How much\n\nText.\n", "there is no heading `#how-muhc` in `late-fee`"),
        ("See [missed visits](/portal/library/noshow).\n", "there is no article `noshow`"),
        (
            "See [the third part](/portal/library/no-show#third-part).\n",
            "there is no heading `#third-part` in `no-show`"
        ),
        ("For more [click here](/portal/billing).\n", "the link text “click here” does not say where it leads"),
        ("For more see [](/portal/billing).\n", "a link without text"),
    ])
    func `a link that leads nowhere or says nothing is named`(body: String, message: String) {
        #expect(findings(body) == [message])
    }

    @Test(arguments: [
        ("Can I bring my dog to the session?", "is it ok to bring my dog along to a session", true),
        ("Can I bring my dog to the session?", "How much is the late fee?", false),
        ("", "How much is the late fee?", false),
    ])
    func `questions that ask the same are alike`(first: String, second: String, areAlike: Bool) throws {
        let lexicon = try Lexicon(files: [
            KnowledgeFile(
                path: "stopwords.en.yaml",
                text: "version: 1\nlanguage: en\nstop: [can, i, my, to, the, is, it, a, how]\n"
            )
        ])
        let similarity = Lexicon.similarity(
            lexicon.terms(of: first, language: "en"),
            lexicon.terms(of: second, language: "en")
        )
        #expect((similarity >= 0.4) == areAlike)
        #expect((0...1.000001).contains(similarity))
    }
}
