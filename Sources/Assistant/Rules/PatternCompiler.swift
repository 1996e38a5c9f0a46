import Knowledge

/// Turns patterns and word classes, as written in rule files, into steps over symbols.
///
/// The pattern language, in a rule file's quoted text:
///
///     word            that word           word~    with its regular endings (kill, kills, killed, killing)
///     word*           words that begin so
///     a|b|<class>     any of these        x?       may be left out
///     <class>         a word class of `classes:` (an entry may be a phrase, and may name another class)
///     <number>        a number in digits  <dose>   an amount such as 800mg
///     ..3             up to three words   ...      up to four
///     &x  !x          next comes x / does not come x (nothing is taken)
///     ^  $            beginning / end of the sentence
///     (a b|c d)       either phrase
struct PatternCompiler {
    var vocabulary = Vocabulary()
    var phrases = PhraseTrie()
    /// How many symbols there are so far.
    var symbolCount: Int { Int(nextSymbol) }
    private var wordSymbols: [String: Symbol] = [:]
    private var classSymbols: [String: Symbol] = [:]
    private var classPhrases: [String: [[String]]] = [:]
    private var nextSymbol: Symbol = 0
    private var isInGroup = false

    private static let mostPhrases = 6000

    private mutating func newSymbol() -> Symbol {
        defer { nextSymbol += 1 }
        return nextSymbol
    }

    func hasClass(_ name: String) -> Bool { classPhrases[name] != nil }
    var classNames: [String] { Array(classPhrases.keys) }
    func words(ofClass name: String) -> [String] {
        classPhrases[name]?.compactMap { $0.count == 1 ? $0[0] : nil } ?? []
    }

    /// Adds a word class. Reports an entry that names an unknown class.
    mutating func define(_ name: String, entries: [YAMLValue]) {
        let symbol = newSymbol()
        var all: [[String]] = []
        for entry in entries {
            guard let text = entry.string else {
                entry.error("an entry of class `\(name)` is no text", remedy: "Write a word or a phrase")
                continue
            }
            all += phrases(text, at: entry)
        }
        classSymbols[name] = symbol
        classPhrases[name] = all
        for phrase in all { phrases.insert(phrase.map { vocabulary.intern($0) }, symbol: symbol) }
    }

    /// Every sequence of words that a class entry stands for.
    private func phrases(_ text: String, at value: YAMLValue) -> [[String]] {
        var sequences: [[String]] = [[]]
        for part in text.split(separator: " ") {
            var part = String(part)
            let isOptional = part.count > 1 && part.last == "?"
            if isOptional { part.removeLast() }
            var choices: [[String]] = []
            for alternative in part.split(separator: "|") { choices += readings(String(alternative), at: value) }
            if isOptional { choices.append([]) }
            sequences = sequences.flatMap { sequence in choices.map { sequence + $0 } }
            if sequences.count > Self.mostPhrases {
                value.error("`\(text)` stands for too many phrases", remedy: "Split it, or write a pattern instead")
                return []
            }
        }
        return sequences.filter { !$0.isEmpty }
    }

    /// The word sequences of one alternative: a class, an inflected word or a plain word with its contraction undone.
    private func readings(_ text: String, at value: YAMLValue) -> [[String]] {
        if text.first == "<" {
            if text == Vocabulary.number || text == Vocabulary.dose { return [[text]] }
            let name = String(text.dropFirst().prefix { $0 != ">" })
            if let known = classPhrases[name] { return known }
            value.error(
                "there is no word class `\(name)`",
                remedy: nearest(to: name, among: classPhrases.keys).map { "Did you mean `<\($0)>`" }
                    ?? "Define it under `classes:`"
            )
            return []
        }
        if text.last == "~" { return Inflection.forms(of: folded(String(text.dropLast()))).map { [$0] } }
        if text.last == "*" { return [[folded(String(text.dropLast())) + "*"]] }
        let tokens = Tokenizer.tokenize(text).tokens
        if tokens.isEmpty {
            value.error("`\(text)` holds no word", remedy: "Write a word, a class or a gap")
            return []
        }
        return [
            tokens.flatMap { token -> [String] in
                if let words = token.apostrophized.flatMap({ vocabulary.expansion($0) }) { return words }
                if let words = vocabulary.expansion(token.text), words.count > 1 { return words }
                return [token.text]
            }
        ]
    }

    private func folded(_ text: String) -> String { Tokenizer.tokenize(text).tokens.map(\.text).joined() }

