/// Written words and the terms they stand for.
///
/// A term is what is indexed: the stem of a word, a word of little weight as it is, or a sense of the ``Lexicon`` (written
/// `~sense`). Every distinct written word is stemmed once.
struct Vocabulary: Sendable {
    let language: Language
    private(set) var words = WordTable(minimumCapacity: 4096)
    private(set) var terms = WordTable(minimumCapacity: 4096)
    private var termOfWord: [Int32] = []
    /// How often each written word was added.
    private(set) var uses: [Int32] = []
    /// Weight of each term, 0…1.
    private(set) var weights: [Float] = []
    private let wordWeights: [[UInt8]: Float]

    init(language: Language, wordWeights: [String: Double]) {
        self.language = language
        self.wordWeights = wordWeights.reduce(into: [:]) { $0[Array($1.key.utf8)] = Float($1.value) }
    }

    /// The term of a written word that is new or known.
    mutating func add(_ bytes: [UInt8], _ range: Range<Int>) -> Int {
        let (word, isNew) = words.insert(bytes, range)
        if isNew {
            let (form, weight) = form(of: bytes[range])
            termOfWord.append(Int32(truncatingIfNeeded: addTerm(form, weight: weight)))
            uses.append(0)
        }
        uses[word] &+= 1
        return Int(termOfWord[word])
    }

    /// The term for a sense of the lexicon.
    mutating func addSense(_ sense: String) -> Int { addTerm(Array("~\(sense)".utf8), weight: 1) }

    private mutating func addTerm(_ form: [UInt8], weight: Float) -> Int {
        let (term, isNew) = terms.insert(form)
        if isNew { weights.append(weight) }
        return term
    }

    /// What a written word is indexed as, and its weight.
    func form(of word: ArraySlice<UInt8>) -> (form: [UInt8], weight: Float) {
        let written = Array(word)
        if let weight = wordWeights[written] { return (written, weight) }
        let stem = language.stem(word)
        return (stem, wordWeights[stem] ?? 1)
    }

    /// The term of a written word, without adding anything; nil when nothing like it was ever added.
    func term(of bytes: [UInt8], _ range: Range<Int>) -> Int? {
        if let word = words.find(bytes, range) { return Int(termOfWord[word]) }
        return terms.find(form(of: bytes[range]).form)
    }

    func term(ofWord word: Int) -> Int { Int(termOfWord[word]) }
}
