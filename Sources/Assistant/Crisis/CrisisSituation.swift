/// What kind of danger a finding tells of, which decides the words of the crisis panel.
public enum CrisisSituation: String, Sendable, Codable, CaseIterable {
    case selfImminent = "self.imminent"
    case selfHigh = "self.high"
    case selfElevated = "self.elevated"
    case selfHarm = "self_harm"
    case medical
    case thirdParty = "third_party"
    case abuse
    case harmToOthers = "harm_to_others"
    case psychosis
    case eating
    case substance
    case support
    case grief

    init(_ finding: CrisisFinding) {
        let top = finding.matches.filter { $0.tier == finding.tier }
        func isAbout(_ category: String) -> Bool {
            top.contains { $0.category == category } || (top.isEmpty && finding.categories.contains(category))
        }
        let isGrief = finding.matches.contains { $0.notes.contains("bereavement") || $0.category == "grief" }
        switch finding.tier {
        case .none, .support: self = isGrief ? .grief : .support
        case .elevated, .high, .imminent:
            if isAbout("medical")
                || finding.matches.contains(where: { $0.ruleID.contains("overdose-taken") && $0.tier == finding.tier })
            {
                self = .medical
            } else if isAbout("abuse") {
                self = .abuse
            } else if finding.subject == .thirdParty {
                self = .thirdParty
            } else if isAbout("suicide") {
                self = finding.tier == .imminent ? .selfImminent : finding.tier == .high ? .selfHigh : .selfElevated
            } else if isAbout("harm_to_others") {
                self = .harmToOthers
            } else if isAbout("psychosis") {
                self = .psychosis
            } else if isAbout("self_harm") {
                self = .selfHarm
            } else if isAbout("eating") {
                self = .eating
            } else if isAbout("substance") {
                self = .substance
            } else {
                self = finding.tier == .imminent ? .selfImminent : finding.tier == .high ? .selfHigh : .selfElevated
            }
        }
    }
}
