import HTTPTypes
import Portal
import Records
import Store

/// What a client may know of what happens to their record and their account, and the accounting that staff keep for it.
struct AccessLogAPI: Sendable {
    let portal: Portal

    var endpoints: [Endpoint] { own + staff }

    private var own: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/privacy/access-log",
                "Who has seen my record",
                requirements: ["SEC-05"],
                access: .account
            )
            .touches(.audit, .read)
            .query(PageQuery.self)
            .returns(Listing<AccessLogDocument>.self) { call in
                let page = call.page
                let entries = try await portal.oversight.accessLog.entries(
                    of: call.caller.client(),
                    before: try page.after?.number,
                    limit: page.fetchLimit,
                    as: call.principal
                )
                return Listing(
                    entries,
                    page: page,
                    cursor: { Cursor($0.number) },
                    item: { AccessLogDocument($0, words: AuditWords(language: call.language)) }
                )
            },
            Route(
                .get,
                "/api/v1/portal/privacy/disclosures",
                "What of my record went to somebody outside the practice",
                requirements: ["SEC-05"],
                access: .account
            )
            .touches(.chart, .read)
            .returns(Listing<DisclosureDocument>.self) { call in
                Listing(
                    items: try await portal.oversight.disclosures.accounting(
                        of: call.caller.client(),
                        as: call.principal
                    ).map(DisclosureDocument.init)
                )
            },
            Route(
                .get,
                "/api/v1/portal/activity",
                "What happened to my account",
                requirements: ["ACC-54", "SEC-05", "SEC-06"],
                access: .account
            )
            .touchesNoRecord("One\'s own account")
            .query(PageQuery.self)
            .returns(Listing<ActivityDocument>.self) { call in
                let page = call.page
                let rows = try await portal.oversight.activity.rows(
                    of: call.principal,
                    before: try page.after?.number,
                    limit: page.fetchLimit
                )
                return Listing(
                    rows,
                    page: page,
                    cursor: { Cursor($0.seq) },
                    item: { ActivityDocument($0, words: AuditWords(language: call.language)) }
                )
            },
        ]
    }

    private var staff: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/clients/{client}/disclosures",
                "What of a client's record went to somebody outside the practice",
                requirements: ["SEC-05"],
                access: .staff
            )
            .touches(.chart, .read)
            .returns(Listing<DisclosureDocument>.self) { call in
                Listing(
                    items: try await portal.oversight.disclosures.accounting(of: call.id("client"), as: call.principal)
                        .map(DisclosureDocument.init)
                )
            },
            Route(
                .post,
                "/api/v1/clients/{client}/disclosures",
                "Put on record what went to somebody outside the practice",
                requirements: ["SEC-04", "SEC-05"],
                access: .staff
            )
            .touches(.chart, .create)
            .body(DisclosureRequest.self)
            .returns(DisclosureDocument.self, status: .created) { call in
                DisclosureDocument(
                    try await portal.oversight.disclosures.record(
                        call.body.draft,
                        of: call.id("client"),
                        as: call.principal
                    )
                )
            },
        ]
    }
}

struct DisclosureRequest: Codable, Sendable, FieldsDescribed {
    let disclosedOn: String
    let basis: Disclosure.Basis
    let recipient: String
    let address: String?
    let description: String
    let purpose: String

    static let fieldDescriptions = [
        "disclosed_on": "The day, as yyyy-MM-dd.", "recipient": "Name of the person or body that received it.",
        "address": "Where it is known.", "description": "What was disclosed, in a few words.",
        "purpose": "Why, in a few words, or by which request.",
    ]

    var draft: DisclosureService.Draft {
        .init(
            disclosedOn: disclosedOn,
            basis: basis,
            recipient: recipient,
            address: address,
            description: description,
            purpose: purpose
        )
    }
}

struct DisclosureDocument: Codable, Sendable {
    let id: ID<Disclosure>
    let disclosedOn: String
    let basis: Disclosure.Basis
    let recipient: String
    let address: String?
    let description: String
    let purpose: String

    init(_ disclosure: Disclosure) {
        id = disclosure.id
        disclosedOn = disclosure.disclosedOn
        basis = disclosure.basis
        recipient = disclosure.recipient.plaintext
        address = disclosure.address?.plaintext
        description = disclosure.description.plaintext
        purpose = disclosure.purpose.plaintext
    }
}

/// A person, a part of the record and a day.
struct AccessLogDocument: Codable, Sendable, FieldsDescribed {
    enum Who: String, Codable, Sendable, CaseIterable {
        case you = "YOU", staff = "STAFF", account = "ACCOUNT"
    }

    let who: Who
    let name: String?
    let role: String?
    let area: String
    let deed: String
    let purpose: String?
    let firstAt: Timestamp
    let lastAt: Timestamp
    let times: Int

    static let fieldDescriptions = [
        "who": "`ACCOUNT` is somebody else who signs in for the same client.",
        "role": "In the reader's language, as area, deed and purpose are.",
        "times": "How often on that day, from `first_at` to `last_at`.",
    ]

    init(_ entry: RecordAccessLog.Entry, words: AuditWords) {
        switch entry.person {
        case .you: (who, name, role) = (.you, nil, nil)
        case .staff(let staff, let position): (who, name, role) = (.staff, staff, position.map(words.role))
        case .account(let account): (who, name, role) = (.account, account, nil)
        }
        area = words.area(of: entry.action)
        deed = words.deed(of: entry.action)
        purpose = entry.purpose.map(words.purpose)
        firstAt = entry.first
        lastAt = entry.last
        times = entry.times
    }
}

/// Something that happened to one's account.
struct ActivityDocument: Codable, Sendable, FieldsDescribed {
    let at: Timestamp
    let action: String
    let description: String
    let outcome: String
    let ip: String?

    static let fieldDescriptions = [
        "action": "A code, such as SESSION.START.", "ip": "Where it came from, as far as that is known.",
    ]

    init(_ row: AuditRow, words: AuditWords) {
        at = row.at
        action = row.action
        description = words.event(row.action, outcome: row.outcome)
        outcome = row.outcome
        // Where a member of staff sits is no business of the account's.
        ip = row.actorKind == "ACCOUNT" || row.action.hasPrefix("SESSION.") ? row.ip : nil
    }
}
