/// Says which numbers of a run are private, from their shape and the words before them.
struct NumberJudge {
    /// Something to remove.
    struct Finding {
        let kind: Redaction.Kind
        let range: Range<Int>
    }

    /// How far back a word gives a number its meaning, in scalars.
    private static let reach = 45

    private let text: RedactionText

    init(_ text: RedactionText) { self.text = text }

    func findings(in run: NumberRun) -> [Finding] {
        let digits = run.digits
        guard digits.count >= 3 else { return [] }
        let near = text.words(before: run.range.lowerBound, within: Self.reach)
        let topic = Self.topic(near, digits: digits)
        if let kind = labelled(run, topic, near) { return [Finding(kind: kind, range: run.range)] }
        guard topic != .reference, !isGlued(run) else { return [] }
        return unlabelled(run)
    }

    // MARK: - With a word that says what it is

    private enum Topic {
        case ssn, card, cardCode, account, governmentID, secretCode
        /// A claim, invoice, order or phone number: stays.
        case reference
    }

    private static let topics: [String: Topic] = {
        var topics: [String: Topic] = [:]
        let lists: [(Topic, String)] = [
            (.ssn, "ssn ssns ss social sociales"),
            (.card, "card cards visa mastercard amex discover debit credit tarjeta credito debito"),
            (.cardCode, "cvv cvc cvv2 cid"),
            (.account, "routing aba checking savings bank iban swift cuenta cuentas bancaria acct account"),
            (
                .governmentID,
                "passport pasaporte license licence licencia medicare medicaid itin ein dni nie curp visa's"
            ),
            (.secretCode, "pin passcode otp"),
            (
                .reference,
                "claim claims invoice invoices order confirmation reference ref ticket case authorization receipt "
                    + "statement member group policy phone cell tel call mobile fax factura reclamo pedido telefono celular "
                    + "confirmacion zip extension ext cpt npi amount total balance"
            ),
        ]
        for (topic, words) in lists { for word in words.split(separator: " ") { topics[String(word)] = topic } }
        return topics
    }()

    /// The nearest word before the number that gives it a meaning.
    private static func topic(_ near: [String], digits: String) -> Topic? {
        for (place, word) in near.enumerated().reversed() {
            guard let topic = topics[word] else { continue }
            // "security code on my card is 123".
            if topic == .card, (3...4).contains(digits.count), near.contains("code") || near.contains("codigo") {
                return .cardCode
            }
            // "credit card account number", "bank account".
            if topic == .account, word == "account" || word == "acct", near[..<place].contains("card") { return .card }
            return topic
        }
        let asksCode = near.suffix(4).contains("code") || near.suffix(4).contains("codigo")
        let isSecret = near.contains {
            ["verification", "security", "login", "one", "time", "verificacion", "seguridad"].contains($0)
        }
        return asksCode && isSecret ? .secretCode : nil
    }

    private func labelled(_ run: NumberRun, _ topic: Topic?, _ near: [String]) -> Redaction.Kind? {
        let count = run.digits.count
        switch topic {
        case .ssn where (8...10).contains(count): return .ssn
        // "the last four of my social are 6789".
        case .ssn where count == 4 && near.contains("last"): return .ssn
        case .card where (15...16).contains(count): return .card
        case .card where (13...19).contains(count) && passesLuhn(run.digits): return .card
        case .cardCode where (3...4).contains(count): return .card
        case .account where (6...17).contains(count): return .account
        case .governmentID where (6...12).contains(count): return .governmentID
        case .secretCode where (3...8).contains(count) && near.suffix(5).contains(where: Self.givers.contains):
            return .password
        default: return nil
        }
    }

    /// Words that hand a secret over: "my pin is 4821".
    private static let givers: Set<String> = [
        "is", "was", "its", "es", "era", "pin", "otp", "passcode", "code", "codigo",
    ]

    // MARK: - By shape alone

    /// Whether letters or signs touch the number, as in INV-4111 or #4111: part of a longer name.
    private func isGlued(_ run: NumberRun) -> Bool {
        let before = run.range.lowerBound - 1
        guard before >= 0 else { return false }
        let scalar = text.scalars[before]
        if scalar == "#" || RedactionText.isLetter(scalar) { return !run.isSpelled }
        return scalar == "-" && before > 0 && RedactionText.isLetter(text.scalars[before - 1])
    }

    private func unlabelled(_ run: NumberRun) -> [Finding] {
        var findings: [Finding] = []
        let groups = run.groups
        var start = 0
        while start < groups.count {
            if let (kind, end) = window(groups, from: start) {
                findings.append(
                    Finding(kind: kind, range: groups[start].range.lowerBound..<groups[end - 1].range.upperBound)
                )
                start = end
            } else {
                start += 1
            }
        }
        return findings
    }

    /// Most groups that one number is written in.
    private static let mostGroups = 19

    private func window(_ groups: [NumberToken], from start: Int) -> (Redaction.Kind, Int)? {
        var digits = ""
        var sizes: [Int] = []
        var best: (Redaction.Kind, Int)?
        for end in start..<min(groups.count, start + Self.mostGroups) {
            digits += groups[end].digits
            sizes.append(groups[end].digits.count)
            guard digits.count <= 19 else { break }
            let isSpelled = groups[start...end].contains(where: \.isSpelled)
            if Self.isCard(digits, sizes: sizes, isSpelled: isSpelled) { best = (.card, end + 1) }
            if sizes == [3, 2, 4], Self.isPossibleSSN(digits), !isSpelled { best = best ?? (.ssn, end + 1) }
            // Nine digits spelled out are hardly anything else; ten are a phone number.
            let isAlone = start == 0 && end == groups.count - 1
            if isSpelled, isAlone, digits.count == 9, Self.isPossibleSSN(digits) { best = (.ssn, end + 1) }
        }
        return best
    }

    /// Card numbers begin with 2 to 6 and are written whole, in fours, or as American Express and Diners print them.
    private static func isCard(_ digits: String, sizes: [Int], isSpelled: Bool) -> Bool {
        guard (13...19).contains(digits.count), let first = digits.first, ("2"..."6").contains(first),
            passesLuhn(digits)
        else { return false }
        if isSpelled || sizes.count == 1 || sizes == [4, 6, 5] || sizes == [4, 6, 4] { return true }
        if sizes.allSatisfy({ $0 == 1 }) { return true }
        return sizes.dropLast().allSatisfy { $0 == 4 } && (sizes.last ?? 0) <= 5 || sizes == [8, 8]
    }

    /// Numbers that were never given out have 000, 666 or 900–999 in front, or zeros in a group (Social Security
    /// Administration, since 2011).
    static func isPossibleSSN(_ digits: String) -> Bool {
        let area = digits.prefix(3)
        return digits.count == 9 && area != "000" && area != "666" && !area.hasPrefix("9")
            && digits.dropFirst(3).prefix(2) != "00"
            && digits.suffix(4) != "0000"
    }
}
