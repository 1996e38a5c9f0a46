/// The Porter2 ("English") stemmer of the Snowball project, by Martin Porter.
///
/// Works on folded words of `a`–`z` (see ``Folding``), so the steps about apostrophes have nothing to do here: they are
/// undone by the ``Tokenizer``. Follows snowballstem.org/algorithms/english/stemmer.html as of Snowball 3.
struct EnglishStemmer {
    static func stem(_ word: ArraySlice<UInt8>) -> [UInt8] {
        guard word.count > 2 else { return Array(word) }
        if let special = exceptions[word] { return special }
        var stemmer = EnglishStemmer(word)
        stemmer.removePlural()
        guard !invariantAfterPlural.contains(ArraySlice(stemmer.word)) else { return stemmer.result }
        stemmer.removePastAndGerund()
        stemmer.replaceFinalY()
        stemmer.replace(Self.step2)
        stemmer.replace(Self.step3)
        stemmer.removeSuffix()
        stemmer.removeFinalLetter()
        return stemmer.result
    }

    // MARK: - The word and its regions

    private var word: [UInt8]
    /// Where the regions R1 and R2 begin.
    private let r1: Int
    private let r2: Int

    private init(_ original: ArraySlice<UInt8>) {
        var word = Array(original)
        // A y that stands for a consonant is written Y.
        for index in word.indices where word[index] == y && (index == 0 || Self.isVowel(word[index - 1])) {
            word[index] = consonantY
        }
        let prefix = Self.longPrefixes.first { word.starts(with: $0) }
        self.word = word
        r1 = prefix?.count ?? Self.region(word, from: 0)
        r2 = Self.region(word, from: r1)
    }

    private var result: [UInt8] { word.map { $0 == consonantY ? y : $0 } }

    /// What follows the first consonant after a vowel.
    private static func region(_ word: [UInt8], from start: Int) -> Int {
        var index = start + 1
        while index < word.count {
            if !isVowel(word[index]), isVowel(word[index - 1]) { return index + 1 }
            index += 1
        }
        return word.count
    }

    private static func isVowel(_ letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"), y: true
        default: false
        }
    }

    private func ends(_ suffix: [UInt8]) -> Bool {
        word.count >= suffix.count && word[(word.count - suffix.count)...].elementsEqual(suffix)
    }

    private func inR1(_ suffix: [UInt8]) -> Bool { word.count - suffix.count >= r1 }
    private func inR2(_ suffix: [UInt8]) -> Bool { word.count - suffix.count >= r2 }
    private func hasVowel(before end: Int) -> Bool { word[..<max(0, end)].contains(where: Self.isVowel) }

    /// Whether `word[..<end]` ends in a short syllable.
    private func hasShortSyllable(at end: Int) -> Bool {
        if end == 2 { return Self.isVowel(word[0]) && !Self.isVowel(word[1]) }
        guard end >= 3 else { return false }
        let last = word[end - 1]
        guard !Self.isVowel(last), last != UInt8(ascii: "w"), last != UInt8(ascii: "x"), last != consonantY else {
            return false
        }
        return Self.isVowel(word[end - 2]) && !Self.isVowel(word[end - 3])
    }

    // MARK: - Steps

    private mutating func removePlural() {
        if ends(Suffix.sses) {
            word.removeLast(2)
        } else if ends(Suffix.ied) || ends(Suffix.ies) {
            word.removeLast(word.count > 4 ? 2 : 1)
        } else if ends(Suffix.us) || ends(Suffix.ss) {
            return
        } else if word.last == UInt8(ascii: "s"), hasVowel(before: word.count - 2) {
            word.removeLast()
        }
    }

    private mutating func removePastAndGerund() {
        for suffix in [Suffix.eedly, Suffix.eed] where ends(suffix) {
            if inR1(suffix) { word.removeLast(suffix.count - 2) }
            return
        }
        guard let suffix = [Suffix.ingly, Suffix.edly, Suffix.ing, Suffix.ed].first(where: ends),
            hasVowel(before: word.count - suffix.count)
        else { return }
        word.removeLast(suffix.count)
        if ends(Suffix.at) || ends(Suffix.bl) || ends(Suffix.iz) {
            word.append(UInt8(ascii: "e"))
        } else if let last = word.last, word.count >= 2, word[word.count - 2] == last, Self.doubles.contains(last) {
            // "add", "egg" and "off" keep their two letters.
            if word.count != 3 || ![UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "o")].contains(word[0]) {
                word.removeLast()
            }
        } else if r1 >= word.count, hasShortSyllable(at: word.count) {
            word.append(UInt8(ascii: "e"))
        }
    }

    private mutating func replaceFinalY() {
        guard word.count > 2, let last = word.last, last == y || last == consonantY,
            !Self.isVowel(word[word.count - 2])
        else { return }
        word[word.count - 1] = UInt8(ascii: "i")
    }

    /// Replaces the longest ending of `rules` that the word has, if it lies in R1 and its condition holds.
    private mutating func replace(_ rules: [Rule]) {
        guard let rule = rules.first(where: { ends($0.suffix) }), inR1(rule.suffix) else { return }
        let before = word.count > rule.suffix.count ? word[word.count - rule.suffix.count - 1] : 0
        switch rule.condition {
        case .always: break
        case .afterL: guard before == UInt8(ascii: "l") else { return }
        case .afterLiEnding: guard Self.liEndings.contains(before) else { return }
        case .inR2: guard inR2(rule.suffix) else { return }
        }
        word.removeLast(rule.suffix.count)
        word.append(contentsOf: rule.replacement)
    }

    private mutating func removeSuffix() {
        guard let suffix = Self.step4.first(where: ends), inR2(suffix) else { return }
        if suffix == Suffix.ion {
            guard word.count > 3, [UInt8(ascii: "s"), UInt8(ascii: "t")].contains(word[word.count - 4]) else { return }
        }
        word.removeLast(suffix.count)
    }

    private mutating func removeFinalLetter() {
        guard let last = word.last else { return }
        let isInR2 = word.count - 1 >= r2
        if last == UInt8(ascii: "e") {
            let isInR1 = word.count - 1 >= r1
            if isInR2 || isInR1 && !hasShortSyllable(at: word.count - 1) { word.removeLast() }
        } else if last == UInt8(ascii: "l"), isInR2, word.count > 1, word[word.count - 2] == UInt8(ascii: "l") {
            word.removeLast()
        }
    }
}

