public import Foundation
public import Records

/// The part of a person's day in which they are left in peace: from a minute of the day up to another, over midnight when
/// the second is the earlier one. The same minute twice is no time at all.
public struct QuietHours: Sendable, Hashable {
    /// Minutes since midnight, 0 to 1439.
    public let from: Int
    public let to: Int

    /// Nil when a minute is not of a day.
    public init?(from: Int, to: Int) {
        guard (0..<1440).contains(from), (0..<1440).contains(to) else { return nil }
        self.from = from
        self.to = to
    }

    /// When they end, if `moment` lies in them; nil otherwise. On a day whose clock is put forward over the end, it is the
    /// first moment after.
    public func end(at moment: Timestamp, in timeZone: TimeZone) -> Timestamp? {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = timeZone
        let parts = calendar.dateComponents([.hour, .minute], from: moment.date)
        let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        let isQuiet = from <= to ? (from..<to).contains(minute) : minute >= from || minute < to
        guard isQuiet else { return nil }
        return calendar.nextDate(
            after: moment.date,
            matching: DateComponents(hour: to / 60, minute: to % 60, second: 0),
            matchingPolicy: .nextTime
        ).map { Timestamp($0) }
    }
}
