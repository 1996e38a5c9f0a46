import Knowledge

extension Schema {
    /// Everything that is wrong with `value`, in the order of the schema's properties; at most ``maximumFaults``.
    ///
    /// - Parameters:
    ///   - definitions: the objects that references name.
    ///   - place: where `value` stands.
    func faults(in value: JSONValue, definitions: [String: ObjectShape], at place: FieldFault.Place) -> [FieldFault] {
        var checker = SchemaChecker(definitions: definitions)
        checker.check(value, self, place)
        return checker.faults
    }

    static let maximumFaults = 100
}

private struct SchemaChecker {
    let definitions: [String: ObjectShape]
    var faults: [FieldFault] = []

    private mutating func fault(_ place: FieldFault.Place, _ message: String, remedy: String) {
        guard faults.count < Schema.maximumFaults else { return }
        faults.append(FieldFault(place, message, remedy: remedy))
    }

    mutating func check(_ value: JSONValue, _ schema: Schema, _ place: FieldFault.Place) {
        guard faults.count < Schema.maximumFaults else { return }
        if value == .null, schema.isNullable { return }
        switch (schema.shape, value) {
        case (.any, _): return
        case (.boolean, .boolean): return
        case (.number, .integer): return
        case (.number, .number(let number)):
            if !number.isFinite { fault(place, "is a number too large to hold", remedy: "Send a smaller number") }
        case (.integer(let range), .integer(let integer)):
            if !range.contains(integer) {
                fault(
                    place,
                    "should be between \(range.lowerBound) and \(range.upperBound)",
                    remedy: "Send a number in that range"
                )
            }
        case (.text(let rule), .string(let text)): check(text, rule, place)
        case (.list(let element), .array(let values)):
            for (index, value) in values.enumerated() { check(value, element, place.child(String(index))) }
        case (.map(let element), .object(let members)):
            for (name, value) in members.sorted(by: { $0.key < $1.key }) { check(value, element, place.child(name)) }
        case (.object(let object), .object(let members)): check(members, object, place)
        case (.reference(let name), .object(let members)):
            if let object = definitions[name] { check(members, object, place) }
        default: expected(schema, place)
        }
    }

    private mutating func expected(_ schema: Schema, _ place: FieldFault.Place) {
        fault(place, "should be \(schema.expectation)", remedy: schema.remedy(in: place))
    }

    private mutating func check(_ text: String, _ rule: TextRule, _ place: FieldFault.Place) {
        // PostgreSQL cannot hold it, and half of the world's readers stop at it.
        if text.unicodeScalars.contains("\0") {
            fault(place, "holds the character U+0000", remedy: "Remove that character")
        } else if !rule.choices.isEmpty, !rule.choices.contains(text) {
            let remedy =
                nearest(to: String(text.prefix(64)), among: rule.choices).map { "Did you mean `\($0)`?" }
                ?? "Choose one of: \(rule.choices.joined(separator: ", "))"
            fault(place, "is none of the choices", remedy: remedy)
        } else if let format = rule.format, !format.matches(text) {
            fault(place, "should be \(format.expectation)", remedy: format.remedy)
        } else if let length = rule.length, !length.contains(text.unicodeScalars.count) {
            let (message, remedy) =
                switch (text.unicodeScalars.isEmpty, text.unicodeScalars.count > length.upperBound) {
                case (true, _): ("is empty", "Write something")
                case (_, true): ("is longer than \(length.upperBound) characters", "Shorten it")
                default: ("is shorter than \(length.lowerBound) characters", "Make it longer")
                }
            fault(place, message, remedy: remedy)
        }
    }

    private mutating func check(_ members: [String: JSONValue], _ object: ObjectShape, _ place: FieldFault.Place) {
        for property in object.properties {
            if let value = members[property.name] {
                check(value, property.schema, place.child(property.name))
            } else if property.isRequired {
                fault(
                    place.child(property.name),
                    "is missing",
                    remedy: "Add `\(property.name)`: \(property.schema.expectation)"
                )
            }
        }
        let known = Set(object.properties.map(\.name))
        for name in members.keys.filter({ !known.contains($0) }).sorted().prefix(Schema.maximumFaults - faults.count) {
            let shown = String(name.prefix(64))
            let remedy =
                nearest(to: shown, among: known.sorted()).map { "Did you mean `\($0)`?" }
                ?? (known.isEmpty ? "Remove it" : "Known here: \(known.sorted().joined(separator: ", "))")
            fault(place.child(shown), "`\(shown)` is not known here", remedy: remedy)
        }
    }
}

extension Schema {
    /// What the schema asks for, in plain words.
    var expectation: String {
        switch shape {
        case .any: "any value"
        case .boolean: "true or false"
        case .integer: "a whole number"
        case .number: "a number"
        case .text(let rule):
            if let format = rule.format {
                format.expectation
            } else {
                rule.choices.isEmpty ? "a text" : "one of the choices"
            }
        case .list: "a list"
        case .map, .object, .reference: "an object"
        }
    }

    fileprivate func remedy(in place: FieldFault.Place) -> String {
        let unquoted = if case .body = place { " without quotes" } else { "" }
        return switch shape {
        case .any: "Send any value"
        case .boolean: "Write true or false\(unquoted)"
        case .integer: "Write digits\(unquoted), such as 2"
        case .number: "Write a number\(unquoted), such as 0.5"
        case .text(let rule):
            rule.format?.remedy
                ?? (rule.choices.isEmpty
                    ? "Write it in double quotes" : "Choose one of: \(rule.choices.joined(separator: ", "))")
        case .list: "Put it in square brackets"
        case .map, .object, .reference: "Put it in braces, as names and values"
        }
    }
}

extension TextRule.Format {
    func matches(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
        switch self {
        case .uuid:
            return bytes.count == 36
                && bytes.enumerated().allSatisfy { index, byte in
                    [8, 13, 18, 23].contains(index)
                        ? byte == UInt8(ascii: "-") : isDigit(byte) || (0x61...0x66).contains(byte | 0x20)
                }
        case .date:
            guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
                let year = Int(text.prefix(4)), let month = Int(text.dropFirst(5).prefix(2)),
                let day = Int(text.suffix(2)),
                bytes.count(where: isDigit) == 8
            else { return false }
            let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            return lengths.indices.contains(month - 1) && (1...lengths[month - 1]).contains(day)
        }
    }

    var expectation: String {
        switch self {
        case .uuid: "an id: a UUID of 36 characters"
        case .date: "a day of the calendar, as year-month-day"
        }
    }

    var remedy: String {
        switch self {
        case .uuid: "Send the id as it was given to you"
        case .date: "Write it as 2026-03-01"
        }
    }
}