// MARK: - Tables

private let y = UInt8(ascii: "y")
private let consonantY = UInt8(ascii: "Y")

private enum Suffix {
    static let sses = Array("sses".utf8)
    static let ied = Array("ied".utf8)
    static let ies = Array("ies".utf8)
    static let us = Array("us".utf8)
    static let ss = Array("ss".utf8)
    static let eed = Array("eed".utf8)
    static let eedly = Array("eedly".utf8)
    static let ed = Array("ed".utf8)
    static let edly = Array("edly".utf8)
    static let ing = Array("ing".utf8)
    static let ingly = Array("ingly".utf8)
    static let at = Array("at".utf8)
    static let bl = Array("bl".utf8)
    static let iz = Array("iz".utf8)
    static let ion = Array("ion".utf8)
}

private struct Rule {
    enum Condition { case always, afterL, afterLiEnding, inR2 }
    let suffix: [UInt8]
    let replacement: [UInt8]
    let condition: Condition

    init(_ suffix: String, _ replacement: String, _ condition: Condition = .always) {
        self.suffix = Array(suffix.utf8)
        self.replacement = Array(replacement.utf8)
        self.condition = condition
    }
}

extension EnglishStemmer {
    private static let doubles = Set("bdfgmnprt".utf8)
    private static let liEndings = Set("cdeghkmnrt".utf8)
    /// Prefixes after which R1 begins at once.
    private static let longPrefixes = [
        "gener", "commun", "arsen", "past", "univers", "later", "emerg", "organ", "inter",
    ].map { Array($0.utf8) }

    /// Longest endings first.
    private static let step2 = [
        Rule("ational", "ate"), Rule("fulness", "ful"), Rule("iveness", "ive"), Rule("ization", "ize"),
        Rule("ousness", "ous"), Rule("biliti", "ble"), Rule("lessli", "less"), Rule("tional", "tion"),
        Rule("alism", "al"), Rule("aliti", "al"), Rule("ation", "ate"), Rule("entli", "ent"), Rule("fulli", "ful"),
        Rule("iviti", "ive"), Rule("ousli", "ous"), Rule("abli", "able"), Rule("alli", "al"), Rule("anci", "ance"),
        Rule("ator", "ate"), Rule("enci", "ence"), Rule("izer", "ize"), Rule("bli", "ble"), Rule("ogi", "og", .afterL),
        Rule("li", "", .afterLiEnding),
    ]

    private static let step3 = [
        Rule("ational", "ate"), Rule("tional", "tion"), Rule("alize", "al"), Rule("ative", "", .inR2),
        Rule("icate", "ic"), Rule("iciti", "ic"), Rule("ical", "ic"), Rule("ness", ""), Rule("ful", ""),
    ]

    private static let step4 = [
        "ement", "able", "ance", "ence", "ible", "ment", "ant", "ate", "ent", "ion", "ism", "iti", "ive", "ize", "ous",
        "al", "er", "ic",
    ].map { Array($0.utf8) }

    private static let exceptions: [ArraySlice<UInt8>: [UInt8]] = {
        let table = [
            "skis": "ski", "skies": "sky", "dying": "die", "lying": "lie", "tying": "tie", "idly": "idl",
            "gently": "gentl", "ugly": "ugli", "early": "earli", "only": "onli", "singly": "singl", "sky": "sky",
            "news": "news", "howe": "howe", "atlas": "atlas", "cosmos": "cosmos", "bias": "bias", "andes": "andes",
        ]
        return table.reduce(into: [:]) { $0[ArraySlice(Array($1.key.utf8))] = Array($1.value.utf8) }
    }()

    private static let invariantAfterPlural: Set<ArraySlice<UInt8>> = Set(
        ["inning", "outing", "canning", "herring", "earring", "evening", "proceed", "exceed", "succeed"]
            .map { ArraySlice(Array($0.utf8)) }
    )
}
