/// Optimal string alignment distance (insertions, deletions, substitutions and swaps of neighbours, each 1), cut off
/// above `limit`.
///
/// - Returns: the distance, or nil when it is larger than `limit`.
/// - Complexity: O(`limit` × length) time.
public func editDistance<C: Collection>(_ first: C, _ second: C, limit: Int) -> Int? where C.Element: Equatable {
    let a = Array(first)
    let b = Array(second)
    guard abs(a.count - b.count) <= limit else { return nil }
    if a.isEmpty { return b.count }
    if b.isEmpty { return a.count }
    var beforePrevious: [Int] = []
    var previous = Array(0...b.count)
    for i in 1...a.count {
        var current = [Int](repeating: limit + 1, count: b.count + 1)
        current[0] = i
        let low = max(1, i - limit)
        let high = min(b.count, i + limit)
        guard low <= high else { return nil }
        var best = current[0]
        for j in low...high {
            let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
            var value = min(substitution, previous[j] + 1, current[j - 1] + 1)
            if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                value = min(value, beforePrevious[j - 2] + 1)
            }
            current[j] = value
            best = min(best, value)
        }
        if best > limit { return nil }
        beforePrevious = previous
        previous = current
    }
    return previous[b.count] <= limit ? previous[b.count] : nil
}

/// The member of `known` that was most likely meant by `word`, for "did you mean" remedies.
public func nearest(to word: String, among known: some Sequence<String>) -> String? {
    known
        .compactMap { candidate in
            editDistance(word.lowercased(), candidate.lowercased(), limit: max(1, word.count / 3)).map {
                (candidate, $0)
            }
        }
        .min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
}
