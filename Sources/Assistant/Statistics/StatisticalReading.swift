import Foundation
import Knowledge

/// A second reading beside the rules: a linear model over ``TextFeatures``, trained on labelled messages by
/// `Scripts/train-readings` and shipped as data, `Prompts/readings/weights.tsv`. It catches wordings that no rule
/// foresaw. It is deterministic, and it can say which words moved it.
struct StatisticalReading: Sendable {
    /// What the model tells apart, in the order of the columns.
    enum Crisis: Int, CaseIterable, Sendable {
        case none, support, suicide, third, abuse, harm, health
    }
    enum Request: Int, CaseIterable, Sendable {
        case answer, clinical, medication, diagnosis, injection, privacy, offtopic
    }

    /// How probable each outcome is in a stretch of a message.
    struct Result: Sendable {
        /// By ``Crisis``; they sum to one.
        var crisis: SIMD8<Float>
        /// By ``Request``; they sum to one.
        var requests: SIMD8<Float>
        /// The words that were read.
        var range: Range<Int>

        /// How probable it is that somebody should be told.
        var danger: Float { 1 - crisis[Crisis.none.rawValue] - crisis[Crisis.support.rawValue] }

        /// The most probable kind of danger.
        var kind: Crisis {
            Crisis.allCases.dropFirst(2).max { crisis[$0.rawValue] < crisis[$1.rawValue] } ?? .suicide
        }

        /// The most probable of the requests that are not simply answered.
        var refusal: Request {
            Request.allCases.dropFirst().max { requests[$0.rawValue] < requests[$1.rawValue] } ?? .offtopic
        }
    }

    let classes: WordClasses
    /// From a feature to its row.
    private let rows: NumberTable
    private let weights: [SIMD16<Int8>]
    private let bias: SIMD16<Float>
    /// What a weight of one is written as.
    private static let scale: Float = 32

    // MARK: Reading a message

    private static let segmentLength = 30

    /// A reading of each stretch of the message; long messages are read in stretches of a few sentences.
    func read(_ text: FoldedText) -> [Result] {
        Self.segments(text).map { segment in
            var sum = SIMD16<Int32>(repeating: 0)
            var count = 0
            TextFeatures(text, segment, classes: classes).forEach { key, _ in
                count += 1
                if let row = rows.find(key) { sum &+= SIMD16<Int32>(truncatingIfNeeded: weights[Int(row)]) }
            }
            return result(sum, count, segment)
        }
    }

    private func result(_ sum: SIMD16<Int32>, _ count: Int, _ range: Range<Int>) -> Result {
        let scores = SIMD16<Float>(sum) / (Self.scale * Float(max(count, 1)).squareRoot()) + bias
        func shares(_ start: Int) -> SIMD8<Float> {
            var powers = SIMD8<Float>(repeating: 0)
            var top = scores[start]
            for column in 1..<7 { top = max(top, scores[start + column]) }
            for column in 0..<7 { powers[column] = Float(exp(Double(scores[start + column] - top))) }
            return powers / powers.sum()
        }
        return Result(crisis: shares(0), requests: shares(7), range: range)
    }

    /// The features that spoke most for `column` of the crisis readings, the strongest first.
    func reasons(_ text: FoldedText, _ range: Range<Int>, for column: Crisis) -> [String] {
        var found: [String: Int] = [:]
        TextFeatures(text, range, classes: classes).forEach { key, name in
            guard let row = rows.find(key) else { return }
            let weight = Int(weights[Int(row)][column.rawValue]) - Int(weights[Int(row)][Crisis.none.rawValue])
            if weight > 0 { found[name(), default: 0] += weight }
        }
        return found.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(5).map(\.key)
    }

    /// Whole sentences, up to thirty words; a longer sentence in overlapping stretches.
    static func segments(_ text: FoldedText) -> [Range<Int>] {
        let pieces = text.pieces
        guard pieces.count > segmentLength else { return pieces.isEmpty ? [] : [0..<pieces.count] }
        var segments: [Range<Int>] = []
        var start = 0
        var current = 0
        while start < pieces.count {
            var end = start + 1
            while end < pieces.count, pieces[end].sentence == pieces[start].sentence { end += 1 }
            if end - current > segmentLength, start > current {
                segments.append(current..<start)
                current = start
            }
            while end - current > segmentLength {
                segments.append(current..<(current + segmentLength))
                current += segmentLength / 2
            }
            start = end
        }
        if current < pieces.count { segments.append(current..<pieces.count) }
        return segments
    }

    // MARK: The files

    /// Reads `readings/classes.yaml` and `readings/weights.tsv`.
    init(classes classFile: KnowledgeFile, weights file: KnowledgeFile, diagnostics: inout [Diagnostic]) {
        let collector = DiagnosticCollector(file: classFile.path)
        var classes = WordClasses()
        if let map = YAMLValue.parse(classFile.text, collector: collector)?.map("the classes", keys: ["classes"]) {
            for entry in map["classes"]?.entries ?? [] {
                if classes.names.count == WordClasses.most {
                    entry.value.error("there are more than \(WordClasses.most) classes", remedy: "Join some")
                    break
                }
                classes.add(entry.key, words: (entry.value.string ?? "").split(separator: " ").map(String.init))
            }
        }
        diagnostics += collector.diagnostics
        self.classes = classes

        var rows = NumberTable()
        var weights: [SIMD16<Int8>] = []
        var bias = SIMD16<Float>(repeating: 0)
        let columns = Crisis.allCases.count + Request.allCases.count
        for (number, line) in Array(file.text.utf8).split(separator: 0x0A).enumerated() where line.first != 0x23 {
            guard let tab = line.firstIndex(of: 0x09), let row = Self.row(line[(tab + 1)...], columns) else {
                diagnostics.append(Self.fault(file, number + 1, "the line has no \(columns) weights"))
                break
            }
            if line[..<tab].elementsEqual("bias".utf8) {
                for column in 0..<columns { bias[column] = Float(row[column]) / Self.scale }
            } else if let key = TextFeatures.key(named: line[..<tab]) {
                rows.insert(key, Int32(weights.count))
                weights.append(SIMD16<Int8>(clamping: row))
            } else {
                diagnostics.append(
                    Self.fault(file, number + 1, "`\(String(decoding: line[..<tab], as: UTF8.self))` is no feature")
                )
                break
            }
        }
        self.rows = rows
        self.weights = weights
        self.bias = bias
    }

    private static func fault(_ file: KnowledgeFile, _ line: Int, _ message: String) -> Diagnostic {
        Diagnostic(file: file.path, line: line, message: message, remedy: "Train anew with Scripts/train-readings")
    }

    /// Whole numbers, parted by single spaces.
    private static func row(_ text: ArraySlice<UInt8>, _ columns: Int) -> SIMD16<Int32>? {
        var row = SIMD16<Int32>(repeating: 0)
        var column = 0
        var value: Int32 = 0
        var sign: Int32 = 1
        var hasDigit = false
        for byte in text {
            switch byte {
            case 0x2D where !hasDigit: sign = -1
            case 0x30...0x39 where value < 100_000:
                value = value * 10 + Int32(byte - 0x30)
                hasDigit = true
            case 0x20 where hasDigit && column + 1 < columns:
                row[column] = sign * value
                (column, value, sign, hasDigit) = (column + 1, 0, 1, false)
            default: return nil
            }
        }
        guard hasDigit, column == columns - 1 else { return nil }
        row[column] = sign * value
        return row
    }
}
