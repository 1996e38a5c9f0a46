import Foundation
public import HTTPTypes
import Hummingbird
public import Portal
public import Records

/// A request as its handler sees it: let in, read and checked.
public struct Call<Caller: Sendable, Query: Sendable, Body: Sendable>: Sendable {
    public let caller: Caller
    public let query: Query
    public let body: Body
    /// Where the request comes from: its id and the client's address.
    public let origin: Principal.Origin
    /// The language that the client prefers among those of the service, such as `es`.
    public let language: String
    public let headers: HTTPFields
    /// The session of the caller; nil for callers who need none.
    public let session: LiveSession?
    let parameters: Parameters

    /// What the client says it is; cut, since anybody can write anything there.
    public var userAgent: String? { headers[.userAgent].map { String($0.prefix(256)) } }

    /// A parameter of the path.
    ///
    /// Throws ``Problem/notFound`` for an empty one and for bytes that are no text, since such a path names nothing.
    public func text(_ name: String) throws -> String {
        guard let raw = parameters.get(name) else { throw UndeclaredParameter() }
        guard let text = raw.removingPercentEncoding, !text.isEmpty, !text.unicodeScalars.contains("\0") else {
            throw Problem.notFound
        }
        return text
    }

    /// A parameter of the path that is an id. A malformed id throws ``Problem/notFound``, as an unknown one does.
    public func id<Entity>(_ name: String, _ type: Entity.Type = Entity.self) throws -> ID<Entity> {
        guard let id = ID<Entity>(try text(name)) else { throw Problem.notFound }
        return id
    }

    /// A parameter of the path out of a closed choice. Any other throws ``Problem/notFound``.
    public func choice<Choice: RawRepresentable>(_ name: String, _ type: Choice.Type = Choice.self) throws -> Choice
    where Choice.RawValue == String {
        guard let choice = Choice(rawValue: try text(name)) else { throw Problem.notFound }
        return choice
    }
}

extension Call where Caller: SignedIn {
    public var principal: Principal { caller.principal }
}

extension Call where Query: PagedQuery {
    /// The piece of the list that is asked for.
    public var page: Page { Page(limit: query.limit?.value ?? PageLimit.default, after: query.cursor) }
}

/// A handler asked for a parameter that its path does not have.
struct UndeclaredParameter: Error {}
