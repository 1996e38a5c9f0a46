/// How long something took, many times over.
public struct Times {
    private var milliseconds: [Double] = []

    public init() {}

    /// Runs `work` and notes the time it took by the clock.
    public mutating func measure<Result>(_ work: () -> Result) -> Result {
        let start = ContinuousClock.now
        let result = work()
        milliseconds.append((ContinuousClock.now - start) / .milliseconds(1))
        return result
    }

    /// In milliseconds: "median 0.412, 99 % 1.301, longest 2.011 ms (1024 times)".
    public var summary: String {
        let sorted = milliseconds.sorted()
        guard let longest = sorted.last else { return "nothing measured" }
        let figures = [sorted[sorted.count / 2], sorted[sorted.count * 99 / 100], longest].map(Self.text)
        return "median \(figures[0]), 99 % \(figures[1]), longest \(figures[2]) ms (\(sorted.count) times)"
    }

    private static func text(_ milliseconds: Double) -> String {
        let thousandths = Int((milliseconds * 1000).rounded())
        let fraction = String(thousandths % 1000)
        return "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
    }
}
