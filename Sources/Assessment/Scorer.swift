/// A practice's choices where an instrument leaves one.
public struct ScoringSettings: Sendable, Hashable {
    /// Values of cut points by the id of the cut point; others keep the instrument's value.
    public var cutPoints: [String: Double]

    public init(cutPoints: [String: Double] = [:]) { self.cutPoints = cutPoints }
}

/// An instrument made ready for scoring: ids become positions once, so that scoring itself only adds and compares. Make
/// one per instrument and keep it.
///
/// Scoring is total and depends on nothing but the instrument, the settings and the answers. The order of work: every
/// answer is checked; conditions decide in the order of the form which items are shown; scores, criteria, cut points and
/// flags follow.
public struct Scorer: Sendable {
    public let instrument: Instrument
    let items: [CompiledItem]
    let scales: [CompiledScale]
    /// Positions of the scores, each after those that its formula uses.
    let scaleOrder: [Int]
    let rules: RuleTable
    /// Places of the criteria in the rule table.
    let criteria: [Int]
    let cutPoints: [CompiledCutPoint]
    let flagItems: [Int]
    /// Results without answers, to be copied and filled in.
    let blankScores: [ScaleScore]
    let blankCriteria: [CriterionResult]
    let blankCutPoints: [CutPointResult]
    private let blankSheet: AnswerSheet
    let hasConditions: Bool
    /// Whether a score counts an item that is not always shown.
    private let countsConditionalItems: Bool
    private let positions: [String: Int]
    /// Whether the items are called "1", "2", "3" …, which needs no look-up.
    private let isNumbered: Bool

    public init(_ instrument: Instrument, settings: ScoringSettings = ScoringSettings()) {
        self.instrument = instrument
        let compiler = InstrumentCompiler(instrument)
        positions = compiler.itemPositions
        isNumbered = instrument.items.enumerated().allSatisfy { $1.id == String($0 + 1) }
        var rules = RuleTable()
        items = compiler.items(rules: &rules)
        scales = compiler.scales()
        scaleOrder = compiler.scaleOrder()
        criteria = instrument.criteria.map { rules.add($0.rule, by: compiler) }
        self.rules = rules
        blankCutPoints = instrument.cutPoints.map { cutPoint in
            let value = settings.cutPoints[cutPoint.id] ?? cutPoint.value
            let source =
                value == cutPoint.value
                ? cutPoint.source
                : cutPoint.alternatives.first { $0.value == value }?.source ?? "Set by the practice"
            return CutPointResult(id: cutPoint.id, score: cutPoint.score, value: value, met: nil, source: source)
        }
        cutPoints = zip(instrument.cutPoints, blankCutPoints).map { cutPoint, blank in
            CompiledCutPoint(
                scale: compiler.scalePositions[cutPoint.score] ?? 0,
                side: cutPoint.side,
                value: blank.value
            )
        }
        blankCriteria = instrument.criteria.map { CriterionResult(id: $0.id, met: nil) }
        flagItems = instrument.flags.map { compiler.itemPositions[$0.item] ?? 0 }
        blankScores = instrument.scores.map { scale in
            ScaleScore(
                id: scale.id,
                title: scale.title,
                value: nil,
                answered: 0,
                missing: 0,
                prorated: 0,
                possible: scale.range,
                range: scale.range,
                band: nil
            )
        }
        blankSheet = AnswerSheet(count: items.count)
        hasConditions = items.contains { $0.condition != nil }
        countsConditionalItems = instrument.items.contains { $0.isScored && $0.showWhen != nil }
    }

    /// Scores the answers.
    public func score(_ responses: Responses) -> Outcome {
        var sheet = blankSheet
        var errors: [(position: Int, error: AnswerError)] = []
        read(responses, into: &sheet, errors: &errors)
        guard errors.isEmpty else {
            errors.sort { ($0.position, $0.error.item ?? "") < ($1.position, $1.error.item ?? "") }
            return .invalid(errors.map(\.error))
        }
        guard hasConditions else { return report(on: sheet, scores: scores(on: sheet), ignored: []) }
        if countsConditionalItems {
            let ignored = applyConditions(to: &sheet, scores: nil)
            return report(on: sheet, scores: scores(on: sheet), ignored: ignored)
        }
        // What is shown changes no score then, so each is computed only once.
        let scores = scores(on: sheet)
        let ignored = applyConditions(to: &sheet, scores: scores)
        return report(on: sheet, scores: scores, ignored: ignored)
    }

