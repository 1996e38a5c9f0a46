/// One event of a stream, as the HTML standard writes it (`text/event-stream`).
struct ServerSentEvent: Sendable, Hashable {
    let name: String
    let data: String
    let id: String?

    /// Keeps the connection alive through proxies; clients skip it.
    static let heartbeat = Array(": heartbeat\n\n".utf8)

    /// The event as bytes. Every line of the data is a field of its own, and the name and id lose their line ends, so that
    /// no content can begin a field or another event.
    var bytes: [UInt8] {
        var text = ""
        if let id { text += "id: \(Self.oneLine(id))\n" }
        text += "event: \(Self.oneLine(name))\n"
        for line in data.split(
            omittingEmptySubsequences: false,
            whereSeparator: { $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
        ) {
            text += "data: \(line)\n"
        }
        return Array((text + "\n").utf8)
    }

    private static func oneLine(_ text: String) -> String {
        String(text.unicodeScalars.filter { $0 != "\n" && $0 != "\r" && $0 != "\0" }.map(Character.init))
    }
}
