import Portal
import Records
import Store

struct PostalAddressDocument: Codable, Sendable, FieldsDescribed {
    let line1: String
    let line2: String?
    let city: String
    let region: String?
    let postalCode: String?
    let country: String

    static let fieldDescriptions = ["country": "ISO 3166-1 alpha-2, such as US."]

    init(_ address: PostalAddress) {
        line1 = address.line1
        line2 = address.line2
        city = address.city
        region = address.region
        postalCode = address.postalCode
        country = address.country
    }

    var address: PostalAddress {
        PostalAddress(
            line1: line1,
            line2: line2,
            city: city,
            region: region,
            postalCode: postalCode,
            country: country
        )
    }
}

struct ProfileDocument: Codable, Sendable, FieldsDescribed {
    let clientId: ID<Client>
    let rev: Int
    let firstName: String
    let lastName: String
    let preferredName: String?
    let birthDate: String
    let email: String?
    let phone: String?
    let postalAddress: PostalAddressDocument?
    let readOnly: [String]

    static let fieldDescriptions = [
        "read_only": "Fields that the practice keeps. The date of birth and the e-mail address are never changed here."
    ]

    init(_ profile: ProfileService.Profile) {
        clientId = profile.client.id
        rev = profile.rev
        firstName = profile.client.firstName
        lastName = profile.client.lastName
        preferredName = profile.client.preferredName
        birthDate = profile.client.birthDate
        email = profile.email
        phone = profile.phone
        postalAddress = profile.postalAddress.map(PostalAddressDocument.init)
        readOnly = profile.readOnly.map(\.rawValue) + ["birth_date", "email"]
    }
}

struct ProfileRequest: Codable, Sendable, FieldsDescribed {
    let firstName: String?
    let lastName: String?
    let preferredName: String?
    let phone: String?
    let postalAddress: PostalAddressDocument?

    static let fieldDescriptions = ["phone": "Empty to take it away.", "preferred_name": "Empty to take it away."]

    var edit: ProfileService.Edit {
        ProfileService.Edit(
            firstName: firstName,
            lastName: lastName,
            preferredName: preferredName,
            phone: phone,
            postalAddress: postalAddress?.address
        )
    }
}

struct RestrictionRequest: Codable, Sendable, FieldsDescribed {
    let channel: CommunicationRestriction.Channel
    let address: String?

    static let fieldDescriptions = ["address": "The channel altogether unless given."]
}

struct RestrictionDocument: Codable, Sendable {
    let id: ID<CommunicationRestriction>
    let channel: CommunicationRestriction.Channel
    let address: String?

    init(_ restriction: CommunicationRestriction) {
        id = restriction.id
        channel = restriction.channel
        address = restriction.address?.plaintext
    }
}

struct ConsentRequest: Codable, Sendable, FieldsDescribed {
    let kind: Consent.Kind
    let recipient: String?
    let purpose: String?
    let areas: [DataArea]?
    let expiresAt: Timestamp?
    let textVersion: String?

    static let fieldDescriptions = [
        "recipient": "Who gets something. A release (ROI) names it, its purpose, areas and end.",
        "areas": "Parts of the record that it opens.", "text_version": "Version of the text that was agreed to.",
    ]

    var grant: ConsentService.Grant {
        ConsentService.Grant(
            kind,
            recipient: recipient,
            purpose: purpose,
            areas: areas ?? [],
            expiresAt: expiresAt,
            textVersion: textVersion
        )
    }
}

struct ConsentDocument: Codable, Sendable {
    let id: ID<Consent>
    let kind: Consent.Kind
    let state: Consent.State
    let recipient: String?
    let purpose: String?
    let areas: [DataArea]
    let textVersion: String?
    let channel: ConsentTerms.Channel?
    let grantedAt: Timestamp
    let expiresAt: Timestamp?
    let withdrawnAt: Timestamp?

    init(_ entry: ConsentService.Entry) {
        id = entry.consent.id
        kind = entry.consent.kind
        state = entry.state
        recipient = entry.terms?.recipient?.plaintext
        purpose = entry.terms?.purpose?.plaintext
        areas = entry.terms?.areas ?? []
        textVersion = entry.terms?.textVersion
        channel = entry.terms?.channel
        grantedAt = entry.consent.grantedAt
        expiresAt = entry.consent.expiresAt
        withdrawnAt = entry.consent.withdrawnAt
    }
}
