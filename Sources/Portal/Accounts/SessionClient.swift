public import Store

/// The program that signs in, as far as its session depends on it.
public struct SessionClient: Sendable, Hashable {
    /// How the token travels. A token is good for its own way only.
    public enum Channel: String, Sendable, Codable, CaseIterable, SQLConvertible {
        /// In a cookie of a browser. Its token is renewed by use.
        case web = "WEB"
        /// In the `Authorization` field of a program's requests.
        case api = "API"
    }

    public var channel: Channel
    /// What the program says it is.
    public var userAgent: String?
    /// The secret by which the device is known again, from its cookie; nil when it has none.
    public var deviceSecret: String?
    /// Whether a program that sends its token in the `Authorization` field takes up a new one when it is given one.
    /// A browser always does.
    public var followsRenewal: Bool

    public init(
        channel: Channel = .api,
        userAgent: String? = nil,
        deviceSecret: String? = nil,
        followsRenewal: Bool = false
    ) {
        self.channel = channel
        self.userAgent = userAgent
        self.deviceSecret = deviceSecret
        self.followsRenewal = followsRenewal
    }
}
