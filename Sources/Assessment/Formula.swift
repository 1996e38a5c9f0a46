/// Arithmetic over other scores: `+ - * /`, parentheses, numbers, `min(…)`, `max(…)` and `round(…)`. Nothing else can be
/// written in it, and it always ends.
public struct Formula: Sendable, Hashable {
    indirect enum Expression: Sendable, Hashable {
        case number(Double)
        case score(String)
        case negative(Expression)
        case sum(Expression, Expression)
        case difference(Expression, Expression)
        case product(Expression, Expression)
        case quotient(Expression, Expression)
        case lowest([Expression])
        case highest([Expression])
        case rounded(Expression)
    }

    /// As it was written.
    public var text: String
    /// Ids of the scores that it uses, in the order of their first use.
    public var scores: [String]
    let expression: Expression

    /// Why a text is no formula.
    public struct SyntaxError: Error, Equatable {
        public var message: String
    }

    static let longest = 500
    static let deepest = 20

    /// Reads `text`; at most 500 characters and 20 parentheses deep.
    public init(_ text: String) throws(SyntaxError) {
        guard text.utf8.count <= Self.longest else {
            throw SyntaxError(message: "the formula is longer than \(Self.longest) characters")
        }
        var parser = FormulaParser(tokens: try FormulaParser.tokens(of: text))
        expression = try parser.wholeExpression()
        scores = parser.scores
        self.text = text
    }

    /// The values it can take when each score lies within its interval; nil when it may divide by zero or the values are
    /// too large to be figures. With intervals of one value each it is plain arithmetic.
    func value(_ score: (String) -> Interval?) -> Interval? { Self.value(of: expression, score) }

    private static func value(of expression: Expression, _ score: (String) -> Interval?) -> Interval? {
        switch expression {
        case .number(let number): return Interval(number)
        case .score(let id): return score(id)
        case .negative(let inner): return value(of: inner, score).map { Interval(low: -$0.high, high: -$0.low) }
        case .sum(let first, let second):
            guard let a = value(of: first, score), let b = value(of: second, score) else { return nil }
            return Interval(finiteLow: a.low + b.low, high: a.high + b.high)
        case .difference(let first, let second):
            guard let a = value(of: first, score), let b = value(of: second, score) else { return nil }
            return Interval(finiteLow: a.low - b.high, high: a.high - b.low)
        case .product(let first, let second):
            guard let a = value(of: first, score), let b = value(of: second, score) else { return nil }
            return Interval(spanning: [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high])
        case .quotient(let first, let second):
            guard let a = value(of: first, score), let b = value(of: second, score), !b.contains(0) else { return nil }
            return Interval(spanning: [a.low / b.low, a.low / b.high, a.high / b.low, a.high / b.high])
        case .lowest(let parts):
            return combined(parts, score) { Interval(low: min($0.low, $1.low), high: min($0.high, $1.high)) }
        case .highest(let parts):
            return combined(parts, score) { Interval(low: max($0.low, $1.low), high: max($0.high, $1.high)) }
        case .rounded(let inner):
            return value(of: inner, score).map { Interval(low: $0.low.rounded(), high: $0.high.rounded()) }
        }
    }

    private static func combined(
        _ parts: [Expression],
        _ score: (String) -> Interval?,
        _ combine: (Interval, Interval) -> Interval
    ) -> Interval? {
        var result: Interval?
        for part in parts {
            guard let next = value(of: part, score) else { return nil }
            result = result.map { combine($0, next) } ?? next
        }
        return result
    }
}

/// The values from `low` to `high`. A known value is an interval of itself.
struct Interval: Sendable, Hashable {
    var low: Double
    var high: Double

    init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    init(_ value: Double) { self.init(low: value, high: value) }

    init?(finiteLow low: Double, high: Double) {
        guard low.isFinite, high.isFinite else { return nil }
        self.init(low: low, high: high)
    }

    init?(spanning ends: [Double]) {
        guard ends.allSatisfy(\.isFinite), let low = ends.min(), let high = ends.max() else { return nil }
        self.init(low: low, high: high)
    }

