import Foundation
import Store
import Testing

@testable import Records

@Suite("Ids")
struct IDTests {
    private enum Thing {}

    @Test func `an id is a UUIDv7 in lower case`() {
        let outside = TestSurroundings()
        for _ in 0..<200 {
            let text = outside.surroundings.newID(Thing.self).text
            #expect(text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
            #expect(UUID(uuidString: text) != nil)
        }
    }

    @Test func `an id tells its time and its random bytes`() {
        // RFC 9562, appendix A.6: 2022-02-22T14:22:22-05:00.
        let random: [UInt8] = [0xFC, 0xC3, 0xD8, 0xC4, 0xDC, 0x0C, 0x0C, 0x07, 0x39, 0x8F]
        let id = ID<Thing>(now: Timestamp(milliseconds: 1_645_557_742_000), random: random)
        #expect(id.text == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    }

    @Test func `ids sort by the time of their making`() {
        var generator = SeededGenerator(seed: 5)
        let times: [Int64] =
            [0, 1, 255, 256, 65_535, 65_536, (1 << 47) - 1, 1 << 47, (1 << 48) - 1]
            + (0..<500).map { _ in Int64.random(in: 0..<(1 << 48), using: &generator) }
        let ids = Set(times).sorted().map { milliseconds in
            ID<Thing>(
                now: Timestamp(milliseconds: milliseconds),
                random: (0..<10).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
            ).text
        }
        #expect(ids == ids.sorted())
    }

    @Test(arguments: [Int64.min, -1, 0, 1 << 48, .max], [0, 3, 10, 20])
    func `any time and any number of bytes make an id`(milliseconds: Int64, count: Int) {
        let id = ID<Thing>(now: Timestamp(milliseconds: milliseconds), random: Array(repeating: 0xFF, count: count))
        #expect(ID<Thing>(id.text) == id)
    }

    @Test func `upper case is folded`() {
        #expect(ID<Thing>("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")?.text == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    }

    @Test(arguments: [
        "", "1", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e2-79b0-7cc3-98c4-dc0c0c07398f0",
        "017f22e279b0-7cc3-98c4-dc0c0c07398f-", "017f22e279b07cc398c4dc0c0c07398f",
        "{017f22e2-79b0-7cc3-98c4-dc0c0c07398}",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2-79b0-7cc3-98c4-dc0c0c0739\u{0}f",
        "017f22e2-79b0-7cc3-98c4-dc0c0c07398\n",
        " 17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e2–79b0–7cc3–98c4–dc0c0c07398f",
        "０１７f22e2-79b0-7cc3-98c4-dc0c07398f",
        "٠17f22e2-79b0-7cc3-98c4-dc0c0c07398f", "017f22e2-79b0-7cc3-98c4-dc0c0c0739é",
        "../../../../../../../../etc/passwd01",
        "' OR '1'='1' OR '1'='1' OR '1'='1' O", "------------------------------------",
        String(repeating: "a", count: 36),
        String(repeating: "0", count: 1_000_000),
    ])
    func `hostile text is no id`(text: String) {
        #expect(ID<Thing>(text) == nil)
        #expect(ID<Thing>(sqlValue: .text(text)) == nil)
        #expect(throws: (any Error).self) {
            try JSONDecoder().decode([ID<Thing>].self, from: try JSONEncoder().encode([text]))
        }
    }

    @Test func `an id is its text in JSON and in a column`() throws {
        let id = TestSurroundings().surroundings.newID(Thing.self)
        let json = try JSONEncoder().encode([id])
        #expect(String(decoding: json, as: UTF8.self) == "[\"\(id)\"]")
        #expect(try JSONDecoder().decode([ID<Thing>].self, from: json) == [id])
        #expect(id.sqlValue == .text(id.text))
        #expect(ID<Thing>(sqlValue: id.sqlValue) == id)
        #expect(ID<Thing>(sqlValue: .integer(1)) == nil)
        #expect(ID<Thing>(sqlValue: .null) == nil)
    }
}
