/// A message read once for all screens: cut, folded, repaired and matched with every rule, stretch by stretch.
struct ScreenedText {
    /// The readings of every stretch: as written and, where words were written apart, together or in signs, once more.
    let readings: [Reading]
    /// The text of every stretch with its spelling repaired: what the statistical reading reads.
    let views: [FoldedText]
    /// What the statistical reading says of every stretch of each view.
    let results: [[StatisticalReading.Result]]
    /// The same as ``readings`` with the practice's own rules; none without any.
    let practiceReadings: [Reading]

    /// - Complexity: linear in the length of the text; all of it is read.
    init(_ text: String, _ prompts: Prompts) {
        (readings, views) = Self.readings(text, prompts.ruleSet)
        results = views.map { prompts.reading.read($0) }
        practiceReadings = prompts.practiceRules?.readings(text) ?? []
    }

    static func readings(_ text: String, _ ruleSet: RuleSet) -> (readings: [Reading], views: [FoldedText]) {
        let folded = Tokenizer.fold(text)
        let second = SecondView(repair: ruleSet.repair)
        var readings: [Reading] = []
        var views: [FoldedText] = []
        for window in windows(folded.pieces.count) {
            let resolved = ruleSet.repair.resolve(folded, window)
            readings.append(Reading(resolved, ruleSet: ruleSet))
            if let view = second.read(folded, window, resolved: resolved) {
                readings.append(Reading(view, ruleSet: ruleSet))
                views.append(view)
            } else {
                views.append(resolved)
            }
        }
        return (readings, views)
    }

    private static let windowLength = 400
    private static let windowOverlap = 60

    /// Overlapping stretches of a long message, so that the work on each is bounded.
    private static func windows(_ count: Int) -> [Range<Int>] {
        guard count > windowLength else { return [0..<count] }
        return stride(from: 0, to: count - windowOverlap, by: windowLength - windowOverlap).map {
            $0..<min($0 + windowLength, count)
        }
    }

    func has(_ context: Context) -> Bool { readings.contains { $0.has(context) } }
}
