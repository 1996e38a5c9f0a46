public import Hummingbird
public import NIOCore

/// What goes along with a request through middleware and handlers.
public struct ServerContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Stands in the answer, in the log and in the audit.
    public var requestID: String
    /// The other end of the connection: the client, or the proxy in front.
    public let clientAddress: SocketAddress?
    /// What is added to the answer, whatever it is.
    let fields = AnswerFields()

    public init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        requestID = ""
        clientAddress = source.channel.remoteAddress
    }
}
