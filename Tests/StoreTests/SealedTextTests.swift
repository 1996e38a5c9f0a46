import Foundation
import Testing

@testable import Store

@Suite("Sealed text in memory")
struct SealedTextTests {
    private struct Note: Codable {
        var id: String
        var body: SealedText
        var more: SealedText?
        var list: [SealedText]
    }

    private let secret = "I cannot go on"

    @Test func `never prints its plaintext`() {
        let text = SealedText(secret)
        let note = Note(id: "1", body: text, more: text, list: [text])
        var dumped = ""
        dump(text, to: &dumped)
        dump(note, to: &dumped)
        dump([text: Optional(text)], to: &dumped)
        let printed = [
            "\(text)", String(describing: text), String(reflecting: text), text.description, "\(note)",
            String(reflecting: note),
            "\([text])", "\(String(describing: Optional(text)))", "\([note.id: note])", dumped,
        ]
        for line in printed {
            #expect(!line.contains(secret))
            #expect(line.contains("sealed"))
        }
    }

    @Test func `a mirror shows no child`() {
        #expect(Mirror(reflecting: SealedText(secret)).children.isEmpty)
    }

    @Test func `an answer in JSON carries the plaintext to its owner`() throws {
        let data = try JSONEncoder().encode([SealedText(secret)])
        #expect(String(decoding: data, as: UTF8.self) == "[\"I cannot go on\"]")
        #expect(try JSONDecoder().decode([SealedText].self, from: data) == [SealedText(secret)])
    }

    @Test func `within a column of JSON it is refused, since nothing would seal it there`() throws {
        let note = Note(id: "1", body: "a", more: nil, list: [SealedText(secret)])
        let sealer = NoSealing()
        #expect(throws: StoreError.self) { try RowEncoder(sealing: sealer).encode(note) }
        var empty = note
        empty.list = []
        #expect(try RowEncoder(sealing: sealer).encode(empty).contains { $0.name == "list" && $0.value == .text("[]") })
    }
}

private struct NoSealing: ColumnSealing {
    func seal(_ plaintext: String, column: String, row: String) -> String { "sealed" }
    func open(_ sealed: String, column: String, row: String) -> String { "opened" }
}
