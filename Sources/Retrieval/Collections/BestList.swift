/// Picks the highest of many scores without sorting them all.
enum BestList {
    /// Numbers of the `limit` highest scores above `floor`, best first; of equal scores the first.
    static func best(_ limit: Int, of scores: [Float], above floor: Float) -> [Int] {
        guard limit > 0 else { return [] }
        // A heap with the worst of the kept ones on top.
        var heap: [Int] = []
        for (number, score) in scores.enumerated() where score > floor {
            if heap.count < limit {
                heap.append(number)
                rise(&heap, scores)
            } else if isWorse(heap[0], number, scores) {
                heap[0] = number
                sink(&heap, scores)
            }
        }
        return heap.sorted { isWorse($1, $0, scores) }
    }

    @inline(__always)
    private static func isWorse(_ a: Int, _ b: Int, _ scores: [Float]) -> Bool {
        scores[a] != scores[b] ? scores[a] < scores[b] : a > b
    }

    private static func rise(_ heap: inout [Int], _ scores: [Float]) {
        var child = heap.count - 1
        while child > 0, isWorse(heap[child], heap[(child - 1) / 2], scores) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private static func sink(_ heap: inout [Int], _ scores: [Float]) {
        var parent = 0
        while true {
            var worst = parent
            let left = 2 * parent + 1
            if left < heap.count, isWorse(heap[left], heap[worst], scores) { worst = left }
            if left + 1 < heap.count, isWorse(heap[left + 1], heap[worst], scores) { worst = left + 1 }
            if worst == parent { return }
            heap.swapAt(parent, worst)
            parent = worst
        }
    }
}
