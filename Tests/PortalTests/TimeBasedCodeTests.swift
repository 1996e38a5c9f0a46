import Foundation
import Records
import Support
import Testing

@testable import Portal

@Suite("Codes of an authenticator")
struct TimeBasedCodeTests {
    private static let secret = Array("12345678901234567890".utf8)

    /// RFC 6238, appendix B, SHA-1.
    @Test(
        arguments: [
            (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
            (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
        ] as [(Int64, String)]
    )
    func `the vectors of RFC 6238 come out`(seconds: Int64, code: String) {
        #expect(TimeBasedCode.code(secret: Self.secret, step: seconds / 30, digits: 8) == code)
    }

    @Test(arguments: [(-2, false), (-1, true), (0, true), (1, true), (2, false)] as [(Int64, Bool)])
    func `a clock may be one step off`(offset: Int64, isAccepted: Bool) {
        let now = Timestamp(milliseconds: 1_741_014_000_000)
        let code = TimeBasedCode.code(secret: Self.secret, step: TimeBasedCode.step(at: now) + offset)
        #expect((TimeBasedCode.step(of: code, secret: Self.secret, at: now, after: nil) != nil) == isAccepted)
    }

    @Test(arguments: ["", "12345", "1234567", "abcdef", "１２３４５６", "-12345", "123 45"])
    func `what is no code is none`(text: String) {
        let now = Timestamp(milliseconds: 1_741_014_000_000)
        #expect(TimeBasedCode.step(of: text, secret: Self.secret, at: now, after: nil) == nil)
    }

    @Test func `Base32 is as in RFC 4648`() {
        let vectors = [
            ("", ""), ("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("fooba", "MZXW6YTB"),
            ("foobar", "MZXW6YTBOI"),
        ]
        for (plain, encoded) in vectors { #expect(Base32.encode(Array(plain.utf8)) == encoded) }
    }

    /// `pyotp`, an authenticator of other people's making, reads the address of the QR code and shows codes at given times.
    @Test func `an independent authenticator shows the same codes`() throws {
        let secret = Surroundings.system.random(20)
        let uri = TimeBasedCode.uri(secret: secret, account: "maya & co", issuer: "Harbor Lane: Counseling")
        let times: [Int64] = [0, 59, 1_741_014_000, 1_893_456_029, 20_000_000_000]
        let script = """
            import sys, pyotp
            totp = pyotp.parse_uri(sys.argv[1])
            assert (totp.issuer, totp.name) == ("Harbor Lane: Counseling", "maya & co"), (totp.issuer, totp.name)
            print(" ".join(totp.at(int(t)) for t in sys.argv[2:]))
            """
        guard let output = try Python.run(script, [uri] + times.map(String.init)) else { return }
        let expected = times.map { TimeBasedCode.code(secret: secret, step: $0 / 30) }
        #expect(output.split(whereSeparator: \.isWhitespace).map(String.init) == expected)
    }
}

/// The Python environment of the tests; see `Scripts/test`.
enum Python {
    /// What `script` prints; nil where there is no such environment.
    static func run(_ script: String, _ arguments: [String]) throws -> String? {
        let python = RepositoryRoot.appending(".build-python/bin/python")
        guard FileManager.default.isExecutableFile(atPath: python.path) else { return nil }
        let process = Process()
        process.executableURL = python
        process.arguments = ["-c", script] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        return String(decoding: data, as: UTF8.self)
    }
}
