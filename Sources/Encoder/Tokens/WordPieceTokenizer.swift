/// Cuts a text into the tokens of a BERT model: words, then the longest pieces of the vocabulary that make up each word.
///
/// Gives the same ids as the Python library `tokenizers` with the same `tokenizer.json`.
struct WordPieceTokenizer {
    private let normalizer: TextNormalizer
    private let trie: TokenTrie
    /// Where pieces within a word begin: after "##".
    private let continuation: Int?
    private let unknown: Int32
    private let first: Int32
    private let last: Int32
    private let longestWord: Int
    private let literals: [(bytes: [UInt8], id: Int32)]
    /// For each byte whether a literal begins with it.
    private let literalStarts: [Bool]
    /// Most tokens of one text, `[CLS]` and `[SEP]` included.
    let longestText: Int

    init(_ file: TokenizerFile, longestText: Int) throws(EncoderError) {
        guard let trie = TokenTrie(file.vocabulary) else {
            throw .unsupported(file: TokenizerFile.file, reason: "its vocabulary has more than 8 MB")
        }
        self.trie = trie
        normalizer = TextNormalizer(file.normalization)
        continuation = trie.node(after: file.continuation)
        unknown = file.unknown
        first = file.first
        last = file.last
        longestWord = file.longestWord
        // The longest first, so that the first that fits is the one to take.
        literals = file.literals.map { (Array($0.text.utf8), $0.id) }.sorted { $0.bytes.count > $1.bytes.count }
        let starts = Set(literals.compactMap(\.bytes.first))
        literalStarts = (0...255).map { starts.contains($0) }
        self.longestText = longestText
    }

    /// The ids of the text's tokens, between `[CLS]` and `[SEP]`. What goes beyond ``longestText`` is left out, unread.
    func ids(of text: String) -> [Int32] {
        var text = text
        return text.withUTF8 { bytes in
            var pieces = Pieces(limit: longestText - 2, first: first)
            var start = 0
            for place in bytes.indices where literalStarts[Int(bytes[place])] && place >= start {
                guard !pieces.isFull else { break }
                guard let literal = literals.first(where: { bytes[place...].starts(with: $0.bytes) }) else { continue }
                read(UnsafeBufferPointer(rebasing: bytes[start..<place]), into: &pieces)
                pieces.append(literal.id)
                start = place + literal.bytes.count
            }
            read(UnsafeBufferPointer(rebasing: bytes[start...]), into: &pieces)
            return pieces.ids + [last]
        }
    }

    private struct Pieces {
        let limit: Int
        var ids: [Int32]

        init(limit: Int, first: Int32) {
            self.limit = limit + 1
            ids = [first]
        }

        var isFull: Bool { ids.count >= limit }
        mutating func append(_ id: Int32) { if !isFull { ids.append(id) } }
    }

    /// A word as it is being read.
    private struct Word {
        var bytes: [UInt8] = []
        var scalars = 0

        mutating func append(_ scalar: Unicode.Scalar) {
            scalars += 1
            if scalar.isASCII {
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                bytes.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }

        mutating func clear() {
            bytes.removeAll(keepingCapacity: true)
            scalars = 0
        }
    }

    private func read(_ bytes: UnsafeBufferPointer<UInt8>, into pieces: inout Pieces) {
        var word = Word()
        var decoder = UTF8()
        var iterator = bytes.makeIterator()
        while !pieces.isFull, case .scalarValue(let scalar) = decoder.decode(&iterator) {
            normalizer.normalize(scalar) { piece in
                switch piece {
                // One more than the longest is enough to know that it is too long.
                case .letter(let letter): if word.scalars <= longestWord { word.append(letter) }
                case .space: end(&word, &pieces)
                case .punctuation(let mark):
                    end(&word, &pieces)
                    word.append(mark)
                    end(&word, &pieces)
                }
            }
        }
        end(&word, &pieces)
    }

    private func end(_ word: inout Word, _ pieces: inout Pieces) {
        guard word.scalars > 0 else { return }
        defer { word.clear() }
        guard word.scalars <= longestWord else { return pieces.append(unknown) }
        let before = pieces.ids.count
        var start = 0
        while start < word.bytes.count {
            guard let (id, end) = longestToken(in: word.bytes, from: start) else {
                // A word of which any part is unknown is unknown as a whole.
                pieces.ids.removeLast(pieces.ids.count - before)
                return pieces.append(unknown)
            }
            pieces.append(id)
            start = end
        }
    }

    private func longestToken(in bytes: [UInt8], from start: Int) -> (id: Int32, end: Int)? {
        guard var node = start == 0 ? TokenTrie.root : continuation else { return nil }
        var found: (id: Int32, end: Int)?
        for place in start..<bytes.count {
            guard let child = trie.child(of: node, bytes[place]) else { break }
            node = child
            let id = trie.id(at: node)
            if id >= 0 { found = (id, place + 1) }
        }
        return found
    }
}
