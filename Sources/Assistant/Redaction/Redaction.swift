/// A message without what should not be stored.
public struct Redaction: Sendable, Hashable, Codable {
    /// What was removed.
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Social security number.
        case ssn
        /// Number or security code of a payment card.
        case card
        /// Number of a bank account, or its routing number.
        case account
        /// Password, PIN or one-time code.
        case password
        /// Passport, driver's license, Medicare and similar numbers.
        case governmentID = "government_id"

        /// What stands in its place.
        var placeholder: String {
            switch self {
            case .ssn: "[SSN removed]"
            case .card: "[card number removed]"
            case .account: "[account number removed]"
            case .password: "[password removed]"
            case .governmentID: "[ID number removed]"
            }
        }
    }

    /// The message with a placeholder for each thing removed.
    public let text: String
    /// Each kind once, in the order found.
    public let found: [Kind]
}