    /// The flags that the usable answers raise, and the ids of those that cannot be judged, even when other answers are
    /// faulty and nothing can be scored.
    public func flags(_ responses: Responses) -> (raised: [RaisedFlag], unknown: [String]) {
        var sheet = blankSheet
        var errors: [(position: Int, error: AnswerError)] = []
        read(responses, into: &sheet, errors: &errors)
        if hasConditions { _ = applyConditions(to: &sheet, scores: nil) }
        return flags(on: sheet)
    }

    /// The items to show, given what has been answered so far. An item whose condition cannot be known yet is not shown.
    public func visibleItems(_ responses: Responses) -> [Item] {
        var sheet = blankSheet
        var errors: [(position: Int, error: AnswerError)] = []
        read(responses, into: &sheet, errors: &errors)
        if hasConditions { _ = applyConditions(to: &sheet, scores: nil) }
        return zip(instrument.items, sheet.slots).filter { $0.1.visibility == .shown }.map(\.0)
    }

    // MARK: - Reading the answers

    private func read(
        _ responses: Responses,
        into sheet: inout AnswerSheet,
        errors: inout [(position: Int, error: AnswerError)]
    ) {
        for (id, answer) in responses.values {
            guard let position = position(of: id) else {
                let message = "\(instrument.code) has no item \(id)"
                errors.append((items.count, AnswerError(item: id, message: message)))
                continue
            }
            switch answer {
            case .unanswered: break
            case .value(let value) where items[position].accepts(value):
                sheet.slots[position] = AnswerSheet.Slot(value: value, isAnswered: true)
            case .text(let text) where items[position].isText:
                sheet.slots[position].isAnswered = !text.allSatisfy(\.isWhitespace)
            case .value, .text, .malformed:
                errors.append((position, AnswerError(item: id, message: Self.fault(of: answer, to: items[position]))))
            }
        }
    }

    private static func fault(of answer: Answer, to item: CompiledItem) -> String {
        let written =
            switch answer {
            case .value(let value): "\(value)"
            case .text(let text): "the text \"\(text.prefix(40))\""
            case .malformed(let text): String(text.prefix(40))
            case .unanswered: "nothing"
            }
        return "\(written) is not an answer; \(item.expectation)"
    }

    @inline(__always)
    private func position(of id: String) -> Int? {
        guard isNumbered else { return positions[id] }
        var number = 0
        for byte in id.utf8 {
            guard byte >= 0x30, byte <= 0x39, number <= items.count, number > 0 || byte > 0x30 else { return nil }
            number = number * 10 + Int(byte - 0x30)
        }
        return number >= 1 && number <= items.count ? number - 1 : nil
    }

    // MARK: - Conditions

    /// Decides in the order of the form which items are shown. A condition looks only at earlier items, so one pass is
    /// enough.
    ///
    /// - Parameter scores: the scores, when no condition can change them; else they are computed from what is known so far.
    /// - Returns: ids of the items that were answered but are not shown.
    private func applyConditions(to sheet: inout AnswerSheet, scores: [ScaleScore]?) -> [String] {
        var ignored: [String] = []
        for position in items.indices {
            guard let condition = items[position].condition else { continue }
            switch holds(condition, on: sheet, scores: scores, isCondition: true) {
            case true?: continue
            case false?: sheet.slots[position].visibility = .hidden
            case nil: sheet.slots[position].visibility = .undetermined
            }
            if sheet.slots[position].isAnswered { ignored.append(instrument.items[position].id) }
        }
        return ignored
    }
}

/// The checked answers to one form, by position of the item.
struct AnswerSheet {
    enum Visibility: UInt8 {
        case shown
        case hidden
        /// The condition depends on answers that are missing.
        case undetermined
    }

    struct Slot {
        var value = 0
        var isAnswered = false
        var visibility = Visibility.shown
    }

    var slots: [Slot]

    init(count: Int) { slots = [Slot](repeating: Slot(), count: count) }
}
