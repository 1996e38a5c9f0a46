public import Portal

/// Draws QR codes with libqrencode.
public struct QRCodes: QRCodeDrawing {
    public init() {}

    public func svg(of text: String) throws -> String { try QRCode(text).svg(title: "QR code") }
}
