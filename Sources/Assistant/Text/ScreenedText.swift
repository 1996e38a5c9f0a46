/// A message read once for all screens: cut, folded, repaired and matched with every rule, stretch by stretch.
struct ScreenedText {
    /// The readings of every stretch: as written and, where words were written apart, together or in signs, once more.
    let readings: [Reading]
    /// The text of every stretch with its spelling repaired: what the statistical reading reads.
    let views: [View]
    /// What the statistical readings say of every stretch of each view.
    let results: [[StatisticalReading.Result]]
    /// The same as ``readings`` with the practice's own rules; none without any.
    let practiceReadings: [Reading]

    /// - Complexity: linear in the length of the text; all of it is read.
    init(_ text: String, _ prompts: Prompts) {
        (readings, views) = Self.readings(text, prompts.ruleSet)
        let results = views.map { prompts.reading.read($0.text) }
        self.results = prompts.encodedReading?.join(results, of: views, in: text) ?? results
        practiceReadings = prompts.practiceRules?.readings(text) ?? []
    }

    static func readings(_ text: String, _ ruleSet: RuleSet) -> (readings: [Reading], views: [View]) {
        let folded = Tokenizer.fold(text)
        let second = SecondView(repair: ruleSet.repair)
        var readings: [Reading] = []
        var views: [View] = []
        for window in windows(folded.pieces.count) {
            let resolved = ruleSet.repair.resolve(folded, window)
            readings.append(Reading(resolved, ruleSet: ruleSet))
            if let view = second.read(folded, window, resolved: resolved) {
                readings.append(Reading(view, ruleSet: ruleSet))
                views.append(View(text: view, isRewritten: true))
            } else {
                views.append(View(text: resolved, isRewritten: false))
            }
        }
        return (readings, views)
    }

    /// A stretch of the message as the statistical readings read it.
    struct View {
        let text: FoldedText
        /// Whether its words are not those that stand in the message: written apart, together or in signs there.
        let isRewritten: Bool

        /// The words of `range` as they stand in the message, or as they were meant.
        func written(_ range: Range<Int>, in message: [UInt8]) -> String {
            let pieces = text.pieces[range]
            guard !isRewritten else { return pieces.map(text.text).joined(separator: " ") }
            // Up to the next word, so that a question mark is read too.
            let next = range.upperBound < text.pieces.count ? Int(text.pieces[range.upperBound].start) : message.count
            let start = min(max(0, pieces.first.map { Int($0.start) } ?? 0), message.count)
            return String(
                decoding: message[start..<max(start, min(next, message.count))].prefix(Self.longest),
                as: UTF8.self
            )
        }

        /// Bytes of a stretch that are read: far more than thirty words have.
        private static let longest = 2048
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
