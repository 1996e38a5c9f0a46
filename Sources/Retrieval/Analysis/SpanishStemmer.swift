/// The Spanish stemmer of the Snowball project, on words without accents.
///
/// People leave accents out on a phone, so a word must have the same stem with and without them: words are folded before
/// they come here, and the suffixes are Snowball's without their accents. That makes a few endings ambiguous (`-ía` of a
/// verb, `-ia` of "farmacia"); a last step removes the `i` that such a word would keep in one form and lose in another.
struct SpanishStemmer {
    static func stem(_ word: ArraySlice<UInt8>) -> [UInt8] {
        guard word.count > 2 else { return Array(word) }
        var stemmer = SpanishStemmer(Array(word))
        stemmer.removePronoun()
        if !stemmer.removeStandardSuffix(), !stemmer.removeYVerbSuffix() { stemmer.removeVerbSuffix() }
        stemmer.removeResidue()
        return stemmer.word
    }

    // MARK: - The word and its regions

    private var word: [UInt8]
    private let rv: Int
    private let r1: Int
    private let r2: Int

    private init(_ word: [UInt8]) {
        self.word = word
        r1 = Self.region(word, from: 0)
        r2 = Self.region(word, from: r1)
        rv = Self.verbRegion(word)
    }

    private static func isVowel(_ letter: UInt8) -> Bool {
        switch letter {
        case UInt8(ascii: "a"), UInt8(ascii: "e"), UInt8(ascii: "i"), UInt8(ascii: "o"), UInt8(ascii: "u"): true
        default: false
        }
    }

    /// What follows the first consonant after a vowel.
    private static func region(_ word: [UInt8], from start: Int) -> Int {
        var index = start + 1
        while index < word.count {
            if !isVowel(word[index]), isVowel(word[index - 1]) { return index + 1 }
            index += 1
        }
        return word.count
    }

    /// Second letter a consonant: after the next vowel. First two letters vowels: after the next consonant. Else after
    /// the third letter.
    private static func verbRegion(_ word: [UInt8]) -> Int {
        guard word.count > 2 else { return word.count }
        if !isVowel(word[1]) {
            return word[2...].firstIndex(where: isVowel).map { $0 + 1 } ?? word.count
        }
        if isVowel(word[0]) {
            return word[2...].firstIndex { !isVowel($0) }.map { $0 + 1 } ?? word.count
        }
        return 3
    }

    private func ends(_ suffix: [UInt8], before end: Int? = nil) -> Bool {
        let end = end ?? word.count
        return end >= suffix.count && word[(end - suffix.count)..<end].elementsEqual(suffix)
    }

    private func longest(of suffixes: [[UInt8]], from region: Int = 0) -> [UInt8]? {
        suffixes.first { word.count - $0.count >= region && ends($0) }
    }

    private mutating func drop(_ suffix: [UInt8], from region: Int) -> Bool {
        guard ends(suffix), word.count - suffix.count >= region else { return false }
        word.removeLast(suffix.count)
        return true
    }

    // MARK: - Steps

    private mutating func removePronoun() {
        guard let pronoun = longest(of: Self.pronouns) else { return }
        let end = word.count - pronoun.count
        for verb in Self.verbsWithPronoun where ends(verb, before: end) && end - verb.count >= rv {
            word.removeLast(pronoun.count)
            return
        }
        let yendo = Array("yendo".utf8)
        if ends(yendo, before: end), end > 5, word[end - 6] == UInt8(ascii: "u"), end - 5 >= rv {
            word.removeLast(pronoun.count)
        }
    }

    private mutating func removeStandardSuffix() -> Bool {
        guard let (suffix, rule) = Self.standard.first(where: { ends($0.suffix) }) else { return false }
        let region = rule.region == .r1 ? r1 : r2
        guard word.count - suffix.count >= region else { return false }
        word.removeLast(suffix.count)
        word.append(contentsOf: rule.replacement)
        for inner in rule.then where drop(inner, from: r2) {
            if inner == Array("iv".utf8), suffix == Array("amente".utf8) { _ = drop(Array("at".utf8), from: r2) }
            break
        }
        return true
    }

