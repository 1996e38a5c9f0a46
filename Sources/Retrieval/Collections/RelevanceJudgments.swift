public import Knowledge

/// Which documents answer which queries, as people judged them.
public struct RelevanceJudgments: Sendable {
    /// Grade of each judged document by query; above 0 is relevant.
    public private(set) var grades: [String: [String: Int]] = [:]

    /// Reads lines of query, document and grade, or of query, iteration, document and grade (TREC), separated by tabs or
    /// spaces. The first line may be a header. Throws for the first line that is neither.
    public init(_ file: KnowledgeFile) throws(KnowledgeError) {
        for (index, line) in file.text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
        {
            let byTab = line.split(separator: "\t").map { String($0) }
            let cells = byTab.count >= 3 ? byTab : line.split(whereSeparator: \.isWhitespace).map { String($0) }
            if cells.isEmpty { continue }
            guard cells.count == 3 || cells.count == 4, let grade = cells.last.flatMap(Self.grade) else {
                if index == 0, cells.count >= 3 { continue }
                throw KnowledgeError([
                    Diagnostic(
                        file: file.path,
                        line: index + 1,
                        message: "the line is no judgment",
                        remedy: "Write the query's id, the document's id and a whole number, separated by tabs"
                    )
                ])
            }
            grades[cells[0], default: [:]][cells[cells.count - 2]] = grade
        }
    }

    private static func grade(_ cell: String) -> Int? {
        Int(cell.filter { $0 != "\r" }) ?? Double(cell).flatMap { $0 == $0.rounded() ? Int(exactly: $0) : nil }
    }

    public init(grades: [String: [String: Int]]) { self.grades = grades }

    /// Whether at least one document is relevant to the query.
    public func hasRelevant(_ query: String) -> Bool { grades[query]?.values.contains { $0 > 0 } ?? false }
}
