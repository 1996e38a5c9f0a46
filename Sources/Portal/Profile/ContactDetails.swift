import Foundation
public import Records
public import Store

/// How the practice reaches a client by telephone and post. The e-mail address is the account's.
public struct ContactDetails: ClientRecord {
    public static let table: SQL.Name = "contact_details"
    public static let area = DataArea.profile

    public var id: ID<ContactDetails>
    public var clientID: ID<Client>
    public var phone: SealedText?
    /// A ``PostalAddress`` as JSON.
    public var postalAddress: SealedText?
    /// Of the whole profile: grows with every change of it.
    public var rev: Int
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    init(id: ID<ContactDetails>, clientID: ID<Client>, now: Timestamp) {
        self.id = id
        self.clientID = clientID
        rev = 0
        createdAt = now
        updatedAt = now
    }

    public var address: PostalAddress? { postalAddress.flatMap { PostalAddress(json: $0.plaintext) } }
}

/// Where a letter goes.
public struct PostalAddress: Sendable, Hashable, Codable {
    public var line1: String
    public var line2: String?
    public var city: String
    /// State, province or the like.
    public var region: String?
    public var postalCode: String?
    /// ISO 3166-1 alpha-2, such as `US`.
    public var country: String

    public init(
        line1: String,
        line2: String? = nil,
        city: String,
        region: String? = nil,
        postalCode: String? = nil,
        country: String
    ) {
        self.line1 = line1
        self.line2 = line2
        self.city = city
        self.region = region
        self.postalCode = postalCode
        self.country = country
    }

    init?(json: String) {
        guard let address = try? JSONDecoder().decode(PostalAddress.self, from: Data(json.utf8)) else { return nil }
        self = address
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }
}
