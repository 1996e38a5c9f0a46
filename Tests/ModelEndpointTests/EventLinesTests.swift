import Testing

@testable import ModelEndpoint

@Suite("Lines of an event stream")
struct EventLinesTests {
    private func read(_ pieces: [[UInt8]], longest: Int = 1000) throws -> [String] {
        var lines = EventLines(longest: longest)
        return try pieces.flatMap { try lines.add($0) }.map { String(decoding: $0, as: UTF8.self) }
    }

    private static let text =
        "\u{FEFF}: a comment\r\ndata: añb\n\nevent: x\rdata:1\r\rid: 7\r\ndata: {\"é\": \"😀\"}\r\n\r\n\n\ndata\n\ndata:  two\ndata: lines\n\nretry: 5\n\n"
    private static let expected = ["añb", "1", "{\"é\": \"😀\"}", "", " two\nlines"]

    @Test func `the events are the same wherever the pieces are cut`() throws {
        let bytes = Array(Self.text.utf8)
        #expect(try read([bytes]) == Self.expected)
        #expect(try read(bytes.map { [$0] }) == Self.expected)
        for first in bytes.indices {
            #expect(try read([Array(bytes[..<first]), Array(bytes[first...])]) == Self.expected, "cut at \(first)")
        }
    }

    @Test func `an event without its empty line is none`() throws {
        #expect(try read([Array("data: x\n".utf8)]).isEmpty)
        #expect(try read([Array("data: x".utf8)]).isEmpty)
    }

    @Test func `a line or an event without an end is refused`() throws {
        #expect(throws: EventLines.TooLong.self) { try read([Array(repeating: 65, count: 1001)]) }
        let many = Array(String(repeating: "data: aaaaaaaaaa\n", count: 100).utf8)
        #expect(throws: EventLines.TooLong.self) { try read([many]) }
        // Comments are read and forgotten.
        #expect(try read([Array(String(repeating: ": aaaaaaaaaa\n", count: 1000).utf8)]).isEmpty)
    }
}
