/// Weighs one match of a crisis rule against what stands around it: negation, time, person, quotation, jokes.
///
/// Negation follows NegEx (Chapman et al., 2001): a cue governs a few words after it, up to a word that ends its scope.
/// It lowers one match and never the message.
struct CrisisJudgement {
    let reading: Reading

    private static let negationReach = 7
    /// Words around a match in which a rule's exception counts. Short, since a wrong exception hides a danger.
    private static let exceptionReach = 8

    func judge(_ number: Int, _ hit: PatternHit) -> RuleMatch? {
        let rule = reading.ruleSet.rules[number]
        guard var tier = CrisisTier(rawValue: rule.level), !reading.isCancelled(number, hit, reach: Self.exceptionReach)
        else { return nil }
        var notes: [String] = []
        func lower(to limit: CrisisTier, _ note: String) {
            if tier > limit {
                tier = limit
                notes.append(note)
            }
        }
        if rule.isFigurative, reading.covers(.idiom, hit) { return nil }
        let subject = subject(of: rule, hit)
        if subject == nil { lower(to: .support, "general") }
        if rule.isNegatable, isNegated(hit), !reading.has(.unsaid, around: hit) {
            let isForNow = isForNow(hit)
            lower(to: isForNow ? .elevated : .support, isForNow ? "time_limited" : "negated")
        }
        if rule.isTimed, isLongPast(hit) {
            lower(to: reading.has(.presentSafety) ? .support : .elevated, "past")
        }
        if subject == .thirdParty, reading.context(.bereaved).contains(where: { $0.overlaps(hit) }) {
            lower(to: .support, "bereavement")
        }
        if rule.isFigurative {
            if isQuoted(hit) { lower(to: .support, "quoted") }
            if reading.covers(.hyperbole, hit), !reading.has(.sincere, around: hit) {
                lower(to: .support, "hyperbole")
            }
            if isJoke(hit, rule) { lower(to: .support, "joke") }
        }
        if tier == .high || tier == .elevated, notes.isEmpty,
            rule.category == "suicide" || rule.category == "harm_to_others",
            reading.has(.imminence, around: hit)
        {
            tier = .imminent
            notes.append("now")
        }
        return RuleMatch(
            ruleID: rule.id,
            tier: tier,
            category: rule.category,
            subject: subject ?? .writer,
            start: reading.text.pieces[hit.start].range.lowerBound,
            end: max(
                reading.text.pieces[hit.end - 1].range.upperBound,
                reading.text.pieces[hit.start].range.upperBound
            ),
            notes: notes
        )
    }

    /// Laughter and a small thing in the same breath: "finals make me want to die lol". A small thing in another clause
    /// ("my bill is wrong and I want to die lol") excuses nothing.
    private func isJoke(_ hit: PatternHit, _ rule: Rule) -> Bool {
        guard ["suicide", "self_harm", "harm_to_others"].contains(rule.category), reading.has(.laughter, around: hit),
            !reading.has(.sincere, around: hit)
        else { return false }
        let breaks = reading.context(.newClause)
        return reading.context(.trivial).contains { trivial in
            guard reading.isNear(hit, trivial) else { return false }
            let gap = min(trivial.end, hit.end)
            // Empty when the two overlap.
            let between = gap..<max(gap, max(trivial.start, hit.start))
            return between.count <= 10 && !breaks.contains { between.contains($0.start) }
        }
    }

    // MARK: Negation

    /// "I won't do it tonight": a denial that holds for now only.
    private func isForNow(_ hit: PatternHit) -> Bool {
        reading.context(.timeLimit).contains { limit in
            reading.sentence(limit) == reading.sentence(hit) && limit.start >= hit.start && limit.start <= hit.end + 2
                && !(hit.end..<max(hit.end, limit.start + 1)).contains { reading.text.pieces[$0].afterComma }
        }
    }

    private func isNegated(_ hit: PatternHit) -> Bool {
        let anchor = reading.riskTokens(hit).first ?? hit.end - 1
        let sentence = reading.sentence(hit)
        let from = max(0, hit.start - Self.negationReach)
        let lifted = reading.context(.notADenial)
        var cues = 0
        var counted = 0
        for cue in reading.context(.denialCue) where reading.sentence(cue) == sentence {
            // "would never" and its "never" are one cue.
            let isInside = cue.start >= hit.start && cue.start < hit.end && hit.isGap(cue.start)
            guard cue.end > counted, cue.start >= from, isInside || (cue.end <= anchor && cue.start < hit.start) else {
                continue
            }
            if lifted.contains(where: { $0.start <= cue.start && $0.end > cue.start }) { continue }
            if isCut(between: cue, and: anchor, hit) { continue }
            cues += 1
            counted = cue.end
        }
        if cues % 2 == 1 { return true }
        return cues == 0
            && reading.context(.deniedAfter).contains {
                reading.sentence($0) == sentence && $0.start >= hit.end && $0.start <= hit.end + 2
            }
    }

