import Foundation
import Knowledge
import Testing

@testable import Assessment

@Suite("Reading answers")
struct ResponsesTests {
    private func read(_ text: String) throws -> [String: Answer] {
        try Responses(reading: text, for: Shipped.instrument("PHQ-9")).values
    }

    @Test(arguments: [
        ("1,2,0", ["1": Answer.value(1), "2": .value(2), "3": .value(0)]),
        (" 1 , , 3\n", ["1": .value(1), "2": .unanswered, "3": .value(3)]),
        ("1,-,null", ["1": .value(1), "2": .unanswered, "3": .unanswered]),
        ("1\n2", ["1": .value(1), "2": .value(2)]),
        ("", [:]),
        ("[1, null, 2.0]", ["1": .value(1), "2": .unanswered, "3": .malformed("2.0")]),
        (
            "{\"1\": 3, \"9\": \"2\", \"2\": 1e0, \"3\": true}",
            ["1": .value(3), "9": .text("2"), "2": .malformed("1e0"), "3": .malformed("true")]
        ),
        ("1.0,x,+2", ["1": .malformed("1.0"), "2": .malformed("x"), "3": .malformed("+2")]),
        ("99999999999999999999", ["1": .malformed("99999999999999999999")]),
        ("{\"9\": 0, \"9\": 3}", ["9": .malformed("a second answer to the same item")]),
        ("[[1], {\"a\": 1}]", ["1": .malformed("a list"), "2": .malformed("an object")]),
        ("{\"\\u0031\": 2}", ["1": .value(2)]),
    ])
    func `lists and JSON`(text: String, values: [String: Answer]) throws {
        #expect(try read(text) == values)
    }

    @Test(arguments: [
        ("[1, 2", "line 1: `,` or `]` was expected"), ("{\"1\": }", "line 1: a JSON value was expected"),
        ("[1]\n[2]", "line 2: there is text after the end of the JSON document"),
        ("[01]", "line 1: a number is not written as JSON asks"),
        ("{1: 2}", "line 1: a key in quotation marks was expected"),
        ("[\"a]", "line 1: a text has no closing quotation mark"),
        (String(repeating: "[", count: 100_000), "line 1: the JSON document is nested too deep"),
        ("[\"\\ud800\"]", "line 1: a text holds half a character"),
    ])
    func `broken JSON is refused with its line`(text: String, message: String) {
        #expect(throws: AnswerError(item: nil, message: message)) { try read(text) }
    }

    @Test func `more answers than items are errors`() throws {
        let responses = try Responses(reading: "0,0,0,0,0,0,0,0,0,0,1", for: Shipped.instrument("PHQ-9"))
        #expect(
            try Shipped.scorer("PHQ-9").score(responses)
                == .invalid([AnswerError(item: "#11", message: "PHQ-9 has no item #11")])
        )
    }

    @Test func `answers survive JSON`() throws {
        let responses = Responses(["1": .value(2), "2": .unanswered, "6": .text("é\"")])
        let data = try JSONEncoder().encode(responses)
        #expect(try JSONDecoder().decode(Responses.self, from: data) == responses)
    }

    @Test(arguments: [
        ("{\"1\": 2.5}", Answer.malformed("2.5")), ("{\"1\": true}", .malformed("true")),
        ("{\"1\": [1]}", .malformed("a list or an object")),
    ])
    func `Foundation's decoder too leaves wrong values to scoring`(json: String, answer: Answer) throws {
        #expect(try JSONDecoder().decode(Responses.self, from: Data(json.utf8)).values["1"] == answer)
    }
}

@Suite("The installed instruments")
struct InstrumentLibraryTests {
    @Test(arguments: ["PHQ-9", "phq9", "phq 9", "Phq-9"])
    func `codes are found whatever their case, dashes and spaces`(code: String) throws {
        #expect(try Shipped.library()[code]?.code == "PHQ-9")
    }

    @Test func `an unknown code is nil`() throws {
        #expect(try Shipped.library()["PHQ-2"] == nil)
        #expect(try Shipped.library()[""] == nil)
    }

    @Test func `the newest version wins, and each can be had`() throws {
        let first = invented("scores: [{id: total, title: T, method: sum, items: all}]")
        let second = first.replacing("version: 1", with: "version: 2")
        let library = try InstrumentLibrary(files: [.init(path: "b", text: second), .init(path: "a", text: first)])
        #expect(library["invented"]?.version == 2)
        #expect(library.instrument("Invented", version: 1)?.version == 1)
        #expect(library.instrument("Invented", version: 3) == nil)
        #expect(library.codes == ["Invented"])
        #expect(throws: (any Error).self) {
            try InstrumentLibrary(files: [.init(path: "a", text: first), .init(path: "b", text: first)])
        }
    }
}
