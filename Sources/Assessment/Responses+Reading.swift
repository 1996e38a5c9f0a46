extension Responses {
    /// Reads answers as people and programs write them: `1,2,0,…` in the order of the items (an empty place, `-` or `null`
    /// is unanswered), `[1, 2, null]`, or `{"1": 1, "2": null}`.
    ///
    /// Numbers that are not written as whole numbers, such as `2.0`, stay ``Answer/malformed(_:)``, so that scoring names
    /// their item. Throws only when the text as a whole cannot be read.
    public init(reading text: String, for instrument: Instrument) throws(AnswerError) {
        switch text.first(where: { !$0.isWhitespace }) {
        case "[", "{": try self.init(json: text, for: instrument)
        default: self.init(list: text, for: instrument)
        }
    }

    /// Reads a JSON array (in the order of the items) or object (by item id).
    public init(json text: String, for instrument: Instrument) throws(AnswerError) {
        let json: JSONText
        do {
            json = try JSONText(text)
        } catch {
            throw AnswerError(item: nil, message: "line \(error.line): \(error.message)")
        }
        try self.init(json, for: instrument)
    }

    init(_ json: JSONText, for instrument: Instrument) throws(AnswerError) {
        switch json {
        case .array(let elements):
            self.init(inOrder: elements.map(Answer.init), of: instrument)
        case .object(let members):
            self.init()
            for member in members {
                // Which of two answers was meant cannot be known: scoring names the item.
                values[member.key] =
                    values[member.key] == nil ? Answer(member.value) : .malformed("a second answer to the same item")
            }
        case .null, .boolean, .integer, .number, .string:
            throw AnswerError(item: nil, message: "the answers are \(json.written), not a list or an object")
        }
    }

    private init(list: String, for instrument: Instrument) {
        let trimmed = list.split(whereSeparator: \.isNewline).joined(separator: ",")
        guard trimmed.contains(where: { !$0.isWhitespace }) else {
            self.init()
            return
        }
        let parts = trimmed.split(separator: ",", omittingEmptySubsequences: false)
        let answers = parts.enumerated().map { index, part in
            let word = String(part.filter { !$0.isWhitespace })
            let isText = instrument.items.indices.contains(index) && instrument.items[index].isText
            if word.isEmpty || word == "-" || word == "null" { return Answer.unanswered }
            if isText { return .text(String(part)) }
            guard let value = Int(word), word.first != "+" else { return .malformed(word) }
            return .value(value)
        }
        self.init(inOrder: answers, of: instrument)
    }
}

extension Answer {
    init(_ json: JSONText) {
        switch json {
        case .null: self = .unanswered
        case .integer(let value): self = .value(value)
        case .string(let text): self = .text(text)
        case .boolean, .number, .array, .object: self = .malformed(json.written)
        }
    }
}
