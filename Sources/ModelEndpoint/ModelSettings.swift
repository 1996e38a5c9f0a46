public import Foundation

/// Which language model the practice uses, where it is, and how long anybody waits for it.
public struct ModelSettings: Sendable {
    /// A text that shows in no log and no dump.
    public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
        let text: String
        public init(_ text: String) { self.text = text }
        public var description: String { "‹secret›" }
        public var customMirror: Mirror { Mirror(self, children: []) }
    }

    /// What is wrong with the settings, and what to do. Holds no key.
    public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
        public let description: String
    }

    /// Where an OpenAI-compatible server answers, such as `https://models.example/v1`.
    public let url: URL
    public let model: String
    /// Never printed.
    public let key: Secret?
    /// PEM file of the authorities to trust instead of the system's.
    public var authorities: String?
    /// For reaching the server.
    public var connectTimeout: Duration = .seconds(3)
    /// For the first word after that, and between two words.
    public var wordTimeout: Duration = .seconds(8)
    /// For the whole of an answer.
    public var totalTimeout: Duration = .seconds(25)
    /// Tokens of an answer, at most.
    public var mostTokens = 300
    /// Bytes that are read of one answer, and bytes of one line in it. Both are far beyond what an honest answer takes.
    var mostBytes = 1 << 20
    var longestLine = 64 << 10

    /// - Parameters:
    ///   - url: `https://…`; `http://…` only for a server on this machine. Holds no key and no user.
    ///   - model: the name by which the server knows it.
    ///   - key: not part of the URL, since URLs end up in logs and process lists.
    public init(url text: String, model: String, key: String?) throws(Fault) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["http", "https"].contains(scheme), let host = parts.host, !host.isEmpty, parts.query == nil,
            parts.fragment == nil, let url = parts.url
        else {
            throw Fault(description: "The model's server should be given as https://models.example/v1.")
        }
        guard parts.user == nil, parts.password == nil else {
            throw Fault(
                description:
                    "The URL of the model's server holds a user or password. Put the key into a file, and name that in BELLWETHER_MODEL_KEY_FILE."
            )
        }
        guard scheme == "https" || Self.isLoopback(host) else {
            throw Fault(
                description:
                    "The model's server is not on this machine, and what clients ask is not sent over a plain connection. Write https://."
            )
        }
        guard (1...200).contains(model.utf8.count),
            model.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) })
        else {
            throw Fault(description: "Say in BELLWETHER_MODEL which model the server should use, by its name there.")
        }
        if let key, key.isEmpty || !key.unicodeScalars.allSatisfy({ (0x21...0x7E).contains($0.value) }) {
            throw Fault(description: "The model's key is empty or holds a sign that no key holds. Check its file.")
        }
        self.url = url
        self.model = model
        self.key = key.map(Secret.init)
    }

    private static func isLoopback(_ host: String) -> Bool {
        let bare = host.lowercased().filter { $0 != "[" && $0 != "]" }
        if bare == "localhost" || bare == "::1" { return true }
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return parts.count == 4 && parts.first == 127 && !parts.contains(nil)
    }

    /// Server and port, for people.
    public var server: String { "\(url.host() ?? ""):\(url.port ?? (url.scheme == "http" ? 80 : 443))" }
}
