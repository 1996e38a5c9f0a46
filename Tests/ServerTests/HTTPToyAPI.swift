import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Records
import Store

@testable import Server

// A small API that has one endpoint of every sort, and what it takes to call it.

enum Mood: String, Codable, Sendable, CaseIterable, CodingKeyRepresentable {
    case low = "LOW", fair = "FAIR", good = "GOOD"
}

enum Thread {}

struct AskRequest: Codable, Sendable, FieldsDescribed {
    struct Place: Codable, Sendable {
        let latitude: Double
        let longitude: Double?
    }

    let text: String
    let mood: Mood?
    let isAnonymous: Bool
    let replyToID: ID<Thread>?
    let score: Int
    let askedAt: Timestamp?
    let places: [Place]?
    let labels: [String: Int]?

    static let fieldDescriptions = ["text": "What the client wants to know"]
}

struct AskReply: Codable, Sendable, Equatable {
    let text: String
    let accountID: String
    let threadID: ID<Thread>
    let language: String
    let ip: String?
}

struct ClientQuery: PagedQuery {
    let search: String?
    let mood: Mood?
    let isActive: Bool?
    let tag: [String]?
    let limit: PageLimit?
    let cursor: Cursor?
}

struct ClientRow: Codable, Sendable, Equatable {
    let id: Int
    let name: String
}

struct OutOfChairs: Error {}
struct Secret: Error, CustomStringConvertible { let description = "the client wrote: I am sad" }

/// Throws what it is told to.
struct Fault: Sendable {
    let name: String
    let error: any Error
}

let toyFaults: [Fault] = [
    Fault(name: "denied", error: AccessDenied()),
    Fault(name: "missing", error: RecordNotFound()),
    Fault(name: "constraint", error: StoreError.constraint(rule: "UNIQUE constraint failed: clients.mrn")),
    Fault(name: "busy", error: StoreError.busy),
    Fault(name: "full", error: StoreError.full),
    Fault(name: "read-only", error: StoreError.readOnly),
    Fault(name: "io", error: StoreError.inputOutput),
    Fault(name: "corrupt", error: StoreError.corrupt),
    Fault(name: "unopenable", error: StoreError.cannotOpen(path: "/var/lib/secret.sqlite")),
    Fault(name: "row", error: StoreError.unexpectedRow(column: "diagnosis")),
    Fault(name: "teapot", error: HTTPError(.init(code: 418, reasonPhrase: "I'm a teapot"), message: "/secret")),
    Fault(name: "gone", error: HTTPError(.notFound)),
    Fault(name: "chairs", error: OutOfChairs()),
    Fault(name: "secret", error: Secret()),
    Fault(name: "cancelled", error: CancellationError()),
    Fault(
        name: "internal-decoding",
        error: DecodingError.dataCorrupted(.init(codingPath: [], debugDescription: "a model answered nonsense"))
    ),
    Fault(
        name: "crisis",
        error: Problem(.conflict, "Please call.", extensions: ["crisis_resources": [["phone": "988"]]])
    ),
]

struct EchoDocument: Codable, Sendable, Equatable { let value: JSONValue }

let toyEndpoints: [Endpoint] = [
    Route(.get, "/health/live", "Alive", access: .anyone).returns([String: String].self) { _ in ["state": "ok"] },

    Route(
        .post,
        "/api/v1/portal/chat/threads/{thread}/messages",
        "Ask the assistant",
        requirements: ["AI-01"],
        access: .account
    )
    .body(AskRequest.self)
    .problems(.conflict)
    .returns(AskReply.self, status: .created) { call in
        AskReply(
            text: call.body.text,
            accountID: call.caller.accountID.text,
            threadID: try call.id("thread", Thread.self),
            language: call.language,
            ip: call.origin.ip
        )
    } stream: { call in
        let words = call.body.text.split(separator: " ").map(String.init)
        return EventStream { events in
            for (index, word) in words.enumerated() {
                if word == "boom" { throw Secret() }
                try events.send("word", ["text": word], id: String(index))
            }
            try events.send("done", text: "first\nsecond\r\nthird")
        }
    },

    Route(.get, "/api/v1/clients", "Clients", access: .staff(.clinician, .administrator))
        .query(ClientQuery.self)
        .returns(Listing<ClientRow>.self) { call in
            let all = (1...120).map { ClientRow(id: $0, name: "Client \($0)") }
            let after = call.page.after?.keys.first.flatMap { Int($0) } ?? 0
            let found = all.filter { $0.id > after && $0.name.hasPrefix(call.query.search ?? "") }
            let rows = Array(found.prefix(call.page.fetchLimit))
            return Listing(rows, page: call.page, cursor: { Cursor($0.id) }, item: { $0 })
        },
    Route(.get, "/api/v1/clients/all", "A literal beside a parameter", access: .staff)
        .returns(String.self) { call in call.caller.role.rawValue },
    Route(.delete, "/api/v1/clients/{client}", "Forget a client", access: .staff).returnsNothing { call in
        _ = try call.id("client", Client.self)
    },
    Route(.put, "/api/v1/clients/{client}", "With a field of its own", access: .signedIn)
        .body(EchoDocument.self, limit: 1024)
        .returns(Reply<EchoDocument>.self) { call in
            Reply(call.body, status: .accepted, headers: [.eTag: "\"7\""])
        },

    Route(.get, "/api/v1/portal/calendar/{token}.ics", "A calendar", access: .anyone)
        .returns(media: "text/calendar; charset=utf-8") { call in
            Media("BEGIN:VCALENDAR \(try call.text("token"))", fileName: "my \"calendar\".ics")
        },
    Route(.post, "/api/v1/uploads", "A file", access: .anyone).body(Upload.self, limit: 64).returns(
        Int.self,
        status: .created
    ) { call in call.body.bytes.readableBytes },
    Route(.post, "/api/v1/echo", "Whatever it was", access: .anyone).body(EchoDocument.self)
        .returns(EchoDocument.self) { call in call.body },
    Route(.post, "/api/v1/streams", "Streams what it got", access: .anyone).body(Upload.self, limit: 1024 * 1024)
        .streams {
            call in
            EventStream { events in try events.send("size", call.body.bytes.readableBytes) }
        },
    Route(.get, "/api/v1/faults/{fault}", "Throws", access: .anyone).returns(String.self) { call in
        let name = try call.text("fault")
        if let fault = toyFaults.first(where: { $0.name == name }) { throw fault.error }
        return name
    },
]

