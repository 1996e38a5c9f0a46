public import Store

/// What a field of a record has to be, beyond its type.
public struct FieldRule<Kind>: Sendable {
    /// A limit that can also be told beforehand, in a schema.
    public enum Limit: Sendable, Hashable {
        case integer(ClosedRange<Int>)
        /// In Unicode scalars.
        case length(ClosedRange<Int>)
    }

    /// The field's name on the wire.
    public let field: String
    public let limit: Limit?
    /// What is wrong with it in a record that is being written at a moment; nil when nothing is.
    let fault: @Sendable (Kind, Timestamp) -> FieldFinding?

    /// A rule of the kind's own.
    public init(
        _ field: String,
        _ message: String,
        remedy: String,
        holds: @escaping @Sendable (Kind, Timestamp) -> Bool
    ) {
        self.init(field: field, limit: nil) { record, now in
            holds(record, now) ? nil : FieldFinding(field: field, message: message, remedy: remedy)
        }
    }

    private init(field: String, limit: Limit?, fault: @escaping @Sendable (Kind, Timestamp) -> FieldFinding?) {
        self.field = field
        self.limit = limit
        self.fault = fault
    }

    /// A whole number within `range`.
    public static func range(
        _ field: String,
        _ range: ClosedRange<Int>,
        _ value: @escaping @Sendable (Kind) -> Int
    ) -> Self {
        Self(field: field, limit: .integer(range)) { record, _ in
            range.contains(value(record))
                ? nil
                : FieldFinding(
                    field: field,
                    message: "should be between \(range.lowerBound) and \(range.upperBound)",
                    remedy: "Send a number in that range"
                )
        }
    }

    /// A text of so many characters; blanks alone are no text where there has to be one.
    public static func length(
        _ field: String,
        _ range: ClosedRange<Int>,
        _ text: @escaping @Sendable (Kind) -> String?
    ) -> Self {
        Self(field: field, limit: .length(range)) { record, _ in
            guard let text = text(record) else { return nil }
            if range.lowerBound > 0, text.allSatisfy(\.isWhitespace) {
                return FieldFinding(field: field, message: "is empty", remedy: "Write something")
            }
            return text.unicodeScalars.count <= range.upperBound
                ? nil
                : FieldFinding(
                    field: field,
                    message: "is longer than \(range.upperBound) characters",
                    remedy: "Shorten it"
                )
        }
    }

    /// A sealed text of so many characters.
    public static func length(
        _ field: String,
        _ range: ClosedRange<Int>,
        _ text: @escaping @Sendable (Kind) -> SealedText?
    ) -> Self {
        length(field, range) { record -> String? in text(record)?.plaintext }
    }

    /// At most so many entries in a list.
    public static func count(_ field: String, atMost: Int, _ count: @escaping @Sendable (Kind) -> Int) -> Self {
        Self(field, "has more than \(atMost) entries", remedy: "Send at most \(atMost)") { record, _ in
            count(record) <= atMost
        }
    }

    /// A moment that has come, with a day's grace for clocks and time zones, and not before 2000.
    public static func past(_ field: String, _ moment: @escaping @Sendable (Kind) -> Timestamp) -> Self {
        Self(field, "is not a moment that has come", remedy: "Send the time at which it was, in milliseconds") {
            record,
            now in
            moment(record) <= now.adding(.seconds(86_400)) && moment(record).milliseconds >= 946_684_800_000
        }
    }
}

/// One field that does not do.
public struct FieldFinding: Sendable, Hashable {
    /// The field's name on the wire.
    public let field: String
    public let message: String
    public let remedy: String

    public init(field: String, message: String, remedy: String) {
        self.field = field
        self.message = message
        self.remedy = remedy
    }
}

/// Everything that is wrong with a record that somebody wants to write.
public struct RecordFaults: Error, Sendable, Hashable {
    public let findings: [FieldFinding]

    public init(_ findings: [FieldFinding]) { self.findings = findings }
    public init(_ field: String, _ message: String, remedy: String) {
        findings = [FieldFinding(field: field, message: message, remedy: remedy)]
    }
}

/// A step that the record's state does not allow (any more).
public struct StepRefused: Error, Sendable, Hashable {
    /// What stands in the way and what to do, for whoever asked.
    public let detail: String
    public init(_ detail: String) { self.detail = detail }
}

/// Somebody else changed the record since whoever writes it read it.
public struct StaleRecord: Error, Sendable, Hashable {
    /// The version that is there now.
    public let rev: Int

    public init(rev: Int) { self.rev = rev }
}