    private mutating func removeYVerbSuffix() -> Bool {
        guard let suffix = longest(of: Self.yVerbs, from: rv) else { return false }
        let end = word.count - suffix.count
        guard end > 0, word[end - 1] == UInt8(ascii: "u") else { return false }
        word.removeLast(suffix.count)
        return true
    }

    private mutating func removeVerbSuffix() {
        guard let suffix = longest(of: Self.verbs, from: rv) else { return }
        word.removeLast(suffix.count)
        if Self.afterGu.contains(suffix), ends(Array("gu".utf8)) { word.removeLast() }
    }

    private mutating func removeResidue() {
        if !drop(Array("os".utf8), from: rv), let last = word.last, word.count - 1 >= rv {
            switch last {
            case UInt8(ascii: "a"), UInt8(ascii: "o"), UInt8(ascii: "i"): word.removeLast()
            case UInt8(ascii: "e"):
                word.removeLast()
                if ends(Array("gu".utf8)), word.count - 1 >= rv { word.removeLast() }
            default: break
            }
        }
        // "servicio" lost its -io as if it were a verb; "servicios" must come to the same.
        _ = drop(Array("i".utf8), from: rv)
    }
}

// MARK: - Tables

private struct StandardRule {
    enum Region { case r1, r2 }
    var region: Region = .r2
    var replacement: [UInt8] = []
    /// Removed next, the first that fits.
    var then: [[UInt8]] = []
}

private func words(_ list: String) -> [[UInt8]] {
    list.split(separator: " ").map { Array($0.utf8) }.sorted { $0.count > $1.count }
}

extension SpanishStemmer {
    private static let pronouns = words("me se sela selo selas selos la le lo las les los nos")
    private static let verbsWithPronoun = words("iendo ando ar er ir")

    private static let standard: [(suffix: [UInt8], rule: StandardRule)] = {
        let groups: [(String, StandardRule)] = [
            (
                """
                anza anzas ico ica icos icas ismo ismos able ables ible ibles ista istas oso osa osos osas \
                amiento amientos imiento imientos
                """, StandardRule()
            ),
            (
                "adora ador acion adoras adores aciones ante antes ancia ancias acion",
                StandardRule(then: words("ic"))
            ),
            ("logia logias", StandardRule(replacement: Array("log".utf8))),
            ("ucion uciones", StandardRule(replacement: Array("u".utf8))),
            ("encia encias", StandardRule(replacement: Array("ente".utf8))),
            ("amente", StandardRule(region: .r1, then: words("iv os ic ad"))),
            ("mente", StandardRule(then: words("ante able ible"))),
            ("idad idades", StandardRule(then: words("abil ic iv"))),
            ("iva ivo ivas ivos", StandardRule(then: words("at"))),
        ]
        return groups.flatMap { list, rule in words(list).map { (suffix: $0, rule: rule) } }
            .sorted { $0.suffix.count > $1.suffix.count }
    }()

    private static let yVerbs = words("ya ye yan yen yeron yendo yo yas yes yais yamos")
    private static let afterGu = words("en es eis emos")

    private static let verbs = words(
        """
        en es eis emos arian arias aran aras ariais aria areis ariamos aremos ara are erian erias eran eras eriais eria \
        ereis eriamos eremos era ere irian irias iran iras iriais iria ireis iriamos iremos ira ire aba ada ida ia iera \
        ad ed id ase iese aste iste an aban ian aran ieran asen iesen aron ieron ado ido ando iendo io ar er ir as abas \
        adas idas ias aras ieras ases ieses is ais abais iais arais ierais aseis ieseis asteis isteis ados idos amos \
        abamos iamos imos aramos ieramos iesemos asemos
        """
    )
}