enum Toy {
    static let practice = ID<Practice>(now: Timestamp(milliseconds: 1), random: Array(repeating: 7, count: 10))
    static let account = ID<PortalAccountTag>(now: Timestamp(milliseconds: 2), random: Array(repeating: 8, count: 10))
    static let thread = "01900000-0000-7000-8000-0000000000aa"

    /// Tokens are named after whom they stand for.
    static let authenticate: Authenticate = { credential, origin, _ in
        let token = credential.token
        let identity: Principal.Identity? =
            switch token {
            case "account": .account(account, ownClient: nil)
            case "broken": throw StoreError.busy
            default:
                StaffMember.Role(rawValue: token).map {
                    .staff(ID(now: Timestamp(milliseconds: 3), random: Array(repeating: 9, count: 10)), role: $0)
                }
            }
        return identity.map { Admission(Principal(practiceID: practice, identity: $0, origin: origin)) }
    }

    static func application(
        _ endpoints: [Endpoint] = toyEndpoints,
        options: HTTPServerOptions = HTTPServerOptions(),
        logger: Logger = Logger(label: "toy") { _ in SwiftLogNoOpLogHandler() }
    ) throws -> Application<RouterResponder<ServerContext>> {
        try buildApplication(
            endpoints: endpoints,
            authenticate: authenticate,
            mappings: [ProblemMapping(OutOfChairs.self) { _ in Problem(.locked, "No chair is free.") }],
            surroundings: .system,
            options: options,
            logger: logger
        )
    }
}

/// An answer, read.
struct ToyAnswer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    var json: JSONValue { (try? JSONCoding.parse(text.utf8)) ?? .null }
    var problem: String? { json["type"]?.text?.replacing("urn:bellwether:problem:", with: "") }

    /// `pointer message` of every error.
    var errors: [String] {
        guard case .array(let errors) = json["errors"] else { return [] }
        return errors.map { error in
            let place = error["pointer"]?.text ?? error["parameter"]?.text.map { "?\($0)" } ?? "nowhere"
            return "\(place) \(error["message"]?.text ?? "")"
        }
    }

    var remedies: [String] {
        guard case .array(let errors) = json["errors"] else { return [] }
        return errors.compactMap { $0["remedy"]?.text }
    }
}

extension TestClientProtocol {
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        as token: String? = nil,
        json: String? = nil,
        bytes: [UInt8]? = nil,
        headers: HTTPFields = [:]
    ) async throws -> ToyAnswer {
        var headers = headers
        if let token { headers[.authorization] = "Bearer \(token)" }
        if json != nil, headers[.contentType] == nil { headers[.contentType] = "application/json" }
        let body = json.map { ByteBuffer(string: $0) } ?? bytes.map { ByteBuffer(bytes: $0) }
        let response = try await execute(uri: path, method: method, headers: headers, body: body)
        return ToyAnswer(
            status: response.status.code,
            headers: response.headers,
            text: String(buffer: response.body)
        )
    }

    /// Posts a question to the toy assistant.
    func ask(_ json: String, headers: HTTPFields = [:]) async throws -> ToyAnswer {
        try await send(
            .post,
            "/api/v1/portal/chat/threads/\(Toy.thread)/messages",
            as: "account",
            json: json,
            headers: headers
        )
    }
}
