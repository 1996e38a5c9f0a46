import Foundation
public import Records
import Store

/// Everybody's own preferences, client or staff.
public struct PreferenceService: Sendable {
    private let database: Database
    private let audit: AuditLog
    private let surroundings: Surroundings

    init(database: Database, audit: AuditLog, surroundings: Surroundings) {
        self.database = database
        self.audit = audit
        self.surroundings = surroundings
    }

    /// What is to be changed; what is nil stays.
    public struct Edit: Sendable, Hashable {
        public var language: String?
        public var timeZone: String?
        public var contrast: Preferences.Contrast?
        public var fontSize: Preferences.FontSize?
        public var reducedMotion: Bool?
        /// `.some(nil)` turns them off.
        public var quietHours: QuietHours??
        public var choices: [Preferences.Choice]

        public init(
            language: String? = nil,
            timeZone: String? = nil,
            contrast: Preferences.Contrast? = nil,
            fontSize: Preferences.FontSize? = nil,
            reducedMotion: Bool? = nil,
            quietHours: QuietHours?? = nil,
            choices: [Preferences.Choice] = []
        ) {
            self.language = language
            self.timeZone = timeZone
            self.contrast = contrast
            self.fontSize = fontSize
            self.reducedMotion = reducedMotion
            self.quietHours = quietHours
            self.choices = choices
        }
    }

    public func preferences(of principal: Principal) async throws -> Preferences {
        try await database.read { transaction in try read(principal, in: transaction) }
    }

    /// Changes what is given and returns the preferences as they are then. Throws
    /// ``Refusal/invalid(pointer:message:remedy:)`` for a language or time zone that is none, and `StaleRecord` when `rev` is
    /// given and is not the preferences' any more.
    public func update(_ edit: Edit, rev: Int? = nil, of principal: Principal) async throws -> Preferences {
        try check(edit)
        return try await database.write { transaction in
            let current = try record(principal, in: transaction)?.rev ?? 0
            if let rev, rev != current { throw StaleRecord(rev: current) }
            try write(edit, of: principal, in: transaction)
            try audit.append(
                AuditEntry(
                    principal: principal,
                    clientID: principal.ownClientID,
                    action: "PREFERENCES.CHANGE",
                    entity: "preferences",
                    outcome: .ok
                ),
                at: surroundings.now(),
                in: transaction
            )
            return try read(principal, in: transaction)
        }
    }

    func check(_ edit: Edit) throws(Refusal) {
        if let language = edit.language, !MailWording.languages.contains(language) {
            throw .invalid(
                pointer: "/language",
                message: "should be a language of the portal",
                remedy: "Choose one of: \(MailWording.languages.joined(separator: ", "))"
            )
        }
        if let zone = edit.timeZone, !Self.isTimeZone(zone) {
            throw .invalid(
                pointer: "/time_zone",
                message: "should be the name of a time zone",
                remedy: "Write it like America/Chicago"
            )
        }
    }

    /// Whether `name` is of the IANA data base: an area and a place, or UTC. Offsets such as `GMT+3` know no summer time.
    static func isTimeZone(_ name: String) -> Bool {
        let isPlain = name.utf8.allSatisfy { byte in
            (65...90).contains(byte) || (97...122).contains(byte) || (48...57).contains(byte)
                || "/_+-".utf8.contains(byte)
        }
        return name == "UTC"
            || isPlain && name.contains("/") && name.utf8.count <= 64 && TimeZone(identifier: name) != nil
    }

    // MARK: - Rows

    private func condition(_ principal: Principal) throws -> SQL {
        switch principal.identity {
        case .account(let id, _): "account_id = \(id)"
        case .staff(let id, _): "user_id = \(id)"
        case .system: throw AccessDenied()
        }
    }

    private func record(_ principal: Principal, in transaction: Transaction) throws -> PreferencesRecord? {
        try transaction.fetchOne(
            PreferencesRecord.self,
            "SELECT * FROM preferences WHERE \(try condition(principal))"
        )
    }

