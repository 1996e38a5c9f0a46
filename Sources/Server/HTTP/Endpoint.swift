import HTTPTypes
import Hummingbird

/// One operation of the API, declared in one place: the route, who may call, what comes in and goes out, and the handler.
/// The router and the OpenAPI document are both made from the list of them, so neither can say what the other does not.
///
/// A ``Route`` says all but the handler, and makes the endpoint of it:
///
/// ```swift
/// Route(.post, "/api/v1/portal/chat/conversations/{conversation}/messages", "Ask the assistant", access: .account)
///     .body(AskRequest.self)
///     .returns(ReplyDocument.self, status: .created) { call in
///         let reply = try await chat.ask(call.body.text, in: call.id("conversation"), as: call.principal)
///         return ReplyDocument(reply)
///     }
/// ```
///
/// What happens to a request, in this order, each step answering with its own problem:
/// 1. The caller is let in: 401 for nobody, 403 for the wrong kind, for who has yet to accept the terms (unless it
///    ``Route/servesFirst(_:)``), and for who has to show anew who they are (where it ``Route/needsStepUp()``).
/// 2. The query is read: 422 for unknown, malformed and missing parameters.
/// 3. The body is read: 413, 415, 400 for what is no JSON, 422 naming every field that is wrong.
/// 4. The handler runs. It takes its typed path parameters itself: 404 for those that are no ids.
public struct Endpoint: Sendable {
    /// What is said about it.
    let facts: Facts
    let answers: [Answer]
    /// Makes the schemas, and the function that serves requests by them.
    let assemble: @Sendable (SchemaBuilder) throws -> Assembly

    struct Facts: Sendable {
        let method: HTTPRequest.Method
        let path: String
        /// A few words, for the documentation.
        let summary: String
        /// Which requirements it serves, such as `AI-01`.
        let requirements: [String]
        let rule: AccessRule
        /// Kinds of problem that its own rules give, beyond those that the machinery gives.
        var problems: [Problem.Kind] = []
        /// What it does with clients' records.
        var recordUse = RecordUse.undeclared
        /// Whether it only looks whether the caller's session is still there.
        var isWatching = false
        /// Why it serves accounts that have yet to do what comes first, such as accepting the terms; nil when it does not.
        var reasonToServeFirst: String?
        /// Whether the caller has to have shown who they are within the last minutes.
        var needsStepUp = false

        /// Its name in the OpenAPI document and in the audit, such as `getPortalAssessments`.
        var operationID: String { method.rawValue.lowercased() + (PathTemplate(path)?.camelCase ?? "") }
    }

    /// What an endpoint answers when all goes well.
    struct Answer: Sendable {
        let status: HTTPResponse.Status
        /// Nil for an empty answer.
        let mediaType: String?
        let schema: @Sendable (SchemaBuilder) throws -> Schema?
    }

    struct Assembly: Sendable {
        let query: ObjectShape?
        let body: BodyShape
        let respond: @Sendable (Exchange) async throws -> Response
    }
}

extension Endpoint.Facts {
    /// Whether it refuses accounts that have yet to accept the terms.
    var needsAcceptance: Bool { rule.isForAccounts && reasonToServeFirst == nil }
}

/// What an endpoint reads from the body of a request.
enum BodyShape: Sendable {
    case none
    case json(Schema)
    case upload
}

extension Endpoint.Answer {
    static func json(_ status: HTTPResponse.Status, _ type: (some Codable & Sendable).Type) -> Self {
        Self(status: status, mediaType: "application/json") { try $0.schema(of: type) }
    }

    static func media(_ status: HTTPResponse.Status, _ mediaType: String) -> Self {
        Self(status: status, mediaType: mediaType) { _ in .text }
    }

    static let nothing = Self(status: .noContent, mediaType: nil) { _ in nil }
    static let events = Self.media(.ok, EventStream.mediaType)
}
