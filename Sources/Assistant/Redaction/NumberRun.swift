/// Numbers that stand next to each other, separated by no more than spaces, dashes and dots: `4111 1111 1111 1111`.
struct NumberRun {
    let groups: [NumberToken]

    var digits: String { groups.map(\.digits).joined() }
    var range: Range<Int> { (groups.first?.range.lowerBound ?? 0)..<(groups.last?.range.upperBound ?? 0) }
    var isSpelled: Bool { groups.contains(where: \.isSpelled) }

    /// Longest gap between two groups, in scalars.
    private static let longestGap = 3

    /// The runs of a text, in order.
    static func all(in text: RedactionText) -> [NumberRun] {
        var runs: [NumberRun] = []
        var groups: [NumberToken] = []
        for number in text.numbers {
            if let last = groups.last, !joins(last, number, text) {
                runs.append(NumberRun(groups: groups))
                groups = []
            }
            groups.append(number)
        }
        if !groups.isEmpty { runs.append(NumberRun(groups: groups)) }
        return runs.map(\.withTensJoined)
    }

    private static func joins(_ first: NumberToken, _ second: NumberToken, _ text: RedactionText) -> Bool {
        let gap = text.scalars[first.range.upperBound..<second.range.lowerBound]
        let isSpelled = first.isSpelled || second.isSpelled
        // "one dash two", "uno guion dos".
        let word = String(String.UnicodeScalarView(gap.filter(RedactionText.isLetter))).lowercased()
        if !word.isEmpty {
            return isSpelled && ["dash", "hyphen", "guion", "space", "then"].contains(word) && gap.count <= 10
        }
        guard gap.count <= longestGap else { return false }
        return gap.allSatisfy { scalar in
            scalar.properties.isWhitespace && scalar != "\n" || "-.‐‑‒–_".unicodeScalars.contains(scalar)
                || RedactionText.isInvisible(scalar) || isSpelled && (scalar == "," || scalar == "\n")
        }
    }

    /// "forty" "one" reads as 41.
    private var withTensJoined: NumberRun {
        guard isSpelled else { return self }
        var joined: [NumberToken] = []
        for group in groups {
            if group.isSpelled, group.digits.count == 1, group.digits != "0", let last = joined.last, last.isSpelled,
                last.digits.count == 2, last.digits.hasSuffix("0"), last.digits != "10"
            {
                joined[joined.count - 1] = NumberToken(
                    digits: last.digits.dropLast() + group.digits,
                    range: last.range.lowerBound..<group.range.upperBound,
                    isSpelled: true
                )
            } else {
                joined.append(group)
            }
        }
        return NumberRun(groups: joined)
    }
}

/// The check digit of payment card numbers (ISO/IEC 7812-1, Luhn).
func passesLuhn(_ digits: some StringProtocol) -> Bool {
    var sum = 0
    var count = 0
    for character in digits.reversed() {
        guard let value = character.wholeNumberValue else { return false }
        let weighted = count.isMultiple(of: 2) ? value : value * 2
        sum += weighted > 9 ? weighted - 9 : weighted
        count += 1
    }
    return count > 0 && sum.isMultiple(of: 10)
}
