import Foundation

/// Which passwords are accepted: NIST SP 800-63B-4, 3.1.1.2, and OWASP ASVS 5.0, 6.2.
///
/// Length and guessability count, nothing else: no composition rules, no forced change. A password that is the only factor
/// has at least 15 characters; beside a second factor 8 will do.
public struct PasswordRules: Sendable {
    /// What is wrong with a password, and what to do about it.
    public enum Fault: Sendable, Hashable {
        case tooShort(minimum: Int)
        case tooLong(maximum: Int)
        /// One of the passwords that are tried first, or one of these dressed up.
        case common
        /// Little more than the person's own names and addresses, or the practice's.
        case personal
        /// One thing over and over, or a run along the alphabet, the digits or the keyboard.
        case pattern
        /// One of the last eight.
        case usedBefore
        /// A character that no keyboard gives.
        case unusableCharacter
    }

    /// The shortest password that is the only factor, and one that a second factor stands beside.
    public static let minimumAlone = 15
    public static let minimumWithSecondFactor = 8
    public static let maximum = 256
    /// How many former passwords stay refused (ACC-14).
    public static let history = 8

    let commonPasswords: CommonPasswords

    /// Every fault but ``Fault/usedBefore``, which takes the stored hashes.
    ///
    /// - Parameter context: what others know of the person: names, addresses, the practice, the product.
    public func faults(of password: String, context: [String], hasSecondFactor: Bool) -> [Fault] {
        let text = password.precomposedStringWithCompatibilityMapping
        let minimum = hasSecondFactor ? Self.minimumWithSecondFactor : Self.minimumAlone
        if text.count < minimum { return [.tooShort(minimum: minimum)] }
        if text.count > Self.maximum { return [.tooLong(maximum: Self.maximum)] }
        if text.unicodeScalars.contains("\0") { return [.unusableCharacter] }
        let guess = GuessableText(text)
        var faults: [Fault] = []
        if guess.isPattern { faults.append(.pattern) }
        if commonPasswords.covers(guess) { faults.append(.common) }
        if guess.isMadeOf(Self.words(of: context), leaving: Self.minimumWithSecondFactor) { faults.append(.personal) }
        return faults
    }

    /// The words of names and addresses, from four letters on: shorter ones stand in too many good passwords.
    private static func words(of context: [String]) -> Set<String> {
        var words: Set<String> = []
        for text in context {
            let parts = text.lowercased().split { !$0.isLetter && !$0.isNumber }.map { GuessableText.plain(String($0)) }
            words.formUnion(parts)
            words.insert(parts.joined())
        }
        return words.filter { $0.count >= 4 }
    }
}

extension PasswordRules.Fault {
    /// A sentence that says what is wrong.
    public var message: String {
        switch self {
        case .tooShort(let minimum): "The password is shorter than \(minimum) characters."
        case .tooLong(let maximum): "The password is longer than \(maximum) characters."
        case .common: "This password is among those that are tried first."
        case .personal: "This password is little more than your own name, your address or the practice's name."
        case .pattern: "This password repeats itself or runs along the keyboard, the alphabet or the digits."
        case .usedBefore: "This is one of your last \(PasswordRules.history) passwords."
        case .unusableCharacter: "The password holds a character that cannot be typed."
        }
    }

    /// A sentence that says what to do.
    public var remedy: String {
        switch self {
        case .tooShort: "Make it longer: several words that don't belong together are easy to keep in mind."
        case .tooLong: "Leave some of it out."
        case .common, .pattern: "Choose several words that don't belong together, or let a password manager choose."
        case .personal: "Choose words that nobody connects with you."
        case .usedBefore: "Choose one that you have not used here."
        case .unusableCharacter: "Leave that character out."
        }
    }
}
