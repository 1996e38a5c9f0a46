public import Knowledge

/// A series of scores as it stands in a CSV file: a header with `date` and `score`, perhaps `version`, in any order, then
/// one row a score. Other columns are left alone.
public struct TrendTable: Sendable, Hashable {
    public var points: [TrendPoint]
    /// Line of each point in the file.
    public var lines: [Int]

    /// Reads the table; rows without a version count as `version`. Throws every fault with its line. Scores outside `range`
    /// are faults.
    public init(_ file: KnowledgeFile, version: Int, range: ScoreRange? = nil) throws(KnowledgeError) {
        let collector = DiagnosticCollector(file: file.path)
        points = []
        lines = []
        var columns: [String: Int]?
        let rows = file.text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        for (index, rawLine) in rows.enumerated() {
            let line = index + 1
            let cells = Self.cells(rawLine)
            if cells.allSatisfy(\.isEmpty) { continue }
            guard let known = columns else {
                columns = Self.header(cells, collector, line: line)
                if columns == nil { break }
                continue
            }
            guard let point = Self.point(cells, known, version, range, collector, line: line) else { continue }
            points.append(point)
            lines.append(line)
        }
        if columns == nil, !collector.hasErrors {
            collector.error(line: 1, "the file is empty", remedy: "Begin with the header `date,score`")
        }
        guard !collector.hasErrors else { throw KnowledgeError(collector.diagnostics) }
    }

    private static func header(_ cells: [String], _ collector: DiagnosticCollector, line: Int) -> [String: Int]? {
        var columns: [String: Int] = [:]
        for (index, cell) in cells.enumerated() {
            let name = (index == 0 && cell.hasPrefix("\u{FEFF}") ? String(cell.dropFirst()) : cell).lowercased()
            if columns.updateValue(index, forKey: name) != nil, ["date", "score", "version"].contains(name) {
                collector.error(line: line, "the header names `\(name)` twice", remedy: "Keep one of the columns")
            }
        }
        for name in ["date", "score"] where columns[name] == nil {
            collector.error(
                line: line,
                "the header has no column `\(name)`",
                remedy: "Begin with the header `date,score`"
            )
        }
        return collector.hasErrors ? nil : columns
    }

    private static func point(
        _ cells: [String],
        _ columns: [String: Int],
        _ version: Int,
        _ range: ScoreRange?,
        _ collector: DiagnosticCollector,
        line: Int
    ) -> TrendPoint? {
        func cell(_ name: String) -> String? {
            columns[name].flatMap { cells.indices.contains($0) ? cells[$0] : nil }
        }
        var pointVersion = version
        if let written = cell("version"), !written.isEmpty {
            guard let number = Int(written), (1...9999).contains(number) else {
                collector.error(
                    line: line,
                    "`\(written.prefix(40))` is not a version",
                    remedy: "Write a whole number such as 1"
                )
                return nil
            }
            pointVersion = number
        }
        let dateText = cell("date") ?? ""
        let scoreText = cell("score") ?? ""
        let date = CivilDay(dateText)
        if date == nil {
            collector.error(
                line: line,
                "`\(dateText.prefix(40))` is not a date",
                remedy: "Write it as yyyy-MM-dd, such as 2026-03-01"
            )
        }
        let score = Double(scoreText).flatMap { $0.isFinite ? $0 : nil }
        guard let score else {
            collector.error(line: line, "`\(scoreText.prefix(40))` is not a score", remedy: "Write a number such as 12")
            return nil
        }
        if let range, pointVersion == version, !range.contains(score) {
            collector.error(
                line: line,
                "the score \(score.plain) is outside \(range.min.plain) to \(range.max.plain)",
                remedy: "Correct it, or choose another instrument or scale"
            )
            return nil
        }
        return date.map { TrendPoint(date: $0, score: score, version: pointVersion) }
    }

    /// The cells of one line. A cell in quotation marks may hold commas, and a quotation mark written twice.
    private static func cells(_ line: some StringProtocol) -> [String] {
        var cells: [String] = []
        var cell = ""
        var isQuoted = false
        var characters = Array(line)[...]
        while let character = characters.popFirst() {
            if character == "\"" {
                if isQuoted, characters.first == "\"" {
                    characters.removeFirst()
                    cell.append("\"")
                } else {
                    isQuoted.toggle()
                }
            } else if character == ",", !isQuoted {
                cells.append(cell)
                cell = ""
            } else {
                cell.append(character)
            }
        }
        cells.append(cell)
        return cells.map { cell in
            let start = cell.drop(while: \.isWhitespace)
            return String(start.reversed().drop(while: \.isWhitespace).reversed())
        }
    }
}
