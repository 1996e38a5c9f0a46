public import HTTPTypes
import Hummingbird
import NIOCore

/// Why a request was not served, as RFC 9457 has it. Throw one, or throw a domain error that a ``ProblemMapping`` knows.
///
/// The `type` of its kind is stable and what a program looks at; everything else is for people. No part of it holds what
/// the client sent, since answers are kept by proxies, logs and screenshots.
public struct Problem: Error, Sendable {
    public var kind: Kind
    /// What happened this time and what to do about it, in sentences. Shown to whoever uses the client.
    public var detail: String?
    public var errors: [FieldFault]
    /// Members for this one problem, by their names on the wire, such as `crisis_resources`.
    public var extensions: [String: JSONValue]
    public var headers: HTTPFields

    public init(
        _ kind: Kind,
        _ detail: String? = nil,
        errors: [FieldFault] = [],
        extensions: [String: JSONValue] = [:],
        headers: HTTPFields = [:]
    ) {
        self.kind = kind
        self.detail = detail
        self.errors = errors
        self.extensions = extensions
        self.headers = headers
    }

    /// One field of the body that is wrong.
    public static func invalid(_ place: FieldFault.Place, _ message: String, remedy: String) -> Problem {
        .invalid([FieldFault(place, message, remedy: remedy)])
    }

    public static func invalid(_ errors: [FieldFault]) -> Problem {
        Problem(.invalid, "Some of what was sent cannot be accepted; see `errors`.", errors: errors)
    }

    /// Nothing here, or nothing that the caller may see: the two look alike.
    public static let notFound = Problem(.notFound, "There is nothing here, or nothing that you may see.")

    func json(requestID: String) -> JSONValue {
        var members = extensions
        members["type"] = .string(kind.type)
        members["title"] = .string(kind.title)
        members["status"] = .integer(Int64(kind.status))
        members["request_id"] = .string(requestID)
        if let detail { members["detail"] = .string(detail) }
        if !errors.isEmpty { members["errors"] = .array(errors.map(\.json)) }
        return .object(members)
    }

    func response(requestID: String) -> Response {
        // A tree of strings and integers has no way of failing to become text.
        let bytes = (try? JSONCoding.encode(json(requestID: requestID))) ?? []
        var headers = headers
        headers[.contentType] = "application/problem+json"
        return Response(
            status: .init(code: kind.status),
            headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
