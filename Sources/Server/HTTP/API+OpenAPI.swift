import HTTPTypes
import Hummingbird

extension API {
    /// The OpenAPI 3.1 document.
    ///
    /// - Parameters:
    ///   - version: of the program.
    ///   - server: where the service is reached, such as `https://portal.example.org`.
    public func openAPI(title: String = "Bellwether", version: String = "1.0.0", server: String = "/") -> JSONValue {
        var paths: [String: [String: JSONValue]] = [:]
        for operation in operations {
            paths[operation.path.text, default: [:]][operation.endpoint.facts.method.rawValue.lowercased()] =
                operation.openAPI
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": .string(title),
                "version": .string(version),
                "description":
                    "Times are milliseconds since 1970 in UTC. Errors are problem details (RFC 9457); look at `type`.",
            ],
            "servers": [["url": .string(server)]],
            "tags": .array(Set(operations.map(\.path.area)).sorted().map { ["name": .string($0)] }),
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "schemas": .object(schemas),
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"],
                    "cookie": ["type": "apiKey", "in": "cookie", "name": .string(SessionCookies.session)],
                ],
            ],
        ]
    }
}

extension API {
    /// The name under which problems are described.
    static let problemSchema = "Problem"

    private var schemas: [String: JSONValue] {
        var requested: Set<String> = []
        for operation in operations {
            guard case .json(let schema) = operation.assembly.body else { continue }
            schema.references(among: definitions, into: &requested)
        }
        var schemas = definitions.mapValues { object in
            JSONValue.object(object.openAPI(isClosed: requested.contains(object.name)))
        }
        schemas[Self.problemSchema] = Problem.openAPI
        return schemas
    }
}

extension API.Operation {
    var openAPI: JSONValue {
        var members: [String: JSONValue] = [
            "operationId": .string(id),
            "summary": .string(endpoint.facts.summary),
            "description": .string(endpoint.facts.rule.sentence),
            "tags": [.string(path.area)],
            "security": endpoint.facts.rule == .anyone ? [] : [["bearer": []], ["cookie": []]],
            "responses": .object(responses),
        ]
        if !endpoint.facts.requirements.isEmpty {
            members["x-requirements"] = .array(endpoint.facts.requirements.map { .string($0) })
        }
        let parameters = pathParameters + queryParameters
        if !parameters.isEmpty { members["parameters"] = .array(parameters) }
        switch assembly.body {
        case .none: break
        case .json(let schema):
            members["requestBody"] = ["required": true, "content": ["application/json": ["schema": schema.openAPI]]]
        case .upload:
            members["requestBody"] = ["required": true, "content": ["application/octet-stream": [:]]]
        }
        return .object(members)
    }

    private var pathParameters: [JSONValue] {
        path.parameters.map { ["name": .string($0), "in": "path", "required": true, "schema": ["type": "string"]] }
    }

    private var queryParameters: [JSONValue] {
        (assembly.query?.properties ?? []).map { property in
            var schema = property.schema
            // A parameter is there or not; there is no way to write null.
            schema.isNullable = false
            schema.description = nil
            var members: [String: JSONValue] = [
                "name": .string(property.name), "in": "query", "required": .boolean(property.isRequired),
                "schema": schema.openAPI,
            ]
            if let description = property.schema.description { members["description"] = .string(description) }
            return .object(members)
        }
    }

    private var responses: [String: JSONValue] {
        var responses: [String: JSONValue] = [:]
        for (status, answers) in Dictionary(grouping: answers, by: { $0.answer.status.code }) {
            var content: [String: JSONValue] = [:]
            for (answer, schema) in answers {
                guard let mediaType = answer.mediaType else { continue }
                content[mediaType] = schema.map { ["schema": $0.openAPI] } ?? [:]
            }
            let phrase = answers[0].answer.status.reasonPhrase
            responses[String(status)] = .object(
                ["description": .string(phrase.isEmpty ? "Done" : phrase)]
                    .merging(content.isEmpty ? [:] : ["content": .object(content)]) { own, _ in own }
            )
        }
        for (status, kinds) in Dictionary(grouping: problems, by: \.status) {
            let description = kinds.map { "\($0.title) (`\($0.slug)`)" }.joined(separator: "; ")
            responses[String(status)] = [
                "description": .string(description),
                "content": [
                    "application/problem+json": [
                        "schema": ["$ref": .string("#/components/schemas/\(API.problemSchema)")]
                    ]
                ],
            ]
        }
        return responses
    }

    /// What the machinery gives of itself, and what the endpoint declares.
    private var problems: [Problem.Kind] {
        var kinds: [Problem.Kind] = [
            .badRequest, .tooManyRequests, .unexpected, .busy, .storageUnavailable, .stopping,
        ]
        if endpoint.facts.rule != .anyone { kinds += [.notSignedIn, .forbidden] }
        if endpoint.facts.needsAcceptance { kinds.append(.termsRequired) }
        if endpoint.facts.needsStepUp { kinds.append(.stepUpRequired) }
        if !endpoint.facts.method.isSafe { kinds += [.foreignSite, .antiForgery] }
        if endpoint.facts.rule != .anyone || !path.parameters.isEmpty { kinds.append(.notFound) }
        switch assembly.body {
        case .none: kinds.append(.invalid)
        case .json: kinds += [.requestTimeout, .malformedJSON, .tooLarge, .unsupportedMediaType, .invalid]
        case .upload: kinds += [.requestTimeout, .tooLarge, .unsupportedMediaType, .invalid]
        }
        for kind in endpoint.facts.problems where !kinds.contains(kind) { kinds.append(kind) }
        return kinds
    }
}

extension Problem {
    fileprivate static let openAPI: JSONValue = [
        "type": "object",
        "description": "Why a request was not served (RFC 9457). Single kinds add members of their own.",
        "required": ["type", "title", "status", "request_id"],
        "properties": [
            "type": ["type": "string", "description": "The kind of problem; stable"],
            "title": ["type": "string"],
            "status": ["type": "integer", "description": "The HTTP status code"],
            "detail": ["type": "string", "description": "What happened this time, and what to do"],
            "request_id": [
                "type": "string", "description": "Tell the practice this number when you report the problem",
            ],
            "errors": [
                "type": "array",
                "items": [
                    "type": "object",
                    "required": ["message", "remedy"],
                    "properties": [
                        "pointer": ["type": "string", "description": "Where in the body: a JSON pointer (RFC 6901)"],
                        "parameter": ["type": "string", "description": "Which query parameter"],
                        "message": ["type": "string"],
                        "remedy": ["type": "string"],
                    ],
                ],
            ],
        ],
    ]
}
