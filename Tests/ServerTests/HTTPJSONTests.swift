import Foundation
import Records
import Testing

@testable import Server
@testable import Store

@Suite struct HTTPJSONTests {
    private static let texts: [(String, JSONValue)] = [
        ("null", .null), (" true ", true), ("-0", 0), ("9223372036854775807", .integer(.max)),
        ("-9223372036854775808", .integer(.min)), ("9223372036854775808", .number(9_223_372_036_854_775_808)),
        ("1.5e3", 1500), ("2.0", 2), ("-2.5", .number(-2.5)), ("1E-2", .number(0.01)),
        (#""\u00e9\ud83c\udf31\n\/""#, "é🌱\n/"),
        ("\u{FEFF}[1,\t{\"a\":[]}\r\n]", [1, ["a": .array([])]]), (#""é🌱""#, "é🌱"), (#"{"":{}}"#, ["": .object([:])]),
    ]

    @Test(arguments: texts)
    func `JSON is read by its standard`(text: String, value: JSONValue) throws {
        #expect(try JSONCoding.parse(text.utf8) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "tru e", "+1", "1.", ".5", "-", "1e", "0x10", "01", "Infinity", "'a'", "\"a", "\"\\x\"",
        "\"\\u12\"",
        "\"\\u+123\"", "\"\t\"", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{a:1}", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "[1]]",
        "// a\n1",
        "\"\\ud800\\u0041\"", "\"\\udfff\"", "{\"a\":1,\"\\u0061\":2}",
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(throws: JSONFault.self) { try JSONCoding.parse(text.utf8) }
    }

    @Test func `values nest sixty-four levels deep and no deeper`() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        _ = try JSONCoding.parse(nested(65).utf8)
        #expect(throws: JSONFault.self) { try JSONCoding.parse(nested(66).utf8) }
    }

    @Test func `random bytes and mutilated JSON never crash the parser`() {
        var random = SplitMix(state: 42)
        let seed = Array(#"{"a": [1, -2.5e+7, "x\u00e9\ud83c\udf31\n"], "b": {"c": null, "d": true}}"#.utf8)
        for _ in 0..<5000 {
            var bytes = seed
            for _ in 0..<(1 + random.next() % 4) {
                let index = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: index)
                default: bytes = Array(bytes.prefix(index + 1))
                }
                if bytes.isEmpty { bytes = [0x20] }
            }
            if let value = try? JSONCoding.parse(bytes) {
                // What was read can be written and read again.
                #expect((try? JSONCoding.parse(JSONCoding.encode(value))) == value)
            }
        }
    }

    @Test(arguments: [
        ("clientID", "client_id"), ("clientId", "client_id"), ("isAnonymous", "is_anonymous"), ("text", "text"),
        ("primaryTherapistID", "primary_therapist_id"), ("phq9Score", "phq9_score"), ("htmlURLText", "html_url_text"),
        ("client_id", "client_id"), ("MODERATE", "MODERATE"), ("phq-9", "phq-9"), ("", ""),
    ])
    func `property names have their names on the wire`(property: String, name: String) {
        #expect(WireNaming.name(for: property) == name)
    }

    @Test func `the wire names properties as the database does`() {
        var random = SplitMix(state: 7)
        let letters = Array("abcXYZ09")
        for _ in 0..<2000 {
            let tail = (0..<(random.next() % 12)).map { _ in letters[Int(random.next() % UInt64(letters.count))] }
            let property = "p" + String(tail)
            #expect(WireNaming.name(for: property) == ColumnNaming.column(for: property))
        }
    }

    struct Everything: Codable, Equatable {
        struct Inner: Codable, Equatable {
            let clientID: ID<Everything>
            let htmlURL: String?
        }
        let clientID: String
        let isAnonymous: Bool
        let counts: [String: Int]
        let moods: [Mood: Double]
        let innerValues: [Inner]
        let byClientID: [String: Inner]
        let at: Timestamp
        let small: Int8
        let ratio: Double?
        let free: JSONValue
    }

    @Test func `what is written is read back the same, whatever its names`() throws {
        var random = SplitMix(state: 99)
        func text() -> String {
            String((0..<(random.next() % 8)).map { _ in Array("aZ é🌱\"\\\n\u{2028}/_D")[Int(random.next() % 12)] })
        }
        for _ in 0..<500 {
            let inner = Everything.Inner(
                clientID: ID(
                    now: Timestamp(milliseconds: 5),
                    random: (0..<10).map { _ in UInt8(truncatingIfNeeded: random.next()) }
                ),
                htmlURL: random.next() % 2 == 0 ? nil : text()
            )
            let value = Everything(
                clientID: text(),
                isAnonymous: random.next() % 2 == 0,
                counts: ["clientID": 1, text(): 2],
                moods: [.low: 0.5, .good: -3],
                innerValues: random.next() % 2 == 0 ? [] : [inner, inner],
                byClientID: [text(): inner],
                at: Timestamp(milliseconds: Int64(truncatingIfNeeded: random.next())),
                small: Int8(truncatingIfNeeded: random.next()),
                ratio: random.next() % 2 == 0 ? nil : Double(random.next() % 1000) / 8,
                free: ["clientID": [1, .null, .string(text())]]
            )
            let bytes = try JSONCoding.encode(value)
            #expect(try JSONCoding.decode(Everything.self, from: bytes) == value)
            #expect(!bytes.contains(0x0A))
        }
    }

    @Test func `names are in snake case, sorted, and data stays as it is`() throws {
        let inner = Everything.Inner(clientID: try #require(ID(Toy.thread)), htmlURL: nil)
        let value = Everything(
            clientID: "a/b",
            isAnonymous: true,
            counts: ["clientID": 1],
            moods: [.low: 1],
            innerValues: [inner],
            byClientID: ["someKey": inner],
            at: Timestamp(milliseconds: 5),
            small: 1,
            ratio: nil,
            free: ["aB": true]
        )
        #expect(
            String(decoding: try JSONCoding.encode(value), as: UTF8.self)
                == #"{"at":5,"by_client_id":{"someKey":{"client_id":"\#(Toy.thread)"}},"client_id":"a/b","#
                + #""counts":{"clientID":1},"free":{"aB":true},"inner_values":[{"client_id":"\#(Toy.thread)"}],"#
                + #""is_anonymous":true,"moods":{"LOW":1},"small":1}"#
        )
    }
}

/// A small generator with a seed (Steele, Lea & Flood 2014), so that a test fails the same way twice.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
