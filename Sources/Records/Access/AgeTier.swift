/// The ages between which the rules for minors change (ACC-43 to 46).
public enum AgeTier: String, Sendable, Hashable, Codable, CaseIterable {
    case under12 = "UNDER_12"
    case from12To13 = "FROM_12_TO_13"
    /// 14 falls in the more private tier.
    case from14To17 = "FROM_14_TO_17"
    case adult = "ADULT"

    public init(age: Int) {
        switch age {
        case ..<12: self = .under12
        case 12...13: self = .from12To13
        case 14...17: self = .from14To17
        default: self = .adult
        }
    }

    public var isMinor: Bool { self != .adult }
}

/// Completed years of life on a calendar day.
public enum Age {
    /// - Parameters:
    ///   - birthDate: `yyyy-MM-dd`.
    ///   - day: `yyyy-MM-dd`, the day it is in the practice's time zone.
    ///   - leapBirthdaysOnFebruary28: who was born on 29 February completes a year on 1 March where there is no 29th, as
    ///     most jurisdictions count; with this set, on 28 February.
    /// - Returns: nil for what is no day, and for a day before birth.
    public static func years(from birthDate: String, on day: String, leapBirthdaysOnFebruary28: Bool = false) -> Int? {
        guard let born = parts(birthDate), let today = parts(day) else { return nil }
        var birthday = born
        if leapBirthdaysOnFebruary28, born.month == 2, born.day == 29, !isLeap(today.year) { birthday.day = 28 }
        let hadBirthday = (today.month, today.day) >= (birthday.month, birthday.day)
        let years = today.year - born.year - (hadBirthday ? 0 : 1)
        return years >= 0 ? years : nil
    }

    private static func parts(_ text: String) -> (year: Int, month: Int, day: Int)? {
        let fields = text.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count == 3, fields[0].utf8.count == 4, fields[1].utf8.count == 2, fields[2].utf8.count == 2,
            text.utf8.allSatisfy({ $0 == 45 || (48...57).contains($0) }), let year = Int(fields[0]),
            let month = Int(fields[1]), let day = Int(fields[2]), (1...12).contains(month),
            (1...length(of: month, in: year)).contains(day)
        else { return nil }
        return (year, month, day)
    }

    private static func length(of month: Int, in year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}
