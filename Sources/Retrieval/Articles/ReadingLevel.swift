import Foundation

/// How many years of school a text asks for.
enum ReadingLevel {
    /// The grade above which an article deserves another look; articles aim at six.
    static let highest = 9.0

    /// Flesch–Kincaid grade: 0.39 × words per sentence + 11.8 × syllables per word − 15.59 (Kincaid, Fishburne, Rogers and
    /// Chissom, 1975). For English. Nil for fewer than 50 words, where it says nothing.
    static func grade(of texts: [String]) -> Double? {
        var words = 0
        var syllables = 0
        var sentences = 0
        for text in texts {
            var isOpen = false
            for token in text.split(whereSeparator: \.isWhitespace) {
                let letters = Folding.fold(token).filter(Folding.isLetter)
                if !letters.isEmpty {
                    words += 1
                    syllables += Self.syllables(letters)
                    isOpen = true
                }
                if isOpen, let last = token.last(where: { !"\"'”’)".contains($0) }), ".?!:".contains(last) {
                    sentences += 1
                    isOpen = false
                }
            }
            if isOpen { sentences += 1 }
        }
        guard words >= 50, sentences > 0 else { return nil }
        return 0.39 * Double(words) / Double(sentences) + 11.8 * Double(syllables) / Double(words) - 15.59
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
