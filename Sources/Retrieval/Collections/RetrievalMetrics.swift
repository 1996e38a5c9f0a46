import Foundation

/// How well rankings agree with judgments, each figure 0…1 and the mean over the queries added.
public struct RetrievalMetrics: Sendable, Hashable {
    /// Documents looked at.
    public static let depth = 10

    public private(set) var queries = 0
    private var gain = 0.0
    private var recalled = 0.0
    private var reciprocalRank = 0.0
    private var successes = 0.0

    public init() {}

    /// Normalized discounted cumulative gain at 10, with the grade as the gain and log₂(rank + 1) as the discount
    /// (Järvelin and Kekäläinen, 2002; as in trec_eval).
    public var ndcg: Double { mean(gain) }
    /// Part of the relevant documents that is among the first 10.
    public var recall: Double { mean(recalled) }
    /// One over the rank of the first relevant document, 0 when it is not among the first 10.
    public var meanReciprocalRank: Double { mean(reciprocalRank) }
    /// Part of the queries whose first document is relevant.
    public var successAtOne: Double { mean(successes) }

    /// Counts one ranking. A query without any relevant document is left out of the means.
    public mutating func add(ranking: [String], grades: [String: Int]) {
        let ideal = grades.values.filter { $0 > 0 }.sorted(by: >)
        guard !ideal.isEmpty else { return }
        queries += 1
        let found = ranking.prefix(Self.depth).map { max(0, grades[$0] ?? 0) }
        gain += Self.discounted(found) / Self.discounted(Array(ideal.prefix(Self.depth)))
        recalled += Double(found.count { $0 > 0 }) / Double(ideal.count)
        if let first = found.firstIndex(where: { $0 > 0 }) {
            reciprocalRank += 1 / Double(first + 1)
            if first == 0 { successes += 1 }
        }
    }

    private static func discounted(_ grades: [Int]) -> Double {
        grades.enumerated().reduce(0) { $0 + Double($1.element) / log2(Double($1.offset + 2)) }
    }

    private func mean(_ sum: Double) -> Double { queries == 0 ? 0 : sum / Double(queries) }
}
