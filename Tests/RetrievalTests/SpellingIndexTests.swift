import Knowledge
import Testing

@testable import Retrieval

@Suite("Spelling")
struct SpellingIndexTests {
    private func index(_ words: [String]) -> (SpellingIndex, WordTable) {
        var table = WordTable()
        for word in words { _ = table.insert(Array(word.utf8)) }
        return (SpellingIndex(table: table, words: 0..<table.count), table)
    }

    private static let known = [
        "therapist", "appointment", "reschedule", "calendar", "error", "bill", "password", "receipt", "insurance",
        "fees",
    ]

    @Test(arguments: [
        ("theripist", "therapist"), ("thearpist", "therapist"), ("apointment", "appointment"),
        ("appiontmant", "appointment"),
        ("calender", "calendar"), ("eror", "error"), ("pasword", "password"), ("reciept", "receipt"),
        ("insurence", "insurance"), ("nisurance", "insurance"), ("assword", "password"),
    ])
    func `a slip finds the word`(typed: String, meant: String) {
        let (index, table) = index(Self.known)
        #expect(index.candidates(for: Array(typed.utf8)).first.map { table.text($0.word) } == meant)
    }

    @Test(arguments: ["bil", "xyzzy", "pass", "b1lls", "schedule", ""])
    func `short words, numbers and far words are left alone`(typed: String) {
        let (index, _) = index(Self.known)
        #expect(index.candidates(for: Array(typed.utf8)).isEmpty)
    }

    @Test func `finds exactly the words within reach that share the first letter`() {
        var random = SeededGenerator(seed: 11)
        let words = Array(Set((0..<1_500).map { _ in random.word(length: 3...10) })).sorted()
        let (index, table) = index(words)
        for _ in 0..<300 {
            let typed = random.word(length: 4...10)
            let reach = typed.utf8.count >= SpellingIndex.shortest.two ? 2 : 1
            let expected = words.filter { word in
                word != typed && word.utf8.first == typed.utf8.first
                    && editDistance(Array(word.utf8), Array(typed.utf8), limit: reach) != nil
            }
            let found = index.candidates(for: Array(typed.utf8), limit: .max).map { table.text($0.word) }
                .filter { $0.utf8.first == typed.utf8.first }
            #expect(found.sorted() == expected, "\(typed)")
        }
    }
}
