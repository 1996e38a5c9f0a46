public import Assessment
public import Assistant
import Records

/// An administration as its reader sees it: the form with its answers, and the result once it is submitted.
public struct AdministrationView: Sendable {
    public let administration: Administration
    public let instrument: Instrument
    /// Empty in lists.
    public let responses: Responses
    /// Items that are shown with these answers.
    public let visibleItems: [Item]
    /// The outcome: what was stored when it was submitted, and what it would be now while it is open.
    public let report: ScoreReport?
    /// Help that is shown before anything else, because an answer calls for it.
    public let safetyPanel: CrisisPanel?
}

extension AssessmentService {
    func view(_ administration: Administration, _ access: ClientAccess, withResponses: Bool = true) throws -> AdministrationView {
        let scorer = try scorer(of: administration)
        let stored = try StoredReport.decode(administration.report)
        guard withResponses else {
            return AdministrationView(
                administration: administration, instrument: scorer.instrument, responses: .init(), visibleItems: [],
                report: stored, safetyPanel: nil)
        }
        let responses = try answers(of: administration, access)
        let flags = scorer.flags(responses).raised
        let isClient = access.relation == .`self`
        let client = try access.client()
        let practice = try access.practice()
        return AdministrationView(
            administration: administration, instrument: scorer.instrument, responses: responses,
            visibleItems: scorer.visibleItems(responses), report: stored ?? scorer.score(responses).report,
            safetyPanel: isClient
                ? flags.map(\.level).max().map {
                    safetyNet.panel(for: $0.tier, language: client.language ?? practice.locale, region: practice.region)
                } : nil)
    }
}

extension AlertLevel {
    /// The crisis tier whose resources fit a flagged answer.
    var tier: CrisisTier {
        switch self {
        case .info: .support
        case .warn: .elevated
        case .high: .high
        case .critical: .imminent
        }
    }

    var severity: Alert.Severity {
        switch self {
        case .info: .info
        case .warn: .warn
        case .high: .high
        case .critical: .critical
        }
    }
}
