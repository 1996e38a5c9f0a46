import Foundation
import Portal
import Records
import Testing

@Suite("Quiet hours")
struct QuietHoursTests {
    private struct Case: Sendable, CustomTestStringConvertible {
        let from: Int
        let to: Int
        let zone: String
        let moment: String
        let end: String?
        var testDescription: String { "\(from)–\(to) \(zone) \(moment)" }

        init(_ from: Int, _ to: Int, _ zone: String, _ moment: String, _ end: String?) {
            self.from = from
            self.to = to
            self.zone = zone
            self.moment = moment
            self.end = end
        }
    }

    private static let (night, chicago) = ((22 * 60, 7 * 60), "America/Chicago")

    private static let cases = [
        // Over midnight; the first minute is quiet, the last is not.
        Case(night.0, night.1, chicago, "2025-03-04T03:59:59Z", nil),
        Case(night.0, night.1, chicago, "2025-03-04T04:00:00Z", "2025-03-04T13:00:00Z"),
        Case(night.0, night.1, chicago, "2025-03-04T12:59:59Z", "2025-03-04T13:00:00Z"),
        Case(night.0, night.1, chicago, "2025-03-04T13:00:00Z", nil),
        // Within a day.
        Case(12 * 60, 13 * 60 + 30, "UTC", "2025-03-04T11:59:59Z", nil),
        Case(12 * 60, 13 * 60 + 30, "UTC", "2025-03-04T12:00:00Z", "2025-03-04T13:30:00Z"),
        Case(12 * 60, 13 * 60 + 30, "UTC", "2025-03-04T13:30:00Z", nil),
        // The night in which the clock is put forward is an hour shorter, and one in autumn an hour longer.
        Case(night.0, night.1, chicago, "2025-03-09T04:30:00Z", "2025-03-09T12:00:00Z"),
        Case(night.0, night.1, chicago, "2025-11-02T03:30:00Z", "2025-11-02T13:00:00Z"),
        // They would end at half past two, which that night does not have.
        Case(night.0, 150, chicago, "2025-03-09T07:30:00Z", "2025-03-09T08:00:00Z"),
        // The person's own zone counts.
        Case(night.0, night.1, "Asia/Tokyo", "2025-03-04T13:00:00Z", "2025-03-04T22:00:00Z"),
        // No time at all.
        Case(600, 600, "UTC", "2025-03-04T10:00:00Z", nil),
    ]

    @Test(arguments: cases)
    private func `they end when they end`(one: Case) throws {
        let hours = try #require(QuietHours(from: one.from, to: one.to))
        let zone = try #require(TimeZone(identifier: one.zone))
        let moment = Timestamp(try Date(one.moment, strategy: .iso8601))
        #expect(hours.end(at: moment, in: zone)?.description == one.end)
    }

    @Test(arguments: [(-1, 0), (0, 1440), (1440, 1)])
    func `a minute that no day has makes none`(from: Int, to: Int) { #expect(QuietHours(from: from, to: to) == nil) }
}