    var isKnown: Bool { low == high }

    func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// Reads a formula by recursive descent.
private struct FormulaParser {
    enum Token: Equatable {
        case number(Double)
        case name(String)
        case symbol(Character)
    }

    let tokens: [Token]
    var position = 0
    var depth = 0
    var scores: [String] = []

    init(tokens: [Token]) { self.tokens = tokens }

    static func tokens(of text: String) throws(Formula.SyntaxError) -> [Token] {
        var tokens: [Token] = []
        var rest = text[...]
        while let character = rest.first {
            if character.isWhitespace {
                rest.removeFirst()
            } else if character.isASCII, character.isNumber {
                let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
                guard let number = Double(String(digits)), number <= 1_000_000 else {
                    throw Formula.SyntaxError(message: "`\(digits)` is no number up to 1000000")
                }
                tokens.append(.number(number))
                rest.removeFirst(digits.count)
            } else if character.isASCII, character.isLetter {
                let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
                tokens.append(.name(String(name)))
                rest.removeFirst(name.count)
            } else if "+-*/(),".contains(character) {
                tokens.append(.symbol(character))
                rest.removeFirst()
            } else {
                throw Formula.SyntaxError(message: "`\(character)` has no place in a formula")
            }
        }
        return tokens
    }

    private var next: Token? { tokens.indices.contains(position) ? tokens[position] : nil }

    private mutating func take(_ symbols: Character...) -> Character? {
        guard case .symbol(let symbol)? = next, symbols.contains(symbol) else { return nil }
        position += 1
        return symbol
    }

    private var place: String {
        switch next {
        case .number(let number): "`\(number.plain)`"
        case .name(let name): "`\(name)`"
        case .symbol(let symbol): "`\(symbol)`"
        case nil: "the end"
        }
    }

    mutating func wholeExpression() throws(Formula.SyntaxError) -> Formula.Expression {
        let result = try expression()
        guard next == nil else { throw Formula.SyntaxError(message: "\(place) was not expected") }
        return result
    }

    private mutating func expression() throws(Formula.SyntaxError) -> Formula.Expression {
        var result = try product()
        while let symbol = take("+", "-") {
            let right = try product()
            result = symbol == "+" ? .sum(result, right) : .difference(result, right)
        }
        return result
    }

    private mutating func product() throws(Formula.SyntaxError) -> Formula.Expression {
        var result = try factor()
        while let symbol = take("*", "/") {
            let right = try factor()
            result = symbol == "*" ? .product(result, right) : .quotient(result, right)
        }
        return result
    }

    private mutating func factor() throws(Formula.SyntaxError) -> Formula.Expression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Formula.deepest else {
            throw Formula.SyntaxError(message: "the formula is nested deeper than \(Formula.deepest) levels")
        }
        if take("-") != nil { return .negative(try factor()) }
        if take("(") != nil {
            let inner = try expression()
            guard take(")") != nil else { throw Formula.SyntaxError(message: "`)` is missing before \(place)") }
            return inner
        }
        switch next {
        case .number(let number):
            position += 1
            return .number(number)
        case .name(let name):
            position += 1
            guard ["min", "max", "round"].contains(name) else {
                if !scores.contains(name) { scores.append(name) }
                return .score(name)
            }
            let parts = try arguments(of: name)
            if name == "min" { return .lowest(parts) }
            if name == "max" { return .highest(parts) }
            guard parts.count == 1, let part = parts.first else {
                throw Formula.SyntaxError(message: "`round` takes one value")
            }
            return .rounded(part)
        case .symbol, nil:
            throw Formula.SyntaxError(message: "\(place) stands where a number or a score should be")
        }
    }

    private mutating func arguments(of name: String) throws(Formula.SyntaxError) -> [Formula.Expression] {
        guard take("(") != nil else { throw Formula.SyntaxError(message: "`\(name)` needs parentheses") }
        var parts = [try expression()]
        while take(",") != nil { parts.append(try expression()) }
        guard take(")") != nil else { throw Formula.SyntaxError(message: "`)` is missing before \(place)") }
        return parts
    }
}
