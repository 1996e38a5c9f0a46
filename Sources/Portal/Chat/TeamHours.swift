import Assistant
import Foundation
import Records

extension TeamPresence {
    /// Whether the client's care team is there at `now`; nil where the practice has not said when it is.
    init?(at now: Timestamp, of practice: Practice, for client: Client) {
        guard let hours = practice.settings.hours else { return nil }
        let own = TimeZone(identifier: practice.timeZone) ?? .gmt
        // The client reads their own clock.
        let zone = TimeZone(identifier: client.timeZone) ?? own
        func words(_ moment: Timestamp?) -> [String: String] {
            guard let moment else { return [:] }
            var style = Date.FormatStyle(timeZone: zone).hour().minute()
            if moment.day(in: zone) != now.day(in: zone) { style = style.weekday(.wide).month(.wide).day() }
            return Dictionary(
                uniqueKeysWithValues: ["en", "es"].map { language in
                    (language, moment.date.formatted(style.locale(Locale(identifier: "\(language)_US"))))
                }
            )
        }
        switch hours.presence(at: now, in: own) {
        case .there(let until): self.init(isThere: true, turn: words(until), turnAt: until?.milliseconds)
        case .away(let next): self.init(isThere: false, turn: words(next), turnAt: next?.milliseconds)
        }
    }
}
