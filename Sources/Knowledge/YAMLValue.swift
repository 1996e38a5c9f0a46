import Yams

/// A YAML value that knows its line, and reports what is wrong with it instead of throwing, so that one reading of a
/// file finds every fault in it.
public struct YAMLValue {
    let node: Node
    public let collector: DiagnosticCollector
    /// Added to the line of the node: front matter does not begin on the first line of its file.
    let lineOffset: Int

    /// Reads `text`. Reports a syntax error, an empty document or a duplicated key and returns nil.
    public static func parse(_ text: String, collector: DiagnosticCollector, lineOffset: Int = 0) -> YAMLValue? {
        do {
            guard let node = try Yams.compose(yaml: text) else {
                collector.error(
                    line: 1 + lineOffset,
                    "the document is empty",
                    remedy: "Write at least the required keys"
                )
                return nil
            }
            return YAMLValue(node: node, collector: collector, lineOffset: lineOffset)
        } catch let error as YamlError {
            let (line, message) = describe(error)
            collector.error(
                line: line + lineOffset,
                "not valid YAML: \(message)",
                remedy: "Check the indentation, and quote texts that hold a colon, a # or a quotation mark"
            )
            return nil
        } catch {
            collector.error(line: 1 + lineOffset, "not readable as YAML", remedy: "Check that the file is UTF-8 text")
            return nil
        }
    }

    private static func describe(_ error: YamlError) -> (line: Int, message: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            (mark.line, problem)
        case .duplicatedKeysInMapping(let duplicates, let context):
            (context.mark.line, "the same key twice: \(duplicates.joined(separator: ", "))")
        default: (1, "it could not be read")
        }
    }

    /// Line in the file, counted from 1.
    public var line: Int { (node.mark?.line ?? 1) + lineOffset }

    /// The value as text if it is a scalar. A number or boolean gives its written form.
    public var string: String? { node.scalar?.string }
    public var integer: Int? { node.int }
    public var number: Double? { node.float }
    public var boolean: Bool? { node.bool }
    public var isNull: Bool { node.null != nil }
    /// Whether the scalar was written in quotation marks, as block text, or is no number: text on purpose.
    public var isText: Bool { node.scalar != nil && node.int == nil && node.float == nil && node.bool == nil }

    /// The elements if it is a sequence.
    public var list: [YAMLValue]? {
        node.sequence.map { $0.map { YAMLValue(node: $0, collector: collector, lineOffset: lineOffset) } }
    }

    /// The keys (with their lines) and values in the order written, if it is a mapping.
    public var entries: [(key: String, line: Int, value: YAMLValue)]? {
        node.mapping.map { mapping in
            mapping.map { key, value in
                (
                    key.string ?? "", (key.mark?.line ?? 1) + lineOffset,
                    YAMLValue(node: value, collector: collector, lineOffset: lineOffset)
                )
            }
        }
    }

    public func error(_ message: String, remedy: String) { collector.error(line: line, message, remedy: remedy) }
    public func warning(_ message: String, remedy: String) { collector.warning(line: line, message, remedy: remedy) }

    /// The value as a mapping with the given keys. Reports a value that is no mapping, and every key that is not in
    /// `known` (with the nearest known key as the remedy).
    public func map(_ what: String, keys known: [String]) -> YAMLMap? {
        guard let entries else {
            error(
                "\(what) should be a list of `key: value` lines",
                remedy: "Known keys: \(known.joined(separator: ", "))"
            )
            return nil
        }
        for entry in entries where !known.contains(entry.key) {
            let remedy =
                nearest(to: entry.key, among: known).map { "Did you mean `\($0)`" }
                ?? "Known keys: \(known.joined(separator: ", "))"
            collector.error(line: entry.line, "\(what) has an unknown key `\(entry.key)`", remedy: remedy)
        }
        return YAMLMap(what: what, value: self, entries: entries)
    }
}

/// A mapping whose values are asked for by key; every accessor reports a missing or wrong value and returns nil.
public struct YAMLMap {
    /// What the mapping describes, for messages: "item 3".
    public let what: String
    public let value: YAMLValue
    let entries: [(key: String, line: Int, value: YAMLValue)]

    public var line: Int { value.line }
    public var collector: DiagnosticCollector { value.collector }

    public func has(_ key: String) -> Bool { self[key] != nil }

    /// The value of `key`, unless it is missing or null.
    public subscript(_ key: String) -> YAMLValue? {
        entries.first { $0.key == key }.map(\.value).flatMap { $0.isNull ? nil : $0 }
    }

