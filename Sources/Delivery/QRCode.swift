import CQREncode

/// A QR code (ISO/IEC 18004), such as that of an invitation.
public struct QRCode: Sendable, Hashable {
    /// How much of it may be lost.
    public enum Correction: Sendable, Hashable {
        /// About 15 %: for screens and clean paper.
        case medium
        /// About 25 %: for what is folded and carried about.
        case quartile
    }

    /// The text has more than fits into a QR code, or none.
    public struct Unencodable: Error, Sendable, Hashable {
        public init() {}
    }

    /// Rows of modules from the top, true for dark. As wide as it is high.
    public let modules: [[Bool]]

    public init(_ text: String, correction: Correction = .medium) throws(Unencodable) {
        // libqrencode reads up to the first NUL.
        guard !text.isEmpty, !text.utf8.contains(0) else { throw Unencodable() }
        let level = correction == .medium ? QR_ECLEVEL_M : QR_ECLEVEL_Q
        guard let code = QRcode_encodeString8bit(text, 0, level) else { throw Unencodable() }
        defer { QRcode_free(code) }
        let width = Int(code.pointee.width)
        guard let data = code.pointee.data, width > 0 else { throw Unencodable() }
        modules = (0..<width).map { row in (0..<width).map { data[row * width + $0] & 1 == 1 } }
    }

    /// Modules of white around it; readers need four.
    static let quietZone = 4

    /// The code as an SVG document: one path of dark squares, merged along each row, on white whatever the page's colours.
    ///
    /// - Parameters:
    ///   - title: what it is, for those who do not see it.
    ///   - size: width and height in pixels; it scales without loss.
    public func svg(title: String, size: Int = 240) -> String {
        let side = modules.count + 2 * Self.quietZone
        var path = ""
        for (row, line) in modules.enumerated() {
            var column = 0
            while column < line.count {
                guard line[column] else {
                    column += 1
                    continue
                }
                let end = line[column...].firstIndex(of: false) ?? line.count
                path += "M\(column + Self.quietZone) \(row + Self.quietZone)h\(end - column)v1h-\(end - column)z"
                column = end
            }
        }
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(size)" height="\(size)" viewBox="0 0 \(side) \(side)" \
            role="img" shape-rendering="crispEdges"><title>\(Self.escaped(title))</title>\
            <path fill="#fff" d="M0 0h\(side)v\(side)h-\(side)z"/><path fill="#000" d="\(path)"/></svg>
            """
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
