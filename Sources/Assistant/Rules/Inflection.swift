/// Regular English endings, for rule files: `kill~` stands for kill, kills, killed, killing.
enum Inflection {
    static func forms(of word: String) -> [String] {
        guard let last = word.last else { return [word] }
        let vowels: Set<Character> = ["a", "e", "i", "o", "u"]
        let letters = Array(word)
        if word.hasSuffix("ie") { return [word, word + "s", word + "d", String(word.dropLast(2)) + "ying"] }
        if last == "e" { return [word, word + "s", word + "d", String(word.dropLast()) + "ing"] }
        if last == "y", letters.count > 1, !vowels.contains(letters[letters.count - 2]) {
            let stem = String(word.dropLast())
            return [word, stem + "ies", stem + "ied", word + "ing"]
        }
        let hissing = ["s", "x", "z", "ch", "sh"].contains { word.hasSuffix($0) }
        // One vowel before one final consonant doubles it: stab, stabbed; not hurt, not need.
        let doubles =
            letters.count >= 3 && letters.count <= 5 && !vowels.contains(last) && !["w", "x", "y"].contains(last)
            && vowels.contains(letters[letters.count - 2]) && !vowels.contains(letters[letters.count - 3])
        let stem = doubles ? word + String(last) : word
        return [word, word + (hissing ? "es" : "s"), stem + "ed", stem + "ing"]
    }
}
