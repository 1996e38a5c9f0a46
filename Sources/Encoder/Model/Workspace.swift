/// Room for what the model computes on the way, for a number of tokens that is fixed when it is made.
struct Workspace: ~Copyable {
    let hidden: UnsafeMutablePointer<Float>
    let projected: UnsafeMutablePointer<Float>
    let context: UnsafeMutablePointer<Float>
    let intermediate: UnsafeMutablePointer<Float>
    /// Attention of one head of one text.
    let scores: UnsafeMutablePointer<Float>
    private let all: UnsafeMutableRawPointer

    /// - Parameters:
    ///   - tokens: of all texts that are computed together.
    ///   - longest: tokens of the longest of them.
    init(tokens: Int, longest: Int, shape: ModelConfiguration) {
        let rows = Self.rows(tokens)
        let widths = [shape.hidden, 3 * shape.hidden, shape.hidden, shape.intermediate].map { $0 * rows }
        let count = widths.reduce(0, +) + longest * Self.stride(longest)
        all = UnsafeMutableRawPointer.allocate(byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
        let floats = all.bindMemory(to: Float.self, capacity: count)
        floats.initialize(repeating: 0, count: count)
        hidden = floats
        projected = hidden + widths[0]
        context = projected + widths[1]
        intermediate = context + widths[2]
        scores = intermediate + widths[3]
    }

    deinit { all.deallocate() }

    /// Rows that are multiplied for so many tokens: OpenBLAS takes longer for 11 or 15 than for 12 or 16. Those beyond the
    /// tokens stay 0.
    static func rows(_ tokens: Int) -> Int { (tokens + 3) / 4 * 4 }

    /// A row of attention, rounded up to whole vectors.
    static func stride(_ tokens: Int) -> Int { (tokens + Lanes.count - 1) / Lanes.count * Lanes.count }
}
