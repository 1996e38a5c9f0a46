/// All rules of an instrument as scoring sees them: plain figures in two flat lists, so that judging a rule follows no
/// references.
struct RuleTable: Sendable {
    enum Kind: Sendable {
        case count, score, all, any, not
    }

    struct Node: Sendable {
        var kind: Kind
        /// Of a count: places of its tests, and how many must pass.
        var tests = 0..<0
        var atLeast = 0
        var atMost = Int.max
        /// Of a score: its position and limits.
        var scale = 0
        var from = -Double.infinity
        var to = Double.infinity
        /// Of `all`, `any` and `not`: places of the parts.
        var parts = 0..<0
    }

    struct Test: Sendable {
        var item: Int
        var from: Int
        var to: Int
        /// Whether any option passes.
        var canPass: Bool
    }

    private(set) var nodes: [Node] = []
    private(set) var tests: [Test] = []

    /// Adds a rule and gives its place.
    mutating func add(_ rule: Rule, by compiler: InstrumentCompiler) -> Int {
        nodes.append(Node(kind: .all))
        let place = nodes.count - 1
        set(rule, at: place, by: compiler)
        return place
    }

    private mutating func set(_ rule: Rule, at place: Int, by compiler: InstrumentCompiler) {
        switch rule {
        case .count(let parts, let atLeast, let atMost):
            let start = tests.count
            tests.append(contentsOf: parts.flatMap(compiler.tests))
            nodes[place] = Node(kind: .count, tests: start..<tests.count, atLeast: atLeast, atMost: atMost ?? .max)
        case .score(let id, let from, let to):
            nodes[place] = Node(
                kind: .score,
                scale: compiler.scalePositions[id] ?? 0,
                from: from ?? -.infinity,
                to: to ?? .infinity
            )
        case .all(let rules): setParts(.all, rules, at: place, by: compiler)
        case .any(let rules): setParts(.any, rules, at: place, by: compiler)
        case .not(let inner): setParts(.not, [inner], at: place, by: compiler)
        }
    }

    /// The parts of a rule lie side by side.
    private mutating func setParts(_ kind: Kind, _ rules: [Rule], at place: Int, by compiler: InstrumentCompiler) {
        let start = nodes.count
        nodes.append(contentsOf: repeatElement(Node(kind: .all), count: rules.count))
        nodes[place] = Node(kind: kind, parts: start..<nodes.count)
        for (offset, rule) in rules.enumerated() { set(rule, at: start + offset, by: compiler) }
    }
}
