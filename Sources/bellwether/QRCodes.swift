import Delivery
import Portal

/// Draws links with libqrencode.
struct QRCodes: QRCodeDrawing {
    func svg(of text: String) throws -> String { try QRCode(text).svg(title: "QR code") }
}
