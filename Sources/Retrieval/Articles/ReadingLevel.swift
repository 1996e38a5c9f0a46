import Foundation

/// How hard a text is to read.
enum ReadingLevel {
    /// The grade above which an English article deserves another look; articles aim at six.
    static let highest = 9.0
    /// The ease below which a Spanish article does: sixth grade ends there.
    static let lowestEase = 70.0

    /// Flesch–Kincaid grade: 0.39 × words per sentence + 11.8 × syllables per word − 15.59 (Kincaid, Fishburne, Rogers and
    /// Chissom, 1975). For English. Nil for fewer than 50 words, where it says nothing.
    static func grade(of texts: [String]) -> Double? {
        let counts = Counts(texts, syllables: { Self.syllables(Folding.fold($0).filter(Folding.isLetter)) })
        return counts.words >= fewestWords ? counts.grade : nil
    }

    /// Ease of reading by J. Fernández Huerta (“Medidas sencillas de lecturabilidad”, Consigna 214, 1959): 206.84 − 60 ×
    /// syllables per word − 1.02 × words per sentence. For Spanish; 70 to 80 is what the sixth grade reads, and less is
    /// harder. Nil for fewer than 50 words.
    static func ease(of texts: [String]) -> Double? {
        let counts = Counts(texts, syllables: Self.spanishSyllables)
        return counts.words >= fewestWords ? counts.ease : nil
    }

    private static let fewestWords = 50
    /// Shorter sentences are hard by a single word, which says little.
    private static let fewestWordsOfSentence = 8

    /// The sentence that is hardest by the same measure; nil when all are short.
    static func hardest(of texts: [String], in language: Language) -> String? {
        let sentences = texts.flatMap(Self.sentences)
        func hardness(_ sentence: String) -> Double? {
            switch language {
            case .english:
                let counts = Counts(
                    [sentence],
                    syllables: { Self.syllables(Folding.fold($0).filter(Folding.isLetter)) }
                )
                return counts.words >= fewestWordsOfSentence ? counts.grade : nil
            case .spanish:
                let counts = Counts([sentence], syllables: Self.spanishSyllables)
                return counts.words >= fewestWordsOfSentence ? -counts.ease : nil
            }
        }
        let measured = sentences.compactMap { sentence in hardness(sentence).map { (sentence, $0) } }
        return measured.max { $0.1 < $1.1 }?.0
    }

    private static func endsSentence(_ token: Substring) -> Bool {
        token.last { !"\"'”’)»".contains($0) }.map { ".?!:".contains($0) } ?? false
    }

    private static func sentences(_ text: String) -> [String] {
        var sentences: [String] = []
        var open: [Substring] = []
        for token in text.split(whereSeparator: \.isWhitespace) {
            open.append(token)
            if endsSentence(token) {
                sentences.append(open.joined(separator: " "))
                open = []
            }
        }
        return open.isEmpty ? sentences : sentences + [open.joined(separator: " ")]
    }

    /// Words, syllables and sentences of a text.
    private struct Counts {
        var words = 0
        var syllables = 0
        var sentences = 0

        init(_ texts: [String], syllables count: (Substring) -> Int) {
            for text in texts {
                var isOpen = false
                for token in text.split(whereSeparator: \.isWhitespace) {
                    if Folding.fold(token).contains(where: Folding.isLetter) {
                        words += 1
                        syllables += count(token)
                        isOpen = true
                    }
                    if isOpen, endsSentence(token) {
                        sentences += 1
                        isOpen = false
                    }
                }
                if isOpen { sentences += 1 }
            }
        }

        private var perSentence: Double { Double(words) / Double(max(1, sentences)) }
        private var perWord: Double { Double(syllables) / Double(max(1, words)) }
        var grade: Double { 0.39 * perSentence + 11.8 * perWord - 15.59 }
        var ease: Double { 206.84 - 60 * perWord - 1.02 * perSentence }
    }

    /// Syllables of a Spanish word: a vowel each, but for diphthongs. Two of a, e, o are two syllables; i or u beside another
    /// vowel belongs to it, unless it bears the accent. The u of que and gue is silent, and y is a vowel at the end.
    static func spanishSyllables(_ word: Substring) -> Int {
        enum Vowel { case strong, weak, accented }
        let letters = Array(word.lowercased().precomposedStringWithCanonicalMapping.filter(\.isLetter))
        var count = 0
        var before: Vowel?
        for (index, letter) in letters.enumerated() {
            let vowel: Vowel?
            switch letter {
            case "a", "e", "o", "á", "é", "ó": vowel = .strong
            case "í", "ú": vowel = .accented
            case "u" where index > 0 && letters[index - 1] == "q": vowel = nil
            case "u"
            where index > 0 && letters[index - 1] == "g" && index + 1 < letters.count
                && "eiéí".contains(letters[index + 1]):
                vowel = nil
            case "i", "u", "ü": vowel = .weak
            case "y" where index + 1 == letters.count: vowel = .weak
            default: vowel = nil
            }
            if let vowel {
                switch (before, vowel) {
                case (nil, _), (.strong, .strong), (.accented, .strong), (.strong, .accented), (.accented, .accented):
                    count += 1
                default: break
                }
            }
            before = vowel
        }
        return max(1, count)
    }

    /// Groups of vowels, without a silent final e.
    static func syllables(_ word: [UInt8]) -> Int {
        func isVowel(_ letter: UInt8) -> Bool { "aeiouy".utf8.contains(letter) }
        var count = 0
        var previous = false
        for letter in word {
            let vowel = isVowel(letter)
            if vowel, !previous { count += 1 }
            previous = vowel
        }
        if word.count > 2, word.last == UInt8(ascii: "e"), !isVowel(word[word.count - 2]) {
            // "table" keeps its last syllable, "time" does not.
            let isSyllabicL = word[word.count - 2] == UInt8(ascii: "l") && !isVowel(word[word.count - 3])
            if !isSyllabicL { count -= 1 }
        } else if word.count > 3, word.suffix(2).elementsEqual("ed".utf8), !"td".utf8.contains(word[word.count - 3]) {
            if !isVowel(word[word.count - 3]) { count -= 1 }
        }
        return max(1, count)
    }
}
