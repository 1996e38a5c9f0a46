import Delivery
import Support
import Testing

/// Read by ZXing.
@Suite("QR codes")
struct QRCodeTests {
    @Test(arguments: [
        ("https://portal.example/invitation#0123456789abcdefghijklmnopqrstuvwxyz", QRCode.Correction.medium),
        ("otpauth://totp/Practice:maya@mail.example?secret=JBSWY3DPEHPK3PXP&issuer=Practice", .quartile),
        ("a", .medium), (String(repeating: "0123456789", count: 60), .quartile), ("¿Señor? 日本", .medium),
    ])
    func `a reader reads what was written`(text: String, correction: QRCode.Correction) throws {
        let svg = try QRCode(text, correction: correction).svg(title: "Invitation")
        #expect(try Python.run(peer("read_qr.py"), input: svg) == text)
    }

    @Test func `it is square, has white around it, and says what it is`() throws {
        let code = try QRCode("https://portal.example")
        #expect(code.modules.allSatisfy { $0.count == code.modules.count })
        let svg = code.svg(title: "Your <invitation> & more", size: 300)
        #expect(svg.contains("viewBox=\"0 0 \(code.modules.count + 8) \(code.modules.count + 8)\""))
        #expect(svg.contains("<title>Your &lt;invitation&gt; &amp; more</title>"))
        #expect(svg.contains("role=\"img\"") && svg.contains("width=\"300\""))
        // The first finder's first row begins after four modules of white.
        #expect(svg.contains("d=\"M4 4h7v1h-7z"))
    }

    @Test(arguments: ["", "a\u{0}b", String(repeating: "x", count: 3000)])
    func `what does not fit is refused`(text: String) {
        #expect(throws: QRCode.Unencodable.self) { _ = try QRCode(text) }
    }
}
