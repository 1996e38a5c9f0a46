import Knowledge

extension InstrumentReader {
    /// Reads how change of the main score is judged.
    func readChange(_ value: YAMLValue) -> ChangeParameters? {
        let keys = ["reliable", "minimal_important", "response", "remission"]
        guard let map = value.map("`change`", keys: keys) else { return nil }
        return ChangeParameters(
            reliable: readReliable(map),
            minimalImportant: map["minimal_important"].flatMap(readMinimalImportant),
            response: map["response"].flatMap(readResponse),
            remission: map["remission"].flatMap(readRemission)
        )
    }

    private func readReliable(_ change: YAMLMap) -> [ReliableChangeBasis] {
        var lines: [String: Int] = [:]
        var bases: [(basis: ReliableChangeBasis, isDefault: Bool)] = []
        let entries = change.list("reliable")
        for entry in entries.prefix(InstrumentLimits.rules) {
            let keys = ["id", "sd", "reliability", "points", "source", "default"]
            guard let map = entry.map("a way to judge reliable change", keys: keys) else { continue }
            let id = id(map)
            let source = source(map)
            let isDefault = map.optionalBoolean("default") ?? false
            let measure = measure(map)
            guard let id, let measure, isNew(id, map, &lines) else { continue }
            bases.append((ReliableChangeBasis(id: id, measure: measure, source: source), isDefault))
        }
        let defaults = bases.filter(\.isDefault)
        if bases.count == entries.count, defaults.count != 1, bases.count > 1 || defaults.count > 1 {
            change["reliable"]?.error(
                "\(defaults.count) of the ways to judge reliable change are the default",
                remedy: "Write `default: true` at exactly one"
            )
        }
        return defaults.map(\.basis) + bases.filter { !$0.isDefault }.map(\.basis)
    }

    private func measure(_ map: YAMLMap) -> ReliableChangeBasis.Measure? {
        if map.has("points") {
            for key in ["sd", "reliability"] {
                map[key]?.error(
                    "`\(key)` has no meaning beside `points`",
                    remedy: "Keep either points, or sd and reliability"
                )
            }
            guard let points = bounded(map, "points") else { return nil }
            guard points > 0 else {
                map["points"]?.error("`points` is \(points.plain)", remedy: "Write a number above 0")
                return nil
            }
            return .points(points)
        }
        let sd = map.number("sd")
        let reliability = map.number("reliability")
        guard let sd, let reliability else { return nil }
        guard sd > 0, sd <= 1_000_000 else {
            map["sd"]?.error("the standard deviation is \(sd.plain)", remedy: "Write a number above 0")
            return nil
        }
        guard reliability >= 0, reliability < 1 else {
            map["reliability"]?.error(
                "the reliability is \(reliability.plain)",
                remedy: "Write a number from 0 to below 1, such as 0.89"
            )
            return nil
        }
        return .index(sd: sd, reliability: reliability)
    }

    private func readMinimalImportant(_ value: YAMLValue) -> ChangeParameters.MinimalImportantDifference? {
        guard let map = value.map("`minimal_important`", keys: ["points", "source"]) else { return nil }
        let source = source(map)
        guard map.number("points") != nil, let points = bounded(map, "points") else { return nil }
        guard points > 0 else {
            map["points"]?.error("`points` is \(points.plain)", remedy: "Write a number above 0")
            return nil
        }
        return .init(points: points, source: source)
    }

    private func readResponse(_ value: YAMLValue) -> ChangeParameters.Response? {
        guard let map = value.map("`response`", keys: ["fraction", "source"]) else { return nil }
        let source = source(map)
        guard let fraction = map.number("fraction") else { return nil }
        guard fraction > 0, fraction <= 1 else {
            map["fraction"]?.error(
                "`fraction` is \(fraction.plain)",
                remedy: "Write a number above 0 and up to 1, such as 0.5"
            )
            return nil
        }
        return .init(fraction: fraction, source: source)
    }

    private func readRemission(_ value: YAMLValue) -> ChangeParameters.Remission? {
        guard let map = value.map("`remission`", keys: ["below", "above", "source"]) else { return nil }
        let source = source(map)
        let (key, wrong) = direction == .higherIsWorse ? ("below", "above") : ("above", "below")
        if let other = map[wrong] {
            other.error(
                "`\(wrong)` would call the worse scores a remission",
                remedy: "Write `\(key):`, since \(direction.rawValue)"
            )
            return nil
        }
        guard map.number(key) != nil, let limit = bounded(map, key) else { return nil }
        guard let range = scores.first?.range, range.contains(limit) else {
            map[key]?.error(
                "the limit \(limit.plain) cannot be reached",
                remedy: "Stay within the range of the main score"
            )
            return nil
        }
        return .init(limit: limit, source: source)
    }
}
