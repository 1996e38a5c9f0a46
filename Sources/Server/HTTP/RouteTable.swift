import HTTPTypes
import Hummingbird

/// Which methods a path has, for answering a request whose method it has not.
struct RouteTable: Sendable {
    private struct Row: Sendable {
        let path: RouterPath
        let literals: [Bool]
        var methods: [String]
    }

    /// The most literal first, as the router looks for them.
    private let rows: [Row]

    init(_ routes: [(template: PathTemplate, method: HTTPRequest.Method)]) {
        var rows: [String: Row] = [:]
        for (template, method) in routes {
            let literals = template.segments.map { if case .literal = $0 { true } else { false } }
            rows[template.pattern, default: Row(path: template.routerPath, literals: literals, methods: [])]
                .methods.append(method.rawValue)
        }
        self.rows = rows.values.sorted { left, right in
            right.literals.lexicographicallyPrecedes(left.literals) { !$0 && $1 }
        }
    }

    /// The methods that HTTP and PATCH's own standard (RFC 5789) define.
    static let knownMethods: Set<HTTPRequest.Method> = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .connect,
    ]

    /// The value for `Allow`: the methods of a path, GET bringing HEAD; nil for a path that nothing answers.
    func allowedMethods(of path: String) -> String? {
        let parts = path.split(separator: "/")
        let row = rows.first { row in
            row.path.count == parts.count && zip(row.path, parts).allSatisfy { element, part in element ~= part }
        }
        return row.map { row in
            (row.methods + (row.methods.contains("GET") ? ["HEAD"] : [])).sorted().joined(separator: ", ")
        }
    }
}
