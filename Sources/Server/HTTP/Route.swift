public import HTTPTypes
import Hummingbird

/// A declaration on its way to becoming an ``Endpoint``: a route, who may take it, and what it takes.
public struct Route<Caller: Sendable, Query: Decodable & Sendable, Body: Decodable & Sendable>: Sendable {
    private var facts: Endpoint.Facts
    private let access: Access<Caller>
    private let bodyLimit: Int?

    public typealias Handler<Output> = @Sendable (Call<Caller, Query, Body>) async throws -> Output
}

// MARK: What comes in

extension Route where Query == NoQuery, Body == NoBody {
    /// - Parameters:
    ///   - path: with parameters in braces; what stands at one place in the paths of an API bears one name.
    ///   - summary: a few words, for the documentation.
    ///   - requirements: which ones the endpoint serves, such as `AI-01`.
    ///   - access: who may call; decides what `call.caller` is.
    public init(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ summary: String,
        requirements: [String] = [],
        access: Access<Caller>
    ) {
        facts = .init(method: method, path: path, summary: summary, requirements: requirements, rule: access.rule)
        self.access = access
        bodyLimit = nil
    }
}

extension Route where Query == NoQuery {
    /// Takes parameters after the question mark, each a property: an optional one may be absent, a list may be repeated.
    public func query<New: Decodable & Sendable>(_ type: New.Type) -> Route<Caller, New, Body> {
        .init(facts: facts, access: access, bodyLimit: bodyLimit)
    }
}

extension Route where Body == NoBody {
    /// Takes JSON that is read as `type`, or an ``Upload``.
    ///
    /// - Parameter limit: in bytes; ``HTTPServerOptions/bodyLimit`` unless given.
    public func body<New: Decodable & Sendable>(_ type: New.Type, limit: Int? = nil) -> Route<Caller, Query, New> {
        .init(facts: facts, access: access, bodyLimit: limit)
    }
}

extension Route {
    /// Says that the endpoint only looks whether a session is still there, which does not keep it alive.
    public func watching() -> Self {
        var copy = self
        copy.facts.isWatching = true
        return copy
    }

    /// Declares that the endpoint serves accounts that have yet to accept the terms in force. All others refuse them.
    ///
    /// - Parameter reason: why it must, for the reader.
    public func servesFirst(_ reason: String) -> Self {
        var copy = self
        copy.facts.reasonToServeFirst = reason
        return copy
    }

    /// Declares a sensitive act, for which the caller has to have shown who they are within ``StepUp/lifetime``.
    public func needsStepUp() -> Self {
        var copy = self
        copy.facts.needsStepUp = true
        return copy
    }

    /// Names kinds of problem that the endpoint's own rules give, for the documentation.
    public func problems(_ kinds: Problem.Kind...) -> Self {
        var copy = self
        copy.facts.problems += kinds
        return copy
    }
}

extension Route {
    func using(_ use: RecordUse) -> Self {
        var copy = self
        copy.facts.recordUse = use
        return copy
    }
}

// MARK: What goes out

extension Route {
    /// Answers with JSON.
    public func returns<Document: Codable & Sendable>(
        _ document: Document.Type,
        status: HTTPResponse.Status = .ok,
        handler: @escaping Handler<Document>
    ) -> Endpoint {
        endpoint(.json(status, document)) { call, _ in
            try .json(try await handler(call), status: status)
        }
    }

    /// Answers with JSON, and with fields or a status of its own.
    public func returns<Document: Codable & Sendable>(
        _ reply: Reply<Document>.Type,
        status: HTTPResponse.Status = .ok,
        handler: @escaping Handler<Reply<Document>>
    ) -> Endpoint {
        endpoint(.json(status, Document.self)) { call, _ in
            let reply = try await handler(call)
            return try .json(reply.document, status: reply.status ?? status, headers: reply.headers)
        }
    }

    /// Answers with JSON, or with a stream of events to a client that asks for one by `Accept: text/event-stream`.
    ///
    /// `stream` decides, before anything is sent, whether there will be a stream: what it throws is answered as a problem.
    public func returns<Document: Codable & Sendable>(
        _ document: Document.Type,
        status: HTTPResponse.Status = .ok,
        handler: @escaping Handler<Document>,
        stream: @escaping Handler<EventStream>
    ) -> Endpoint {
        endpoint(.json(status, document), .events) { call, exchange in
            if exchange.wantsEventStream { return try await exchange.response(try await stream(call)) }
            return try .json(try await handler(call), status: status)
        }
    }

    /// Answers with a stream of events, whatever the client says that it accepts.
    public func streams(_ stream: @escaping Handler<EventStream>) -> Endpoint {
        endpoint(.events) { call, exchange in try await exchange.response(try await stream(call)) }
    }

    /// Answers with a text, a file or a page.
    ///
    /// - Parameter mediaType: with its character set, such as `text/calendar; charset=utf-8`.
    public func returns(
        media mediaType: String,
        status: HTTPResponse.Status = .ok,
        handler: @escaping Handler<Media>
    ) -> Endpoint {
        endpoint(.media(status, mediaType)) { call, _ in
            let media = try await handler(call)
            var headers = media.headers
            headers[.contentType] = mediaType
            headers[.contentDisposition] = media.disposition
            return Response(status: status, headers: headers, body: media.body)
        }
    }

    /// Answers with nothing but its status, 204.
    public func returnsNothing(_ handler: @escaping Handler<Void>) -> Endpoint {
        endpoint(.nothing) { call, _ in
            try await handler(call)
            return Response(status: .noContent)
        }
    }

    /// Answers with nothing but its status, 204, and the fields that the handler gives.
    public func returnsOnlyFields(_ handler: @escaping Handler<HTTPFields>) -> Endpoint {
        endpoint(.nothing) { call, _ in Response(status: .noContent, headers: try await handler(call)) }
    }

    private func endpoint(
        _ answers: Endpoint.Answer...,
        answer: @escaping @Sendable (Call<Caller, Query, Body>, Exchange) async throws -> Response
    ) -> Endpoint {
        Endpoint(facts: facts, answers: answers) { [access, bodyLimit, facts] builder in
            let queryShape = try builder.queryShape(of: Query.self)
            let bodyShape = try builder.bodyShape(of: Body.self)
            return Endpoint.Assembly(query: queryShape, body: bodyShape) { exchange in
                var exchange = exchange
                let caller = try await exchange.admit(access, facts)
                let query = try exchange.readQuery(Query.self, by: queryShape)
                // Later: an `Idempotency-Key` that was seen before is answered here, as it was then.
                let body = try await exchange.readBody(Body.self, by: bodyShape, limit: bodyLimit)
                return try await answer(exchange.call(caller, query, body), exchange)
            }
        }
    }
}

extension SchemaBuilder {
    /// The parameters of a query; nil when it has none. They are no schema of the document's own.
    fileprivate func queryShape<Query: Decodable>(of query: Query.Type) throws -> ObjectShape? {
        guard query != NoQuery.self else { return nil }
        let builder = SchemaBuilder()
        guard case .reference(let name) = try builder.schema(of: query).shape, let shape = builder.definitions[name]
        else {
            throw SchemaFault("`\(query)` is a query, and has to be a type with a property for each parameter")
        }
        return shape
    }

    fileprivate func bodyShape<Body: Decodable>(of body: Body.Type) throws -> BodyShape {
        if body == NoBody.self { return .none }
        if body == Upload.self { return .upload }
        return .json(try schema(of: body))
    }
}
