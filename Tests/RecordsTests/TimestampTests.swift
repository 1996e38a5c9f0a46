import Foundation
import Store
import Testing

@testable import Records

@Suite("Moments and days")
struct TimestampTests {
    @Test(arguments: [
        // The clock goes forward: a day of 23 hours.
        ("America/Chicago", "2026-03-08T05:59:59Z", "2026-03-07"),
        ("America/Chicago", "2026-03-08T06:00:00Z", "2026-03-08"),
        ("America/Chicago", "2026-03-08T07:59:59Z", "2026-03-08"),
        ("America/Chicago", "2026-03-08T08:00:00Z", "2026-03-08"),
        ("America/Chicago", "2026-03-09T04:59:59Z", "2026-03-08"),
        ("America/Chicago", "2026-03-09T05:00:00Z", "2026-03-09"),
        // And back: a day of 25 hours.
        ("America/Chicago", "2026-11-01T04:59:59Z", "2026-10-31"),
        ("America/Chicago", "2026-11-01T05:00:00Z", "2026-11-01"),
        ("America/Chicago", "2026-11-02T05:59:59Z", "2026-11-01"),
        ("America/Chicago", "2026-11-02T06:00:00Z", "2026-11-02"),
        // Where the hour that is skipped is midnight's.
        ("America/Havana", "2026-03-08T04:59:59Z", "2026-03-07"),
        ("America/Havana", "2026-03-08T05:00:00Z", "2026-03-08"),
        // Both ends of the world, quarter hours, and a day that did not exist.
        ("Pacific/Kiritimati", "2025-12-31T09:59:59Z", "2025-12-31"),
        ("Pacific/Kiritimati", "2025-12-31T10:00:00Z", "2026-01-01"),
        ("Pacific/Pago_Pago", "2026-01-01T10:59:59Z", "2025-12-31"),
        ("Pacific/Pago_Pago", "2026-01-01T11:00:00Z", "2026-01-01"),
        ("Asia/Kathmandu", "2026-02-28T18:14:59Z", "2026-02-28"),
        ("Asia/Kathmandu", "2026-02-28T18:15:00Z", "2026-03-01"),
        ("Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29"), ("Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-31"),
        // Leap days, and years of old.
        ("UTC", "2028-02-29T23:59:59Z", "2028-02-29"), ("UTC", "2100-02-28T23:59:59Z", "2100-02-28"),
        ("UTC", "2100-03-01T00:00:00Z", "2100-03-01"),
        ("UTC", "1970-01-01T00:00:00Z", "1970-01-01"), ("UTC", "1969-12-31T23:59:59Z", "1969-12-31"),
        ("UTC", "0985-06-01T12:00:00Z", "0985-06-01"),
    ])
    func `a moment falls on the day of the place`(zone: String, moment: String, day: String) throws {
        let timeZone = try #require(TimeZone(identifier: zone))
        let date = try Date(moment, strategy: .iso8601)
        #expect(Timestamp(date).day(in: timeZone) == day)
    }

    @Test func `the last millisecond still belongs to the day`() throws {
        let midnight = Timestamp(try Date("2026-06-01T00:00:00Z", strategy: .iso8601))
        let before = midnight.adding(.milliseconds(-1))
        #expect(midnight.day(in: .gmt) == "2026-06-01")
        #expect(before.day(in: .gmt) == "2026-05-31")
    }

    @Test func `a moment that went through a date is the same moment`() {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<5000 {
            let moment = Timestamp(
                milliseconds: Int64.random(in: -2_000_000_000_000...4_000_000_000_000, using: &generator)
            )
            #expect(Timestamp(moment.date) == moment)
        }
    }

    @Test(arguments: [
        (Duration.seconds(1), Int64(1000)), (.milliseconds(1), 1), (.milliseconds(-1), -1), (.seconds(-90), -90_000),
        (.microseconds(1999), 1), (.seconds(86_400 * 365), 31_536_000_000), (.zero, 0), (.seconds(1.5), 1500),
    ])
    func `adding goes by milliseconds`(duration: Duration, milliseconds: Int64) {
        #expect(Timestamp(milliseconds: 5).adding(duration).milliseconds == 5 + milliseconds)
    }

    @Test func `moments are numbers in columns and in JSON, and are ordered`() throws {
        let moment = Timestamp(milliseconds: 1_645_557_742_123)
        #expect(moment.sqlValue == .integer(1_645_557_742_123))
        #expect(Timestamp(sqlValue: moment.sqlValue) == moment)
        #expect(Timestamp(sqlValue: .text("1")) == nil)
        #expect(try JSONDecoder().decode([Timestamp].self, from: Data("[1645557742123]".utf8)) == [moment])
        #expect(String(decoding: try JSONEncoder().encode([moment]), as: UTF8.self) == "[1645557742123]")
        #expect(moment.description == "2022-02-22T19:22:22Z")
        #expect(moment < moment.adding(.milliseconds(1)))
    }

    @Test(arguments: [Int64.min, -1, 0, 253_402_300_800_000, .max])
    func `any moment that can be sent can be shown and added to`(milliseconds: Int64) {
        let moment = Timestamp(milliseconds: milliseconds)
        #expect(!moment.description.isEmpty)
        #expect(!moment.day(in: .gmt).isEmpty)
        #expect(moment.adding(.seconds(86_400)) >= moment)
        #expect(moment.adding(.seconds(-86_400)) <= moment)
        #expect(moment.adding(.seconds(Int64.max)) >= moment)
    }
}
