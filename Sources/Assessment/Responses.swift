/// What was answered to one item.
///
/// In JSON: a whole number, a text (only for free-text items), or null. `2.0` and `"2"` are not answers to an item with
/// options: guessing what was meant has led other systems to score half-filled forms.
public enum Answer: Sendable, Hashable, Codable {
    /// The value of the option chosen.
    case value(Int)
    /// An answer in free text. Blank text counts as no answer.
    case text(String)
    case unanswered
    /// Something that can never be an answer (2.5, true, a list), as it was written. Scoring names its item as an error.
    case malformed(String)

    /// Foundation's decoder does not tell 2.0 from 2; reading with ``Responses/init(json:)`` does.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .unanswered
        } else if let value = try? container.decode(Int.self) {
            self = .value(value)
        } else if let text = try? container.decode(String.self) {
            self = .text(text)
        } else if let number = try? container.decode(Double.self) {
            self = .malformed("\(number)")
        } else if let boolean = try? container.decode(Bool.self) {
            self = .malformed("\(boolean)")
        } else {
            self = .malformed("a list or an object")
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .value(let value): try container.encode(value)
        case .text(let text): try container.encode(text)
        case .unanswered: try container.encodeNil()
        case .malformed(let written):
            throw EncodingError.invalidValue(
                self,
                .init(codingPath: encoder.codingPath, debugDescription: "\(written) is not an answer")
            )
        }
    }
}

/// The answers to one form, by item id. An item that is not named is unanswered. In JSON: `{"1": 0, "2": null}`.
public struct Responses: Sendable, Codable, Hashable {
    public var values: [String: Answer]

    public init(_ values: [String: Answer] = [:]) { self.values = values }

    /// Answers in the order of the items; nil is unanswered. More answers than items are kept under the ids "#11", "#12" …,
    /// which scoring reports as unknown.
    public init(inOrder answers: [Answer], of instrument: Instrument) {
        values = Dictionary(minimumCapacity: answers.count)
        for (index, answer) in answers.enumerated() {
            let id = instrument.items.indices.contains(index) ? instrument.items[index].id : "#\(index + 1)"
            values[id] = answer
        }
    }

    public init(from decoder: any Decoder) throws {
        values = try decoder.singleValueContainer().decode([String: Answer].self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(values)
    }
}
