/// What an installation decides about its HTTP server.
public struct HTTPServerOptions: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// 0 for any free port.
    public var port = 8080
    /// Whether answers tell browsers to come back by HTTPS only (RFC 6797). On wherever HTTPS is spoken, by us or a proxy.
    public var isStrictTransport = false
    /// How long a connection may stay open without a request on it.
    public var idleTimeout = Duration.seconds(60)
    /// The largest body that an endpoint takes unless it says otherwise, in bytes.
    public var bodyLimit = 256 * 1024
    /// Whether the last entry of `X-Forwarded-For` is the client's address. Only behind a proxy of one's own, since
    /// anybody can write that field.
    public var isBehindProxy = false
    /// The languages that the service speaks; the first stands for all others.
    public var languages = ["en", "es"]

    public init() {}
}
