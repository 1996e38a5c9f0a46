/// The words and phrases of a rule set with the sets of symbols that each belongs to.
struct PhraseSets: Sendable {
    let phrases: PhraseTrie
    /// The sets of node n are at `starts[n]..<starts[n + 1]` of ``sets``.
    let starts: [Int32]
    let sets: [Int32]
    let setCount: Int
}

/// Rules and contexts compiled together, ready to match. Immutable.
///
/// The patterns are steps over *sets* of symbols. A message is turned into one bit mask for each set that occurs in it
/// (``Chart``), and a pattern is run over all places of a message at once by shifting masks: its work is bounded by its
/// steps, whatever the message holds. A pattern is run only when every set that it needs occurs; it waits at the rarest.
final class RuleSet: Sendable {
    /// A step over sets, with its number of words or its set.
    struct Step: Sendable {
        enum Kind: UInt8, Sendable { case one, optional, gap, ahead, notAhead, sentenceStart, sentenceEnd }
        let kind: Kind
        let value: Int32
    }

    /// A compiled pattern: places in ``steps`` and ``needed``.
    struct Compiled: Sendable {
        let rule: Int32
        let steps: Range<Int32>
        /// Sets without which it cannot match.
        let needed: Range<Int32>
    }

    let vocabulary: Vocabulary
    let repair: WordRepair
    let phraseSets: PhraseSets
    let rules: [Rule]
    /// Whether a rule needs something else in the message.
    let isNeeding: [Bool]
    let steps: [Step]
    let needed: [Int32]
    let patterns: [Compiled]
    /// Patterns of each context, and of the exceptions and needs of each rule.
    let ofContext: [[Int32]]
    let ofUnless: [[Int32]]
    let ofNeeds: [[Int32]]
    /// Patterns of rules by the rarest set that they need.
    let waiting: [[Int32]]
    /// Whether a word carries risk; an idiom cancels a match when it covers one of them.
    let isRisk: [Bool]
    /// The word "i".
    let i: Int32

    init(compiler: PatternCompiler, rules: [Rule], needing: Set<Int>, patterns written: [Pattern]) {
        var compiler = compiler
        i = compiler.vocabulary.intern("i")
        compiler.vocabulary.finish()
        vocabulary = compiler.vocabulary
        repair = WordRepair(vocabulary: compiler.vocabulary)
        self.rules = rules
        isNeeding = rules.indices.map(needing.contains)

        var sets = SetNumbers()
        var steps: [Step] = []
        var needed: [Int32] = []
        var patterns: [Compiled] = []
        var ofContext = [[Int32]](repeating: [], count: Context.allCases.count)
        var ofUnless = [[Int32]](repeating: [], count: rules.count)
        var ofNeeds = [[Int32]](repeating: [], count: rules.count)
        var ofRules: [Int32] = []
        for pattern in written {
            let number = Int32(patterns.count)
            var rule: Int32 = -1
            switch pattern.owner {
            case .rule(let owner):
                rule = Int32(owner)
                ofRules.append(number)
            case .unless(let owner): ofUnless[owner].append(number)
            case .needs(let owner): ofNeeds[owner].append(number)
            case .context(let context): ofContext[context.number].append(number)
            }
            let firstStep = Int32(steps.count)
            let firstNeeded = Int32(needed.count)
            for step in pattern.steps {
                steps.append(sets.compile(step))
                if case .one = step, let set = steps.last?.value { needed.append(set) }
                if case .ahead = step, let set = steps.last?.value { needed.append(set) }
            }
            patterns.append(
                Compiled(
                    rule: rule,
                    steps: firstStep..<Int32(steps.count),
                    needed: firstNeeded..<Int32(needed.count)
                )
            )
        }
        self.steps = steps
        self.needed = needed
        self.patterns = patterns
        self.ofContext = ofContext
        self.ofUnless = ofUnless
        self.ofNeeds = ofNeeds
        let (nodeSetStarts, nodeSets) = sets.ofNodes(compiler.phrases)

        var isRisk = [Bool](repeating: false, count: Int(compiler.vocabulary.wordCount))
        for word in compiler.words(ofClass: "risk") + compiler.words(ofClass: "es_risk") {
            for number in compiler.vocabulary.words(for: word) { isRisk[Int(number)] = true }
        }
        self.isRisk = isRisk
        let phraseSets = PhraseSets(
            phrases: compiler.phrases,
            starts: nodeSetStarts,
            sets: nodeSets,
            setCount: sets.count
        )
        self.phraseSets = phraseSets
        waiting = Self.waiting(ofRules, patterns, needed, rules, phraseSets, repair)
    }

    /// Lets each pattern wait at the set that the rules' own examples hold least often.
    private static func waiting(
        _ ofRules: [Int32],
        _ patterns: [Compiled],
        _ needed: [Int32],
        _ rules: [Rule],
        _ phraseSets: PhraseSets,
        _ repair: WordRepair
    ) -> [[Int32]] {
        var counts = [Int](repeating: 0, count: phraseSets.setCount)
        for text in rules.lazy.flatMap({ $0.hits + $0.misses }).map(\.text) {
            let folded = Tokenizer.fold(text)
            let resolved = repair.resolve(folded, folded.pieces.indices)
            for chart in Chart.blocks(of: resolved, phraseSets) {
                for entry in chart.present { counts[Int(entry.set)] += 1 }
            }
        }
        var waiting = [[Int32]](repeating: [], count: phraseSets.setCount)
        for pattern in ofRules {
            let range = patterns[Int(pattern)].needed
            let sets = needed[Int(range.lowerBound)..<Int(range.upperBound)]
            guard let rarest = sets.min(by: { counts[Int($0)] < counts[Int($1)] }) else { continue }
            waiting[Int(rarest)].append(pattern)
        }
        return waiting
    }

    /// Numbers the sets of symbols that steps take.
    private struct SetNumbers {
        private var numbers: [SymbolSet: Int32] = [:]
        private var sets: [SymbolSet] = []
        var count: Int { sets.count }

        mutating func compile(_ step: Pattern.Step) -> Step {
            switch step {
            case .one(let set): Step(kind: .one, value: number(set))
            case .optional(let set): Step(kind: .optional, value: number(set))
            case .gap(let words): Step(kind: .gap, value: Int32(min(words, 40)))
            case .ahead(let set): Step(kind: .ahead, value: number(set))
            case .notAhead(let set): Step(kind: .notAhead, value: number(set))
            case .sentenceStart: Step(kind: .sentenceStart, value: 0)
            case .sentenceEnd: Step(kind: .sentenceEnd, value: 0)
            }
        }

        private mutating func number(_ set: SymbolSet) -> Int32 {
            if let known = numbers[set] { return known }
            let number = Int32(sets.count)
            numbers[set] = number
            sets.append(set)
            return number
        }

        func ofNodes(_ phrases: PhraseTrie) -> (starts: [Int32], sets: [Int32]) {
            var ofSymbol: [[Int32]] = []
            for (number, set) in sets.enumerated() {
                for symbol in set.symbols {
                    while ofSymbol.count <= Int(symbol) { ofSymbol.append([]) }
                    ofSymbol[Int(symbol)].append(Int32(number))
                }
            }
            var starts: [Int32] = [0]
            var all: [Int32] = []
            for symbols in phrases.symbols {
                var ofNode: Set<Int32> = []
                for symbol in symbols where Int(symbol) < ofSymbol.count { ofNode.formUnion(ofSymbol[Int(symbol)]) }
                all += ofNode.sorted()
                starts.append(Int32(all.count))
            }
            return (starts, all)
        }
    }
}