    /// The symbol of an alternative of a pattern.
    private mutating func symbol(_ text: String, at value: YAMLValue) -> Symbol? {
        if text.first == "<", text != Vocabulary.number, text != Vocabulary.dose {
            let name = String(text.dropFirst().prefix { $0 != ">" })
            if let symbol = classSymbols[name] { return symbol }
        }
        if let symbol = wordSymbols[text] { return symbol }
        let sequences =
            text.contains("_") ? phrases(text.replacing("_", with: " "), at: value) : readings(text, at: value)
        guard !sequences.isEmpty else { return nil }
        let symbol = newSymbol()
        wordSymbols[text] = symbol
        for sequence in sequences { phrases.insert(sequence.map { vocabulary.intern($0) }, symbol: symbol) }
        return symbol
    }

    /// The step sequences that one written pattern stands for; none when it was reported as faulty.
    mutating func compile(_ value: YAMLValue) -> [[Pattern.Step]] {
        guard let text = value.string, !text.allSatisfy(\.isWhitespace) else {
            value.error("the pattern is empty", remedy: "Write at least one word or class")
            return []
        }
        return alternatives(of: text, at: value).compactMap { compile(words: $0, at: value) }
    }

    /// Multiplies out the groups in parentheses whose alternatives hold gaps or conditions. A group of plain words and
    /// phrases stays one step: its alternatives joined by `|`, the words of a phrase by `_`.
    private func alternatives(of text: String, at value: YAMLValue) -> [[String]] {
        var rest = Substring(text)
        let sequences = sequence(&rest)
        if !rest.isEmpty || text.count(where: { $0 == "(" }) != text.count(where: { $0 == ")" }) {
            value.error("the parentheses do not match", remedy: "Close each `(` with a `)`")
        }
        return sequences
    }

    /// Reads up to a `|` between words of a group, a `)` or the end.
    private func sequence(_ rest: inout Substring) -> [[String]] {
        var results: [[String]] = [[]]
        while let first = rest.first, first != ")", first != "|" {
            if first == " " {
                rest.removeFirst()
            } else if first == "(" {
                let steps = group(&rest)
                results = results.flatMap { result in steps.map { result + $0 } }
            } else {
                // Inside a group `|` parts phrases; elsewhere it is read with its word below.
                let word = rest.prefix { $0 != " " && $0 != "(" && $0 != ")" && ($0 != "|" || !isInGroup) }
                results = results.map { $0 + [String(word)] }
                rest = rest[word.endIndex...]
            }
        }
        return results
    }

    private func group(_ rest: inout Substring) -> [[String]] {
        rest.removeFirst()
        var inner = self
        inner.isInGroup = true
        var options = inner.sequence(&rest)
        while rest.first == "|" {
            rest.removeFirst()
            options += inner.sequence(&rest)
        }
        if rest.first == ")" { rest.removeFirst() }
        let isOptional = rest.first == "?"
        if isOptional { rest.removeFirst() }
        options.removeAll(where: \.isEmpty)
        // A group inside a group only multiplies the phrases of the outer one.
        if isInGroup { return options + (isOptional ? [[]] : []) }
        let isPlain = options.allSatisfy {
            $0.allSatisfy { word in
                !word.hasPrefix("..") && word.last != "?" && !(word.first.map { "&!^$".contains($0) } ?? true)
            }
        }
        if isPlain {
            return [[options.map { $0.joined(separator: "_") }.joined(separator: "|") + (isOptional ? "?" : "")]]
        }
        return options + (isOptional ? [[]] : [])
    }

    private mutating func compile(words: [String], at value: YAMLValue) -> [Pattern.Step]? {
        var steps: [Pattern.Step] = []
        var firstIsOpen = true
        for word in words {
            if word == "^" { steps.append(.sentenceStart); continue }
            if word == "$" { steps.append(.sentenceEnd); continue }
            if word.hasPrefix("..") {
                if steps.isEmpty || firstIsOpen {
                    value.error(
                        "a pattern cannot begin with a gap or only optional words",
                        remedy: "Begin with a word or class"
                    )
                    return nil
                }
                steps.append(.gap(word == "..." ? 4 : Int(word.dropFirst(2)) ?? 4))
                continue
            }
            var body = word
            let sign = body.first
            if sign == "&" || sign == "!" { body.removeFirst() }
            let isOptional = body.last == "?" && body.count > 1
            if isOptional { body.removeLast() }
            var symbols: [Symbol] = []
            for alternative in body.split(separator: "|") {
                guard let symbol = symbol(String(alternative), at: value) else { return nil }
                symbols.append(symbol)
            }
            let set = SymbolSet(symbols)
            switch sign {
            case "&": steps.append(.ahead(set))
            case "!": steps.append(.notAhead(set))
            default:
                if !isOptional { firstIsOpen = false }
                steps.append(isOptional ? .optional(set) : .one(set))
            }
        }
        if firstIsOpen {
            value.error("the pattern has no word that must be there", remedy: "Make one of its words not optional")
            return nil
        }
        return steps
    }
}
