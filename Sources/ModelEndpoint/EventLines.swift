/// Reads a `text/event-stream` as the HTML standard writes it, from pieces cut anywhere. Of its fields only the data counts.
struct EventLines {
    /// A line, or the data of an event, is longer than anybody honest would make it.
    struct TooLong: Error {}

    private let longest: Int
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var endedWithReturn = false
    private var isFirst = true

    init(longest: Int) { self.longest = longest }

    /// The data of the events that `bytes` bring to an end.
    mutating func add(_ bytes: some Sequence<UInt8>) throws(TooLong) -> [[UInt8]] {
        var events: [[UInt8]] = []
        for byte in bytes {
            // A return, a line feed, or both end a line.
            let isSecond = endedWithReturn && byte == 0x0A
            endedWithReturn = byte == 0x0D
            if isSecond { continue }
            if byte == 0x0A || byte == 0x0D {
                try end(&events)
            } else {
                guard line.count < longest else { throw TooLong() }
                line.append(byte)
            }
        }
        return events
    }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private mutating func end(_ events: inout [[UInt8]]) throws(TooLong) {
        if isFirst, line.starts(with: Self.mark) { line.removeFirst(Self.mark.count) }
        isFirst = false
        defer { line.removeAll(keepingCapacity: true) }
        guard !line.isEmpty else {
            if hasData { events.append(data) }
            data = []
            hasData = false
            return
        }
        let colon = line.firstIndex(of: 0x3A) ?? line.endIndex
        // A line that begins with a colon is a comment.
        guard line[..<colon].elementsEqual("data".utf8) else { return }
        var value = line[colon...].dropFirst()
        if value.first == 0x20 { value = value.dropFirst() }
        if hasData { data.append(0x0A) }
        guard data.count + value.count <= longest else { throw TooLong() }
        data += value
        hasData = true
    }
}
