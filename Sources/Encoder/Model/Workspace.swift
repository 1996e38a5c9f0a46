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
        let widths = [shape.hidden, 3 * shape.hidden, shape.hidden, shape.intermediate].map { $0 * tokens }
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

    /// A row of attention, rounded up to whole vectors.
    static func stride(_ tokens: Int) -> Int { (tokens + Lanes.count - 1) / Lanes.count * Lanes.count }
}
