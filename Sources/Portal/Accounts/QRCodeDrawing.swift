/// Draws QR codes. Where nothing does, links are shown as text.
public protocol QRCodeDrawing: Sendable {
    /// An SVG document of `text` as a QR code.
    func svg(of text: String) throws -> String
}
