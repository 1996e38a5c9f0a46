import Knowledge
import Testing

@testable import Retrieval

@Suite("Checking the corpus")
struct CorpusCheckTests {
    private func file(_ text: String, path: String = "en/late-fee.md") -> KnowledgeFile {
        KnowledgeFile(path: path, text: text)
    }

    private func findings(_ files: [KnowledgeFile], lexicon: Lexicon? = nil) -> [String] {
        Corpus.check(
            files: files,
            portalPaths: ["/portal/billing", "/portal/forms"],
            liveFields: ["practice_phone"],
            phoneNumbers: ["988", "1-800-662-4357"],
            lexicon: lexicon
        )
        .map { "\($0.line): \($0.severity.rawValue): \($0.message)" }
    }

    private let good = ArticleTests.frontMatter + "A short lead.\n"

    @Test func `a good article has no findings`() {
        #expect(findings([file(good)]).isEmpty)
    }

    @Test(arguments: [
        ("path: /portal/billing", "path: /portal/biling", "16: error: there is no portal page `/portal/biling`"),
        ("A short lead.", "Call {{practice_fax}}.", "21: error: there is no live field `practice_fax`"),
        ("A short lead.", "See [forms](/portal/from).", "21: error: there is no portal page `/portal/from`"),
        (
            "A short lead.", "Call 555-123-4567.",
            "21: error: the phone number 5551234567 is not among the verified ones"
        ),
        ("A short lead.", "Text HOME to 741741.", "21: error: the phone number 741741 is not among the verified ones"),
        ("A short lead.", "Please dial 999 now.", "21: error: the phone number 999 is not among the verified ones"),
        ("  - late charge\n", "", "8: error: 5 sample questions, fewer than 6"),
        (
            "  - late charge\n", "  - Late fee, how much is the?\n  - FEE for canceling late!\n",
            "13: error: the question “FEE for canceling late!” is also in `late-fee` (line 10)"
        ),
    ])
    func `a fault is reported with its line`(from: String, to: String, finding: String) {
        let found = findings([file(good.replacing(from, with: to))])
        #expect(found.contains(finding), "\(found)")
    }

    @Test(arguments: [
        "Call or text 988.", "Call (800) 662-4357 at night.", "Pay 1,000 dollars in 2027.", "On 2027-05-31 at 10.",
        "Score 10 to 14.",
    ])
    func `verified numbers, amounts and dates are no fault`(lead: String) {
        #expect(findings([file(good.replacing("A short lead.", with: lead))]).isEmpty)
    }

    @Test func `id and file name must agree, and no two articles share an id`() {
        let found = findings([file(good), file(good, path: "en/other.md")])
        #expect(found.contains("2: error: `id` is `late-fee` in a file named other.md"))
        #expect(found.contains("2: error: there are two articles `late-fee` in language `en`"))
        #expect(found.contains("8: error: the question “How much is the late fee?” is also in `late-fee` (line 8)"))
    }

    @Test func `hard text is a warning`() {
        let hard = Array(
            repeating:
                "Notwithstanding administrative considerations, international organizations periodically reevaluate "
                + "multidimensional accountability requirements concerning interdisciplinary collaboration.",
            count: 6
        ).joined(separator: " ")
        let found = findings([file(good.replacing("A short lead.", with: hard))])
        #expect(found.count == 1 && found[0].hasPrefix("21: warning: the text reads like school grade"), "\(found)")
    }

    @Test func `a sample question that finds another article is reported with the thief`() {
        let other = good.replacing("id: late-fee", with: "id: refunds")
            .replacing("title: The late cancellation fee", with: "title: Refunds and money back")
            .replacing("How much is the late fee?", with: "how do i get a refund")
            .replacing("why was i charged for canceling", with: "give me my money back")
            .replacing("fee for canceling late", with: "refund for a double payment")
            .replacing("do i pay if i cancel too late", with: "I paid too much")
            .replacing("late charge", with: "money back please")
            .replacing("where do I see the fee", with: "what about the late cancellation charge")
            .replacing("A short lead.", with: "Refunds go back to the card.")
        let found = findings([file(good), file(other, path: "en/refunds.md")], lexicon: Lexicon())
        #expect(
            found.contains(
                "13: warning: without itself, the question “what about the late cancellation charge” finds `late-fee` first"
            ),
            "\(found)"
        )
        #expect(!found.contains { $0.contains("error") })
    }

    @Test(arguments: [
        ("cat", 1), ("table", 2), ("time", 1), ("appointment", 3), ("jumped", 1), ("wanted", 2), ("the", 1),
    ])
    func `syllables are counted`(word: String, count: Int) {
        #expect(ReadingLevel.syllables(Array(word.utf8)) == count)
    }

    @Test(arguments: [
        ("2024-02-29", true), ("2023-02-29", false), ("2100-02-29", false), ("2027-13-01", false), ("27-1-1", false),
        ("2027-04-31", false),
    ])
    func `dates are calendar dates`(text: String, valid: Bool) {
        #expect(CalendarDate.isValid(text) == valid)
    }
}
