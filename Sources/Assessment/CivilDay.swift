/// A day of the Gregorian calendar, without time or time zone: what is written on a form.
public struct CivilDay: Sendable, Hashable, Codable, Comparable, CustomStringConvertible {
    /// Days since 1970-01-01.
    public let number: Int

    public init(number: Int) { self.number = number }

    /// Reads `yyyy-MM-dd` with a year from 1900 to 2999. A date-time such as `2026-03-01T09:30:00Z` gives the day that is
    /// written in it. Nil for anything else, such as 2026-02-30.
    public init?(_ text: some StringProtocol) {
        var rest = Array(text.utf8)[...]
        guard let year = Self.digits(&rest, 4), Self.take(&rest, "-"), let month = Self.digits(&rest, 2),
            Self.take(&rest, "-"), let day = Self.digits(&rest, 2), rest.isEmpty || Self.isTime(rest),
            (1900...2999).contains(year), (1...12).contains(month), day >= 1, day <= Self.length(of: month, year)
        else { return nil }
        number = Self.number(year: year, month: month, day: day)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let day = CivilDay(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not a date yyyy-MM-dd")
        }
        self = day
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public static func < (first: CivilDay, second: CivilDay) -> Bool { first.number < second.number }

    /// `yyyy-MM-dd`.
    public var description: String {
        let (year, month, day) = components
        func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
    }

    /// Year, month (1 to 12) and day of the month.
    public var components: (year: Int, month: Int, day: Int) {
        // Hinnant, "chrono-compatible low-level date algorithms": years that begin in March put the leap day last.
        let shifted = number + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }

    private static func number(year: Int, month: Int, day: Int) -> Int {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = shiftedYear / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func length(of month: Int, _ year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func digits(_ rest: inout ArraySlice<UInt8>, _ count: Int) -> Int? {
        guard rest.count >= count else { return nil }
        var value = 0
        for byte in rest.prefix(count) {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            value = value * 10 + Int(byte - 0x30)
        }
        rest = rest.dropFirst(count)
        return value
    }

    private static func take(_ rest: inout ArraySlice<UInt8>, _ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// `T09:30`, `T09:30:00`, `T09:30:00.123`, each with `Z`, `+01:00` or nothing behind it; a space may stand for the T.
    private static func isTime(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        guard take(&rest, "T") || take(&rest, " "), let hour = digits(&rest, 2), hour <= 24, take(&rest, ":"),
            let minute = digits(&rest, 2), minute <= 59
        else { return false }
        if take(&rest, ":") {
            guard let second = digits(&rest, 2), second <= 60 else { return false }
            if take(&rest, ".") {
                guard digits(&rest, 1) != nil else { return false }
                while digits(&rest, 1) != nil {}
            }
        }
        if rest.isEmpty || take(&rest, "Z") { return rest.isEmpty }
        guard take(&rest, "+") || take(&rest, "-"), digits(&rest, 2) != nil else { return false }
        _ = take(&rest, ":")
        return digits(&rest, 2) != nil && rest.isEmpty
    }
}
