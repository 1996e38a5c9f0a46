import HTTPTypes
import Hummingbird
import NIOCore
import Portal
import Records

/// One request while it is being served.
struct Exchange: Sendable {
    private(set) var request: Request
    private(set) var isBodyRead = false
    /// The session of the caller who was let in.
    var session: LiveSession?
    let context: ServerContext
    let reception: Reception

    init(request: Request, context: ServerContext, reception: Reception) {
        self.request = request
        self.context = context
        self.reception = reception
    }

    var requestID: String { context.requestID }

    func call<Caller, Query, Body>(_ caller: Caller, _ query: Query, _ body: Body) -> Call<Caller, Query, Body> {
        Call(
            caller: caller,
            query: query,
            body: body,
            origin: origin,
            language: LanguagePreference.choose(
                request.headers[.acceptLanguage],
                among: reception.options.languages
            ),
            headers: request.headers,
            session: session,
            parameters: context.parameters
        )
    }

    var origin: Principal.Origin {
        .init(
            requestID: requestID,
            ip: clientAddress?.description,
            agent: UserAgentCode(request.headers[.userAgent])
        )
    }

    var clientAddress: NetworkAddress? {
        Self.clientAddress(
            peer: context.clientAddress.flatMap { NetworkAddress($0) },
            forwarded: HTTPField.Name("X-Forwarded-For").map { request.headers[values: $0] } ?? [],
            trusting: reception.options.trustedProxies
        )
    }

    var wantsEventStream: Bool {
        request.headers[values: .accept].contains { field in
            field.split(separator: ",").contains { range in
                range.split(separator: ";").first.map { $0.filter { !$0.isWhitespace }.lowercased() }
                    == EventStream.mediaType
            }
        }
    }
}

// MARK: The body

extension Exchange {
    mutating func readBody<Body: Decodable>(_ type: Body.Type, by shape: BodyShape, limit: Int?) async throws -> Body {
        let limit = limit ?? reception.options.bodyLimit
        switch shape {
        case .none: return try JSONCoding.decode(type, from: [:])
        case .upload:
            let upload = Upload(bytes: try await collect(upTo: limit), contentType: request.headers[.contentType])
            guard let body = upload as? Body else { throw Problem(.unsupportedMediaType) }
            return body
        case .json(let schema):
            guard isJSON else {
                throw Problem(.unsupportedMediaType, "Send JSON in UTF-8, with `Content-Type: application/json`.")
            }
            let bytes = try await collect(upTo: limit)
            return try read(type, from: parse(bytes), by: schema, at: .wholeBody)
        }
    }

    /// Keeps what it has read, so that a stream can watch the connection from there on.
    mutating func collect(upTo limit: Int) async throws -> ByteBuffer {
        let tooLarge = Problem(.tooLarge, "At most \(limit) bytes are accepted here.")
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit { throw tooLarge }
        do {
            isBodyRead = true
            let body = request.body
            let bytes = try await withDeadline(reception.options.bodyTimeout) { try await body.collect(upTo: limit) }
            request.body = RequestBody(buffer: bytes)
            return bytes
        } catch is NIOTooManyBytesError {
            throw tooLarge
        } catch is DeadlinePassed {
            throw Problem(.requestTimeout, "The request took too long to arrive.", headers: [.connection: "close"])
        } catch {
            throw Interruption(underlying: error)
        }
    }

    private func parse(_ bytes: ByteBuffer) throws -> JSONValue {
        do throws(JSONFault) {
            return try JSONCoding.parse(bytes.readableBytesView)
        } catch {
            throw Problem(.malformedJSON, "\(error.message), at line \(error.line), column \(error.column).")
        }
    }

    /// JSON is UTF-8 (RFC 8259 § 8.1); a parameter that says something else is refused.
    private var isJSON: Bool {
        let parts = (request.headers[.contentType] ?? "").lowercased().split(separator: ";")
            .map { $0.filter { !$0.isWhitespace && $0 != "\"" } }
        return parts.first == "application/json"
            && parts.dropFirst().allSatisfy { !$0.hasPrefix("charset=") || $0 == "charset=utf-8" }
    }

    /// Reads a value that is to satisfy `schema`, or says everything that is wrong with it.
    func read<Value: Decodable>(
        _ type: Value.Type,
        from value: JSONValue,
        by schema: Schema,
        at place: FieldFault.Place
    ) throws -> Value {
        let faults = schema.faults(in: value, definitions: reception.definitions, at: place)
        guard faults.isEmpty else { throw Problem.invalid(faults) }
        do {
            return try JSONCoding.decode(type, from: value)
        } catch let error as DecodingError {
            // What the schema does not tell: a rule of the type's own.
            let place = error.path.reduce(place) { $0.child($1.stringValue) }
            throw Problem.invalid(place, "is not accepted", remedy: "Check how it is written")
        }
    }
}

/// The request stopped arriving. Goes up to Hummingbird as it is: there may be nobody left to answer.
struct Interruption: Error {
    let underlying: any Error
}

extension DecodingError {
    /// Where it was found, down to a missing key.
    fileprivate var path: [any CodingKey] {
        switch self {
        case .keyNotFound(let key, let context): context.codingPath + [key]
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            context.codingPath
        @unknown default: []
        }
    }
}
