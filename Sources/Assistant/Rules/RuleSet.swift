/// Rules and contexts compiled together, ready to match. Immutable.
struct RuleSet: Sendable {
    /// What a pattern belongs to.
    enum Owner: Sendable, Equatable {
        case rule(Int)
        /// Cancels matches of the rule in the same sentence.
        case unless(Int)
        /// Must be there for the rule to count.
        case needs(Int)
        case context(String)
    }

    let vocabulary: Vocabulary
    let phrases: PhraseTrie
    let rules: [Rule]
    let needing: Set<Int>
    let owners: [Owner]
    let patterns: [Pattern]
    private let patternsBySymbol: [[Int]]
    /// Words that carry risk; an idiom cancels a match when it covers one of them.
    let riskWords: Set<Int32>
    /// Steps of the longest pattern.
    let mostSteps: Int

    init(compiler: PatternCompiler, rules: [Rule], needing: Set<Int>, owners: [Owner], patterns: [Pattern]) {
        vocabulary = compiler.vocabulary
        phrases = compiler.phrases
        self.rules = rules
        self.needing = needing
        self.owners = owners
        self.patterns = patterns
        mostSteps = patterns.map(\.steps.count).max() ?? 0
        var bySymbol: [[Int]] = []
        for (index, pattern) in patterns.enumerated() {
            for symbol in pattern.firstSymbols {
                while bySymbol.count <= Int(symbol) { bySymbol.append([]) }
                if bySymbol[Int(symbol)].last != index { bySymbol[Int(symbol)].append(index) }
            }
        }
        patternsBySymbol = bySymbol
        riskWords = Set(
            (compiler.words(ofClass: "risk") + compiler.words(ofClass: "es_risk")).flatMap {
                compiler.vocabulary.words(for: $0)
            }
        )
    }

    func patterns(beginningWith symbol: Symbol) -> [Int] {
        Int(symbol) < patternsBySymbol.count ? patternsBySymbol[Int(symbol)] : []
    }
}
