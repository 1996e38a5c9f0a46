public import Foundation

/// When somebody of a practice is there: hours of every weekday, and days on which the practice is closed, by the wall clock
/// of the practice's time zone.
public struct PracticeHours: Sendable, Codable, Hashable {
    public enum Weekday: String, Sendable, Codable, Hashable, CaseIterable, CodingKeyRepresentable {
        case sunday = "SUN"
        case monday = "MON"
        case tuesday = "TUE"
        case wednesday = "WED"
        case thursday = "THU"
        case friday = "FRI"
        case saturday = "SAT"
    }

    /// From a time of day up to another of the same day, such as `09:00` to `12:30`; `24:00` is its end.
    public struct Opening: Sendable, Codable, Hashable {
        public var from: String
        public var until: String

        public init(from: String, until: String) {
            self.from = from
            self.until = until
        }
    }

    /// A weekday that is not named is closed.
    public var weekly: [Weekday: [Opening]]
    /// Days on which nobody is there whatever the weekday, as `yyyy-mm-dd`.
    public var closedDates: Set<String>

    public init(weekly: [Weekday: [Opening]], closedDates: Set<String> = []) {
        self.weekly = weekly
        self.closedDates = closedDates
    }

    /// Whether somebody is there at a moment.
    public enum Presence: Sendable, Hashable {
        /// Until a moment; nil when it does not end within ``horizon`` days.
        case there(until: Timestamp?)
        /// Somebody is there next at a moment; nil when nobody is within ``horizon`` days.
        case away(until: Timestamp?)
    }

    /// Days that are looked ahead.
    public static let horizon = 92

    // MARK: - Faults

    /// What is wrong with the hours: where, as a JSON pointer, and what. Empty when they can be used.
    public var faults: [(pointer: String, message: String)] {
        var faults: [(pointer: String, message: String)] = []
        for weekday in Weekday.allCases {
            var last = 0
            for (place, opening) in (weekly[weekday] ?? []).enumerated() {
                let pointer = "/weekly/\(weekday.rawValue)/\(place)"
                guard let from = Self.minutes(opening.from), let until = Self.minutes(opening.until) else {
                    faults.append((pointer, "is not a time of day such as 09:00 to another such as 17:30"))
                    continue
                }
                if from >= until { faults.append((pointer, "ends before it begins")) }
                if place > 0, from < last { faults.append((pointer, "begins before the one before it ends")) }
                last = until
            }
        }
        for day in closedDates.sorted() where Self.parts(ofDay: day) == nil {
            faults.append(("/closed_dates", "holds something that is not a day such as 2026-12-25"))
        }
        return faults
    }

    /// Minutes since midnight, 0…1440.
    private static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.count == 2 && $0.allSatisfy { $0.isASCII && $0.isNumber } }),
            let hours = Int(parts[0]), let minutes = Int(parts[1]), minutes < 60,
            hours < 24 || hours == 24 && minutes == 0
        else { return nil }
        return hours * 60 + minutes
    }

    private static func parts(ofDay text: String) -> DateComponents? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], let year = Int(parts[0]), let month = Int(parts[1]),
            let day = Int(parts[2])
        else { return nil }
        let components = DateComponents(year: year, month: month, day: day)
        return components.isValidDate(in: Calendar(identifier: .gregorian)) ? components : nil
    }

    // MARK: - A moment

    /// Whether somebody is there at `now`.
    ///
    /// By the wall clock: a time that a change to daylight-saving time skips is the first one after it, and of an hour that
    /// comes twice the first is meant where it begins and the second where it ends.
    public func presence(at now: Timestamp, in zone: TimeZone) -> Presence {
        let spans = spans(from: now, in: zone)
        guard let first = spans.first(where: { $0.end > now }) else { return .away(until: nil) }
        guard first.start <= now else { return .away(until: first.start) }
        // Until midnight and from midnight on is one.
        var end = first.end
        for span in spans where span.start <= end && span.end > end { end = span.end }
        let isEndless = end >= now.adding(.seconds(Int64(Self.horizon - 1) * 86_400))
        return .there(until: isEndless ? nil : end)
    }

    private func spans(from now: Timestamp, in zone: TimeZone) -> [(start: Timestamp, end: Timestamp)] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let today = calendar.startOfDay(for: now.date)
        return (0...Self.horizon).flatMap { offset -> [(start: Timestamp, end: Timestamp)] in
            guard let day = calendar.date(byAdding: .day, value: offset, to: today),
                !closedDates.contains(Timestamp(day).day(in: zone)),
                let openings = weekly[Weekday.allCases[(calendar.component(.weekday, from: day) - 1) % 7]]
            else { return [] }
            return openings.compactMap { opening in
                guard let start = moment(opening.from, of: day, calendar, repeated: .first),
                    let end = moment(opening.until, of: day, calendar, repeated: .last), start < end
                else { return nil }
                return (start, end)
            }
        }
    }

    private func moment(
        _ time: String,
        of day: Date,
        _ calendar: Calendar,
        repeated: Calendar.RepeatedTimePolicy
    ) -> Timestamp? {
        guard let minutes = Self.minutes(time) else { return nil }
        if minutes == 0 { return Timestamp(day) }
        guard minutes < 1440 else { return calendar.date(byAdding: .day, value: 1, to: day).map { Timestamp($0) } }
        return calendar.date(
            bySettingHour: minutes / 60,
            minute: minutes % 60,
            second: 0,
            of: day,
            matchingPolicy: .nextTime,
            repeatedTimePolicy: repeated
        ).map { Timestamp($0) }
    }
}
