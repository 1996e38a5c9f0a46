import HTTPTypes

/// The cookies of the portal. The prefix makes browsers see to it that they were set over HTTPS, by this very host, for all of
/// it (RFC 6265bis § 4.1.3.2); on `localhost`, which browsers trust, they work without.
enum SessionCookies {
    static let session = "__Host-bellwether"
    static let device = "__Host-bellwether-device"

    /// Lax, so that a link in a mail opens the portal signed in.
    static func set(session token: String) -> String { "\(session)=\(token); Path=/; Secure; HttpOnly; SameSite=Lax" }

    /// Kept for 400 days, the longest that browsers do. Read only when signing in, which no other site leads to.
    static func set(device secret: String) -> String {
        "\(device)=\(secret); Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age=34560000"
    }

    static let removal = "\(session)=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"

    /// All values that a request gives a cookie. More than one of a session is not a browser's doing.
    static func values(of name: String, in headers: HTTPFields) -> [String] {
        headers[values: .cookie].flatMap { $0.split(separator: ";") }.compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].trimmingBlanks == name else { return nil }
            return String(parts[1].trimmingBlanks)
        }
    }
}

extension Substring {
    fileprivate var trimmingBlanks: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