    /// The value of `key`; reports when it is missing.
    public func required(_ key: String, remedy: String? = nil) -> YAMLValue? {
        if let value = self[key] { return value }
        value.error("\(what) has no `\(key)`", remedy: remedy ?? "Add `\(key):`")
        return nil
    }

    public func string(_ key: String) -> String? { required(key).flatMap { text($0, key) } }
    public func optionalString(_ key: String) -> String? { self[key].flatMap { text($0, key) } }

    public func integer(_ key: String) -> Int? { required(key).flatMap { whole($0, key) } }
    public func optionalInteger(_ key: String) -> Int? { self[key].flatMap { whole($0, key) } }

    public func number(_ key: String) -> Double? { required(key).flatMap { real($0, key) } }
    public func optionalNumber(_ key: String) -> Double? { self[key].flatMap { real($0, key) } }

    public func optionalBoolean(_ key: String) -> Bool? {
        guard let value = self[key] else { return nil }
        if let boolean = value.boolean { return boolean }
        value.error("`\(key)` of \(what) is neither true nor false", remedy: "Write `\(key): true` or `\(key): false`")
        return nil
    }

    /// The elements of the sequence at `key`; empty when the key is missing or (reported) no sequence.
    public func list(_ key: String) -> [YAMLValue] {
        guard let value = self[key] else { return [] }
        if let list = value.list { return list }
        value.error("`\(key)` of \(what) should be a list", remedy: "Begin each entry with `- `")
        return []
    }

    /// The texts of the sequence at `key`.
    public func strings(_ key: String) -> [String] { list(key).compactMap { text($0, key) } }

    /// A text in several languages: a plain text counts as English, a mapping as `language: text`.
    public func localized(_ key: String) -> LocalizedText? { required(key).flatMap { localizedText($0, key) } }
    public func optionalLocalized(_ key: String) -> LocalizedText? { self[key].flatMap { localizedText($0, key) } }

    /// A value out of a closed choice. Reports any other value with the nearest choice as the remedy.
    public func choice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        required(key).flatMap { choice($0, key, type) }
    }
    public func optionalChoice<Choice: RawRepresentable & CaseIterable>(_ key: String, _ type: Choice.Type) -> Choice?
    where Choice.RawValue == String {
        self[key].flatMap { choice($0, key, type) }
    }

    private func choice<Choice: RawRepresentable & CaseIterable>(_ value: YAMLValue, _ key: String, _: Choice.Type)
        -> Choice? where Choice.RawValue == String
    {
        if let text = value.string, let choice = Choice(rawValue: text) { return choice }
        let choices = Choice.allCases.map(\.rawValue)
        value.error(
            "`\(key)` of \(what) is `\(value.string ?? "not a text")`",
            remedy: nearest(to: value.string ?? "", among: choices).map { "Did you mean `\($0)`" }
                ?? "Choose one of: \(choices.joined(separator: ", "))"
        )
        return nil
    }

    private func text(_ value: YAMLValue, _ key: String) -> String? {
        if let string = value.string {
            if !string.allSatisfy(\.isWhitespace) { return string }
            value.error("`\(key)` of \(what) is empty", remedy: "Write its text, or remove the line")
            return nil
        }
        value.error("`\(key)` of \(what) should be a text", remedy: "Write one text on the line")
        return nil
    }

    private func whole(_ value: YAMLValue, _ key: String) -> Int? {
        if let integer = value.integer { return integer }
        value.error("`\(key)` of \(what) is not a whole number", remedy: "Write digits, such as 2")
        return nil
    }

    private func real(_ value: YAMLValue, _ key: String) -> Double? {
        if let number = value.number, number.isFinite { return number }
        value.error("`\(key)` of \(what) is not a number", remedy: "Write a number, such as 0.89")
        return nil
    }

    private func localizedText(_ value: YAMLValue, _ key: String) -> LocalizedText? {
        if let entries = value.entries {
            var texts: [String: String] = [:]
            for entry in entries {
                guard entry.key.count == 2, let string = entry.value.string, !string.isEmpty else {
                    entry.value.error(
                        "`\(key)` of \(what) should hold `language: text` lines",
                        remedy: "Write `en: …` and `es: …`"
                    )
                    return nil
                }
                texts[entry.key] = string
            }
            return LocalizedText(texts)
        }
        return text(value, key).map { LocalizedText(en: $0) }
    }
}
