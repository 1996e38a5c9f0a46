import Foundation

/// Which mail server takes the practice's mail, and how it is spoken to.
public struct SMTPSettings: Sendable, Hashable {
    public enum Security: String, Sendable, Hashable, CaseIterable {
        /// Encrypted from the first byte (`smtps`, port 465).
        case tls
        /// Begins in plain and must change to TLS before anything is said (port 587).
        case starttls
        /// Plain. Without a password, and for a server on the same machine or behind a tunnel.
        case none
    }

    public var host: String
    public var port: Int
    public var security: Security
    public var user: String?
    /// Never printed.
    public var password: Secret?
    /// PEM file of the authorities to trust instead of the system's.
    public var authorities: String?
    /// For reaching the server, and for the whole of a message. Both end well before a work item's lease of a minute.
    public var connectTimeout: Duration = .seconds(10)
    public var timeout: Duration = .seconds(30)

    /// A text that shows in no log and no dump.
    public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
        public let text: String
        public init(_ text: String) { self.text = text }
        public var description: String { "‹secret›" }
        public var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// What is wrong with the settings, and what to do. Holds no password.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// - Parameters:
    ///   - url: `smtp://user@host:587` (STARTTLS required), `smtps://user@host:465`, or `smtp://localhost:25?tls=none`.
    ///   - password: not part of the URL, since URLs end up in logs and process lists.
    public init(url text: String, password: String?, authorities: String? = nil) throws(Fault) {
        guard let url = URLComponents(string: text), let host = url.host, !host.isEmpty,
            let scheme = url.scheme?.lowercased(), ["smtp", "smtps"].contains(scheme),
            url.path.isEmpty || url.path == "/"
        else {
            throw Fault(
                description: "The mail server should be given as smtp://user@host:587 or smtps://user@host:465."
            )
        }
        guard url.password == nil else {
            throw Fault(
                description:
                    "The mail server's URL holds a password. Put it into a file, and name that in BELLWETHER_SMTP_PASSWORD_FILE."
            )
        }
        let asked = url.queryItems?.first { $0.name == "tls" }?.value
        let unknown = url.queryItems?.first { $0.name != "tls" }?.name
        guard unknown == nil, asked.map({ Security(rawValue: $0) != nil }) ?? true else {
            throw Fault(description: "The mail server's URL knows only ?tls=tls, ?tls=starttls and ?tls=none.")
        }
        security = asked.flatMap(Security.init(rawValue:)) ?? (scheme == "smtps" ? .tls : .starttls)
        guard security != .tls || scheme == "smtps" else {
            throw Fault(description: "Write smtps:// for a mail server that is encrypted from the first byte.")
        }
        self.host = host
        port = url.port ?? (security == .tls ? 465 : 587)
        user = url.user
        self.password = password.map(Secret.init)
        self.authorities = authorities
        guard security != .none || user == nil else {
            throw Fault(
                description:
                    "A password is not sent over a plain connection. Take ?tls=none out of the mail server's URL."
            )
        }
        guard (user == nil) == (password == nil) else {
            throw Fault(
                description: user == nil
                    ? "There is a password for the mail server but no user. Write smtp://user@host:587."
                    : "There is no password for the mail server. Name its file in BELLWETHER_SMTP_PASSWORD_FILE."
            )
        }
    }

    /// Server, port and encryption, for people.
    public var summary: String { "\(host):\(port) (\(security == .none ? "plain" : security.rawValue.uppercased()))" }
}
