import Foundation
import Records
import Testing

@Suite("The practice's hours")
struct PracticeHoursTests {
    private static let office = PracticeHours(
        weekly: [
            .monday: [.init(from: "09:00", until: "12:00"), .init(from: "13:00", until: "17:00")],
            .tuesday: [.init(from: "09:00", until: "17:00")], .friday: [.init(from: "09:00", until: "17:00")],
        ],
        closedDates: ["2025-12-26"]
    )

    private func moment(_ text: String) throws -> Timestamp { Timestamp(try Date(text, strategy: .iso8601)) }
    private func zone(_ name: String = "America/Chicago") throws -> TimeZone {
        try #require(TimeZone(identifier: name))
    }

    private func words(_ presence: PracticeHours.Presence) -> String {
        switch presence {
        case .there(let until): "there until \(until.map { "\($0)" } ?? "-")"
        case .away(let next): "away until \(next.map { "\($0)" } ?? "-")"
        }
    }

    // Central standard time is UTC − 6, daylight-saving time UTC − 5.
    @Test(arguments: [
        ("2025-03-03T15:00:00Z", "there until 2025-03-03T18:00:00Z"),  // Monday 9:00, on the minute
        ("2025-03-03T14:59:59Z", "away until 2025-03-03T15:00:00Z"),
        ("2025-03-03T18:00:00Z", "away until 2025-03-03T19:00:00Z"),  // lunch
        ("2025-03-04T23:00:00Z", "away until 2025-03-07T15:00:00Z"),  // Tuesday 17:00: Friday next
        ("2025-03-04T05:30:00Z", "away until 2025-03-04T15:00:00Z"),  // Monday 23:30 in Chicago, Tuesday in London
        // The clocks go forward on Sunday, 9 March: Monday 9:00 is an hour earlier in UTC.
        ("2025-03-08T12:00:00Z", "away until 2025-03-10T14:00:00Z"),
        ("2025-03-10T14:30:00Z", "there until 2025-03-10T17:00:00Z"),
        // And back on Sunday, 2 November.
        ("2025-10-31T22:30:00Z", "away until 2025-11-03T15:00:00Z"),
        // Closed on the day after Christmas, a Friday.
        ("2025-12-26T16:00:00Z", "away until 2025-12-29T15:00:00Z"),
        ("2025-12-24T16:00:00Z", "away until 2025-12-29T15:00:00Z"),
    ])
    func `who is there, and until when`(_ now: String, _ expected: String) throws {
        #expect(words(Self.office.presence(at: try moment(now), in: try zone())) == expected)
    }

    @Test(arguments: [
        // 2:30 does not exist on 9 March 2025: it begins at 3:00.
        ("02:30", "04:00", "2025-03-09T07:45:00Z", "away until 2025-03-09T08:00:00Z"),
        ("02:00", "03:00", "2025-03-09T07:45:00Z", "away until 2025-03-16T07:00:00Z"),
        // 1:30 comes twice on 2 November 2025: it begins at the first and ends at the second.
        ("01:30", "03:00", "2025-11-02T06:00:00Z", "away until 2025-11-02T06:30:00Z"),
        ("00:30", "01:30", "2025-11-02T06:45:00Z", "there until 2025-11-02T07:30:00Z"),
    ])
    func `the night when the clocks change`(_ from: String, _ until: String, _ now: String, _ expected: String) throws {
        let hours = PracticeHours(weekly: [.sunday: [.init(from: from, until: until)]])
        #expect(words(hours.presence(at: try moment(now), in: try zone())) == expected)
    }

    @Test func `through midnight is one, and always has no end`() throws {
        let night = PracticeHours(weekly: [
            .friday: [.init(from: "20:00", until: "24:00")], .saturday: [.init(from: "00:00", until: "06:00")],
        ])
        #expect(
            words(night.presence(at: try moment("2025-03-08T05:00:00Z"), in: try zone()))
                == "there until 2025-03-08T12:00:00Z"
        )
        let always = PracticeHours(
            weekly: Dictionary(
                uniqueKeysWithValues: PracticeHours.Weekday.allCases.map {
                    ($0, [.init(from: "00:00", until: "24:00")])
                }
            )
        )
        #expect(words(always.presence(at: try moment("2025-03-08T05:00:00Z"), in: try zone())) == "there until -")
        #expect(
            words(PracticeHours(weekly: [:]).presence(at: try moment("2025-03-08T05:00:00Z"), in: .gmt))
                == "away until -"
        )
    }

    @Test func `they are written by weekday and read as written`() throws {
        let text = String(decoding: try JSONEncoder().encode(Self.office), as: UTF8.self)
        #expect(text.contains("\"MON\""), "\(text)")
        #expect(try JSONDecoder().decode(PracticeHours.self, from: Data(text.utf8)) == Self.office)
        #expect(try JSONDecoder().decode(PracticeSettings.self, from: Data("{}".utf8)).hours == nil)
    }

    @Test func `what cannot be meant is refused, with its place`() {
        #expect(Self.office.faults.isEmpty)
        let wrong = PracticeHours(
            weekly: [
                .monday: [.init(from: "9", until: "17:00"), .init(from: "17:00", until: "09:00")],
                .friday: [.init(from: "09:00", until: "12:00"), .init(from: "11:00", until: "24:01")],
                .saturday: [.init(from: "09:00", until: "12:00"), .init(from: "11:00", until: "24:00")],
            ],
            closedDates: ["2025-02-29", "soon"]
        )
        #expect(
            Set(wrong.faults.map(\.pointer)) == [
                "/weekly/MON/0", "/weekly/MON/1", "/weekly/FRI/1", "/weekly/SAT/1", "/closed_dates",
            ]
        )
    }
}
