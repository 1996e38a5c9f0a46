/// What program a request came from, as a short code for the audit: the family of the browser or program with the first
/// number of its version, and the family of the system: `firefox-128.linux`. All but the digits is out of closed lists, so
/// that nothing that a client wrote comes into the audit.
///
/// What a program says of itself is no proof. It helps somebody who looks back to tell a phone from a script.
public struct UserAgentCode: Sendable, Hashable {
    public let text: String

    /// Those that call themselves by several names first: Edge says Chrome, and Chrome says Safari.
    private static let programs: [(token: String, family: String)] = [
        ("Edg/", "edge"), ("EdgA/", "edge"), ("EdgiOS/", "edge"), ("OPR/", "opera"), ("SamsungBrowser/", "samsung"),
        ("Firefox/", "firefox"), ("FxiOS/", "firefox"), ("HeadlessChrome/", "chrome"), ("CriOS/", "chrome"),
        ("Chrome/", "chrome"), ("Version/", "safari"), ("curl/", "curl"), ("Wget/", "wget"),
        ("python-requests/", "python"), ("Python-urllib/", "python"), ("aiohttp/", "python"), ("okhttp/", "okhttp"),
        ("PostmanRuntime/", "postman"), ("Bellwether/", "bellwether"),
    ]

    /// Those that are told apart by a name within another's first: Android says Linux, and a telephone says Mac.
    private static let systems: [(token: String, family: String)] = [
        ("iPhone", "ios"), ("iPad", "ios"), ("Android", "android"), ("Windows", "windows"), ("CrOS", "chromeos"),
        ("Macintosh", "macos"), ("Mac OS X", "macos"), ("Linux", "linux"),
    ]

    /// - Parameter field: the `User-Agent` of the request; only its first 512 bytes are looked at.
    public init(_ field: String?) {
        let bytes = Array((field ?? "").utf8.prefix(512))
        guard !bytes.isEmpty else {
            text = "none"
            return
        }
        var code = "other"
        for (token, family) in Self.programs {
            guard let end = Self.end(of: Array(token.utf8), in: bytes) else { continue }
            let version = bytes[end...].prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }.prefix(4)
            code = version.isEmpty ? family : "\(family)-\(String(decoding: version, as: UTF8.self))"
            break
        }
        let system = Self.systems.first { Self.end(of: Array($0.token.utf8), in: bytes) != nil }
        text = system.map { "\(code).\($0.family)" } ?? code
    }

    /// Where the first occurrence of `token` ends.
    private static func end(of token: [UInt8], in bytes: [UInt8]) -> Int? {
        guard token.count <= bytes.count else { return nil }
        return (0...bytes.count - token.count).first { bytes[$0...].starts(with: token) }.map { $0 + token.count }
    }
}
