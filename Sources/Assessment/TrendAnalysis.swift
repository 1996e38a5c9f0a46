/// The work of ``Trend/analyze(_:instrument:scale:options:)`` once its inputs are known to be good.
struct TrendAnalysis {
    let scale: Scale
    let version: Int
    let direction: Instrument.Direction
    let reliable: ReliableChange?
    let parameters: ChangeParameters?
    let caseness: CutPoint?
    let settings: ScoringSettings

    /// Splits points in order of date where the version changes. `baseline` is the place of the chosen baseline.
    func segments(_ points: [TrendPoint], baseline: Int?) -> [Trend.Segment] {
        var segments: [Trend.Segment] = []
        var start = 0
        while start < points.count {
            let end = points[start...].firstIndex { $0.version != points[start].version } ?? points.count
            let chosen = baseline.flatMap { (start..<end).contains($0) ? $0 - start : nil } ?? 0
            segments.append(segment(Array(points[start..<end]), baseline: chosen))
            start = end
        }
        return segments
    }

    private func segment(_ points: [TrendPoint], baseline: Int) -> Trend.Segment {
        let base = points[baseline].score
        let judged = points.enumerated().map { index, point in
            Trend.Point(
                date: point.date,
                score: point.score,
                version: point.version,
                // Bands of another version are not this one's to name.
                band: point.version == version ? scale.band(for: point.score) : nil,
                isBaseline: index == baseline,
                fromPrevious: index > 0 ? point.score - points[index - 1].score : nil,
                change: index > baseline ? change(from: base, to: point.score, version: point.version) : nil
            )
        }
        return Trend.Segment(version: points[baseline].version, points: judged, slope: Slope(points))
    }

    private func change(from base: Double, to score: Double, version: Int) -> Trend.Change {
        var change = Trend.Change(points: score - base)
        // The figures belong to this version; what another version's scores mean is not known here.
        guard version == self.version else { return change }
        let gain = direction == .higherIsWorse ? base - score : score - base
        change.index = reliable?.index(from: base, to: score)
        change.verdict = reliable?.verdict(from: base, to: score, direction: direction)
        change.isImportantImprovement = parameters?.minimalImportant.map { gain >= $0.points }
        if let response = parameters?.response, base > 0 { change.isResponse = gain >= response.fraction * base }
        if let remission = parameters?.remission, !isWell(base, remission) {
            change.isRemission = isWell(score, remission)
        }
        if let caseness {
            let limit = settings.cutPoints[caseness.id] ?? caseness.value
            if caseness.isMet(by: base, at: limit) { change.isRecovered = !caseness.isMet(by: score, at: limit) }
        }
        return change
    }

    private func isWell(_ score: Double, _ remission: ChangeParameters.Remission) -> Bool {
        switch direction {
        case .higherIsWorse: score < remission.limit
        case .higherIsBetter: score > remission.limit
        }
    }
}