    private func read(_ principal: Principal, in transaction: Transaction) throws -> Preferences {
        let own = try condition(principal)
        let record = try record(principal, in: transaction)
        let defaults = try transaction.row(
            """
            SELECT COALESCE(a.locale, o.locale) AS language, COALESCE(c.time_zone, o.time_zone) AS time_zone
            FROM practices o
            LEFT JOIN portal_accounts a ON a.id = \(principal.accountID)
            LEFT JOIN clients c ON c.id = a.client_id
            WHERE o.id = \(principal.practiceID)
            """
        )
        let rows = try transaction.rows(
            "SELECT event_type, channel, enabled FROM notification_preferences WHERE \(own)"
        )
        var chosen: [String: Bool] = [:]
        for row in rows {
            let key = "\(try row.get("event_type", as: String.self)) \(try row.get("channel", as: String.self))"
            chosen[key] = try row.get("enabled")
        }
        let choices = NotificationKind.allCases.flatMap { kind in
            DeliveryChannel.allCases.map { channel in
                Preferences.Choice(
                    kind: kind,
                    channel: channel,
                    isOn: chosen["\(kind.rawValue) \(channel.rawValue)"] ?? channel.isOnUnlessChosen
                )
            }
        }
        return Preferences(
            language: try record?.language ?? defaults?.get("language") ?? "en",
            timeZone: try record?.timeZone ?? defaults?.get("time_zone") ?? "UTC",
            contrast: record?.contrast ?? .system,
            fontSize: record?.fontSize ?? .standard,
            reducedMotion: record?.reducedMotion ?? false,
            quietHours: record.flatMap { record in
                record.quietFrom.flatMap { from in record.quietTo.flatMap { QuietHours(from: from, to: $0) } }
            },
            choices: choices,
            rev: record?.rev ?? 0
        )
    }

    /// In a transaction of something larger, which audits it.
    func write(_ edit: Edit, of principal: Principal, in transaction: Transaction) throws {
        let now = surroundings.now()
        let known = try record(principal, in: transaction)
        var record =
            known
            ?? PreferencesRecord(
                id: surroundings.newID(),
                accountID: principal.accountID,
                userID: principal.staffID,
                contrast: .system,
                fontSize: .standard,
                reducedMotion: false,
                rev: 0,
                createdAt: now,
                updatedAt: now
            )
        if let language = edit.language {
            if let account = principal.accountID {
                // Everything that speaks to an account asks the account for its language.
                try transaction.execute(
                    "UPDATE portal_accounts SET locale = \(language), updated_at = \(now) WHERE id = \(account)"
                )
            } else {
                record.language = language
            }
        }
        record.timeZone = edit.timeZone ?? record.timeZone
        record.contrast = edit.contrast ?? record.contrast
        record.fontSize = edit.fontSize ?? record.fontSize
        record.reducedMotion = edit.reducedMotion ?? record.reducedMotion
        if let hours = edit.quietHours {
            record.quietFrom = hours?.from
            record.quietTo = hours?.to
        }
        record.rev += 1
        record.updatedAt = now
        if known == nil {
            try transaction.insert(record, into: PreferencesRecord.table)
        } else {
            try transaction.update(record, in: PreferencesRecord.table, where: "id = \(record.id)")
        }
        for choice in edit.choices { try write(choice, of: principal, at: now, in: transaction) }
    }

    private func write(
        _ choice: Preferences.Choice,
        of principal: Principal,
        at now: Timestamp,
        in transaction: Transaction
    )
        throws
    {
        let own = try condition(principal)
        let changed = try transaction.execute(
            """
            UPDATE notification_preferences SET enabled = \(choice.isOn), updated_at = \(now)
            WHERE \(own) AND event_type = \(choice.kind.rawValue) AND channel = \(choice.channel.rawValue)
            """
        )
        guard changed == 0 else { return }
        try transaction.execute(
            """
            INSERT INTO notification_preferences
                (id, account_id, user_id, event_type, channel, enabled, created_at, updated_at)
            VALUES (\(surroundings.newID(PreferencesRecord.self)), \(principal.accountID), \(principal.staffID),
                    \(choice.kind.rawValue), \(choice.channel.rawValue), \(choice.isOn), \(now), \(now))
            """
        )
    }
}

extension Principal {
    /// The client that an account is of.
    fileprivate var ownClientID: ID<Client>? {
        if case .account(_, let client) = identity { client } else { nil }
    }
}
