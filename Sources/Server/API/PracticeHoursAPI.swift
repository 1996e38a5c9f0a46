import HTTPTypes
import Portal
import Records

/// When somebody of the practice is there.
struct PracticeHoursAPI: Sendable {
    let portal: Portal

    struct HoursDocument: Codable, Sendable, FieldsDescribed {
        struct OpeningDocument: Codable, Sendable, FieldsDescribed {
            let from: String
            let until: String

            static let fieldDescriptions = [
                "from": "Such as `09:00`.", "until": "Such as `17:30`; `24:00` is midnight.",
            ]
        }

        let weekly: [String: [OpeningDocument]]
        let closedDates: [String]
        let timeZone: String?

        static let fieldDescriptions = [
            "weekly":
                "Hours by weekday, `MON` to `SUN`, by the practice's own clock. A day that is not named is closed.",
            "closed_dates": "Days on which nobody is there, such as `2026-12-25`.",
            "time_zone": "The practice's time zone. It is not changed here.",
        ]

        init(_ practice: Practice) {
            let hours = practice.settings.hours ?? PracticeHours(weekly: [:])
            weekly = Dictionary(
                uniqueKeysWithValues: hours.weekly.map { weekday, openings in
                    (weekday.rawValue, openings.map { OpeningDocument(from: $0.from, until: $0.until) })
                }
            )
            closedDates = hours.closedDates.sorted()
            timeZone = practice.timeZone
        }
    }

    private static let path = "/api/v1/admin/practice/hours"

    var endpoints: [Endpoint] {
        [
            Route(
                .get,
                Self.path,
                "When somebody of the practice is there",
                requirements: ["ADM-08"],
                access: .staff(.administrator)
            )
            .touchesNoRecord("Hours of the practice")
            .returns(HoursDocument.self) { call in try await hours(call.principal) },
            Route(
                .put,
                Self.path,
                "Say when somebody of the practice is there",
                requirements: ["ADM-08", "AI-19"],
                access: .staff(.administrator)
            )
            .touchesNoRecord("Hours of the practice")
            .body(HoursDocument.self)
            .returns(HoursDocument.self) { call in
                var weekly: [PracticeHours.Weekday: [PracticeHours.Opening]] = [:]
                for (name, openings) in call.body.weekly {
                    guard let weekday = PracticeHours.Weekday(rawValue: name) else {
                        throw Problem.invalid(
                            .field("weekly"),
                            "names a day that is none",
                            remedy: "Choose of MON, TUE, WED, THU, FRI, SAT and SUN"
                        )
                    }
                    weekly[weekday] = openings.map { .init(from: $0.from, until: $0.until) }
                }
                try await portal.directory.setHours(
                    PracticeHours(weekly: weekly, closedDates: Set(call.body.closedDates)),
                    as: call.principal
                )
                return try await hours(call.principal)
            },
        ]
    }

    private func hours(_ principal: Principal) async throws -> HoursDocument {
        guard let practice = try await portal.directory.practice(principal.practiceID) else { throw Problem.notFound }
        return HoursDocument(practice)
    }
}