    /// Whether the scope of a cue ends before the risk word: at a contrast, or at a new subject, unless the cue is about
    /// what somebody thinks or says ("I don't think I want to die").
    private func isCut(between cue: PatternHit, and anchor: Int, _ hit: PatternHit) -> Bool {
        let sentence = reading.sentence(hit)
        func between(_ other: PatternHit) -> Bool {
            other.start >= cue.end && other.start < anchor && reading.sentence(other) == sentence
        }
        if cue.end < anchor, reading.text.pieces[cue.end].afterComma { return true }
        // A new wish after a comma: "no tiene sentido, quiero morir".
        if cue.end < hit.start, reading.text.pieces[hit.start].afterComma,
            reading.context(.newWish).contains(where: { $0.start == hit.start })
        {
            return true
        }
        if reading.context(.clauseBreak).contains(where: between) { return true }
        let carriers = reading.context(.denialCarrier).filter { $0.start == cue.start }
        let subjects = (reading.context(.meSubject) + reading.context(.thirdSubject)).filter(between)
        if carriers.isEmpty { return !subjects.isEmpty }
        return subjects.count { subject in subject.start >= (carriers.map(\.end).max() ?? 0) } > 1
    }

    // MARK: Person

    /// Whose risk it is; nil when the words are about people in general.
    private func subject(of rule: Rule, _ hit: PatternHit) -> CrisisFinding.Subject? {
        switch rule.subject {
        case .me: return .writer
        case .third: return .thirdParty
        case .other: return .other
        case .auto: break
        }
        let inside = { (other: PatternHit) in
            other.start >= hit.start && other.start < hit.end && !hit.isGap(other.start)
        }
        if reading.context(.reflexiveMe).contains(where: inside) { return .writer }
        let anchor = reading.riskTokens(hit).first ?? hit.end - 1
        let sentence = reading.sentence(hit)
        let from = max(0, anchor - 14)
        func last(_ name: Context) -> PatternHit? {
            reading.context(name).last {
                $0.start >= from && $0.end <= anchor + 1 && reading.sentence($0) == sentence && !isOnlyTold($0)
            }
        }
        let theirs = last(.thirdSubject)
        // The I of "someone I know" is not the subject.
        let others = reading.context(.thirdSubject)
        let mine = reading.context(.meSubject).last { person in
            person.start >= from && person.end <= anchor + 1 && reading.sentence(person) == sentence
                && !others.contains { $0.start < person.start && $0.end > person.start && !$0.isGap(person.start) }
        }
        let general = last(.generalSubject)
        let isGeneral =
            theirs.map { person in general.map { $0.start <= person.start && person.start < $0.end } ?? false } ?? false
        if let theirs, !isGeneral, theirs.start > mine?.start ?? -1, theirs.start >= general?.start ?? -1 {
            return .thirdParty
        }
        if let general, general.start > mine?.start ?? -1 { return nil }
        if mine != nil { return .writer }
        if reading.context(.reflexiveThird).contains(where: inside) { return .thirdParty }
        return .writer
    }

    /// Whether the person is the one who was told ("I told my mom I …"), not the one who does.
    private func isOnlyTold(_ person: PatternHit) -> Bool {
        reading.context(.told).contains { $0.end == person.start }
    }

    // MARK: Time, quotation

    private func isLongPast(_ hit: PatternHit) -> Bool {
        reading.has(.longPast, near: hit) && !reading.has(.recurrence, around: hit)
    }

    private func isQuoted(_ hit: PatternHit) -> Bool {
        if reading.has(.ownAnswer, around: hit) { return false }
        let sentence = reading.sentence(hit)
        let anchor = reading.riskTokens(hit).first ?? hit.start
        let wholly = (hit.start..<hit.end).allSatisfy { hit.isGap($0) || reading.text.pieces[$0].isQuoted }
        if wholly, reading.context(.quoteFrame).contains(where: { abs(reading.sentence($0) - sentence) <= 1 }) {
            return true
        }
        let mine = reading.context(.meSubject).filter { reading.sentence($0) == sentence }
        return reading.context(.quotation).contains { frame in
            guard reading.sentence(frame) == sentence else { return false }
            if frame.overlaps(hit) { return true }
            if frame.end <= anchor {
                return anchor - frame.end <= 6
                    && !mine.contains { $0.start >= frame.end && $0.start < anchor && !isInsideFrame($0, frame) }
            }
            return frame.start >= hit.end && frame.start - hit.end <= 4
                && !mine.contains { $0.start >= hit.start - 3 && $0.start < hit.end }
        }
    }

    /// "It asks if I …": the I belongs to the question.
    private func isInsideFrame(_ person: PatternHit, _ frame: PatternHit) -> Bool {
        person.start == frame.end || reading.text.pieces[person.start].isQuoted
    }
}
