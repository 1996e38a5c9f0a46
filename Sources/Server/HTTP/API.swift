import HTTPTypes
import Hummingbird

/// The declared endpoints, checked against each other and ready to be served and described.
public struct API: Sendable {
    struct Operation: Sendable {
        let endpoint: Endpoint
        let path: PathTemplate
        let assembly: Endpoint.Assembly
        /// What the endpoint answers, with the schema of each answer.
        let answers: [(answer: Endpoint.Answer, schema: Schema?)]

        var id: String { endpoint.facts.operationID }
    }

    let operations: [Operation]
    /// The objects that the schemas refer to, by name.
    let definitions: [String: ObjectShape]

    /// Throws everything that is wrong with the declarations at once.
    public init(_ endpoints: [Endpoint]) throws(DeclarationFaults) {
        let builder = SchemaBuilder()
        var operations: [Operation] = []
        var faults: [String] = []
        for endpoint in endpoints {
            let name = "\(endpoint.facts.method) \(endpoint.facts.path)"
            guard let path = PathTemplate(endpoint.facts.path) else {
                faults.append("\(name): this is no path template, such as /api/v1/clients/{client}")
                continue
            }
            do {
                operations.append(
                    Operation(
                        endpoint: endpoint,
                        path: path,
                        assembly: try endpoint.assemble(builder),
                        answers: try endpoint.answers.map { ($0, try $0.schema(builder)) }
                    )
                )
            } catch {
                faults.append("\(name): \(error)")
            }
        }
        if builder.definitions[Self.problemSchema] != nil {
            faults.append(
                "\(Self.problemSchema) is the name of what errors look like; call the other type something else"
            )
        }
        faults += Self.duplicates(among: operations) + Self.namesakes(among: operations)
        guard faults.isEmpty else { throw DeclarationFaults(descriptions: faults) }
        self.operations = operations
        definitions = builder.definitions
    }

    private static func duplicates(among operations: [Operation]) -> [String] {
        let byRoute = Dictionary(grouping: operations) { "\($0.endpoint.facts.method) \($0.path.pattern)" }
        let routes = byRoute.values.filter { $0.count > 1 }.map { same in
            "\(same[0].endpoint.facts.method) \(same[0].path.text) is declared \(same.count) times"
        }
        let byID = Dictionary(grouping: operations, by: \.id)
        let ids = byID.values.filter { same in Set(same.map(\.path.pattern)).count > 1 }.map { same in
            "\(same.map(\.path.text).joined(separator: " and ")) would both be the operation \(same[0].id)"
        }
        return (routes + ids).sorted()
    }

    /// What stands at one place bears one name: otherwise neither the router nor a reader of the documentation could tell
    /// `/clients/{client}` from `/clients/{id}`.
    private static func namesakes(among operations: [Operation]) -> [String] {
        var names: [[PathTemplate.Segment]: Set<String>] = [:]
        for path in operations.map(\.path) {
            for (index, segment) in path.segments.enumerated() {
                guard case .parameter(let name, ending: let ending) = segment else { continue }
                let place = path.segments.prefix(index).map { segment -> PathTemplate.Segment in
                    if case .parameter(_, let ending) = segment { .parameter("", ending: ending) } else { segment }
                }
                names[place + [.parameter("", ending: ending)], default: []].insert(name)
            }
        }
        return names.values.filter { $0.count > 1 }.map { names in
            "\(names.sorted().map { "{\($0)}" }.joined(separator: " and ")) stand at the same place of a path; give them one name"
        }.sorted()
    }
}

/// Endpoints that cannot be served as they are declared. A programmer's mistake, found when the service starts.
public struct DeclarationFaults: Error, Sendable, CustomStringConvertible {
    public let descriptions: [String]
    public var description: String { descriptions.joined(separator: "\n") }
}
