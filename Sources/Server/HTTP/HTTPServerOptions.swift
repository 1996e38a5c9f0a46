/// What an installation decides about its HTTP server.
public struct HTTPServerOptions: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// 0 for any free port.
    public var port = 8080
    /// The certificate and key to speak HTTPS with; nil for plain HTTP.
    public var certificate: ServerCertificate?
    /// Whether answers tell browsers to come back by HTTPS only (RFC 6797). On wherever HTTPS is spoken, by us or a proxy.
    public var isStrictTransport = false
    /// How long a connection may stay open without a request on it, or without anything more of one.
    public var idleTimeout = Duration.seconds(60)
    /// How long the body of a request may take to arrive.
    public var bodyTimeout = Duration.seconds(30)
    /// The largest body that an endpoint takes unless it says otherwise, in bytes.
    public var bodyLimit = 256 * 1024
    /// The largest field of a request's head, the largest head, in bytes, and how many fields it may have.
    public var headerFieldLimit = 16 * 1024
    public var headerLimit = 32 * 1024
    public var headerCountLimit = 100
    /// Proxies of one's own. From them, and from nobody else, `X-Forwarded-For` is believed.
    public var trustedProxies: [AddressBlock] = []
    /// How many requests are taken; nil for as many as come.
    public var rateLimits: RateLimits? = RateLimits()
    /// The languages that the service speaks; the first stands for all others.
    public var languages = ["en", "es"]

    public init() {}
}
