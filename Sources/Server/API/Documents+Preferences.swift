import Portal

/// Hours of the day, as people write them.
struct QuietHoursDocument: Codable, Sendable, FieldsDescribed {
    let from: String
    let to: String

    static let fieldDescriptions = [
        "from": "HH:MM in the person's own time zone.", "to": "HH:MM; the same as `from` turns them off.",
    ]

    init(_ hours: QuietHours) {
        from = Self.text(hours.from)
        to = Self.text(hours.to)
    }

    private static func text(_ minutes: Int) -> String {
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// Minutes since midnight; nil for what is no time of day.
    private static func minutes(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 5, bytes[2] == UInt8(ascii: ":") else { return nil }
        let digits = [bytes[0], bytes[1], bytes[3], bytes[4]].map { Int($0) - 48 }
        guard digits.allSatisfy((0...9).contains) else { return nil }
        let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
        return hour < 24 && minute < 60 ? hour * 60 + minute : nil
    }

    /// Nil when they are to be turned off.
    func hours() throws -> QuietHours? {
        guard let from = Self.minutes(from), let to = Self.minutes(to), let hours = QuietHours(from: from, to: to)
        else {
            throw Problem.invalid(
                .field("quiet_hours"),
                "should be two times of day",
                remedy: "Write them like 22:00 and 07:00"
            )
        }
        return from == to ? nil : hours
    }
}

struct NotificationChoiceDocument: Codable, Sendable, FieldsDescribed {
    let type: NotificationKind
    let channel: DeliveryChannel
    let enabled: Bool

    static let fieldDescriptions = [
        "enabled": "News always stands in the portal. Urgent alerts reach staff by e-mail whatever is chosen."
    ]
}

struct PreferencesDocument: Codable, Sendable {
    let rev: Int
    let language: String
    let timeZone: String
    let contrast: Preferences.Contrast
    let fontSize: Preferences.FontSize
    let reducedMotion: Bool
    let quietHours: QuietHoursDocument?
    let notifications: [NotificationChoiceDocument]

    init(_ preferences: Preferences) {
        rev = preferences.rev
        language = preferences.language
        timeZone = preferences.timeZone
        contrast = preferences.contrast
        fontSize = preferences.fontSize
        reducedMotion = preferences.reducedMotion
        quietHours = preferences.quietHours.map(QuietHoursDocument.init)
        notifications = preferences.choices.map {
            NotificationChoiceDocument(type: $0.kind, channel: $0.channel, enabled: $0.isOn)
        }
    }
}

struct PreferencesRequest: Codable, Sendable, FieldsDescribed {
    let language: String?
    let timeZone: String?
    let contrast: Preferences.Contrast?
    let fontSize: Preferences.FontSize?
    let reducedMotion: Bool?
    let quietHours: QuietHoursDocument?
    let notifications: [NotificationChoiceDocument]?

    static let fieldDescriptions = ["time_zone": "IANA name, such as America/Chicago."]

    var edit: PreferenceService.Edit {
        get throws {
            PreferenceService.Edit(
                language: language,
                timeZone: timeZone,
                contrast: contrast,
                fontSize: fontSize,
                reducedMotion: reducedMotion,
                quietHours: try quietHours.map { try $0.hours() },
                choices: (notifications ?? []).map { .init(kind: $0.type, channel: $0.channel, isOn: $0.enabled) }
            )
        }
    }
}
