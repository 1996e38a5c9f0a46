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
    func view(_ administration: Administration, _ access: ClientAccess, withResponses: Bool = true) throws
        -> AdministrationView
    {
        let scorer = try scorer(of: administration)
        let stored = try StoredReport.decode(administration.report)
        guard withResponses else {
            return AdministrationView(
                administration: administration,
                instrument: scorer.instrument,
                responses: .init(),
                visibleItems: [],
                report: stored,
                safetyPanel: nil
            )
        }
        let responses = try answers(of: administration, access)
        return AdministrationView(
            administration: administration,
            instrument: scorer.instrument,
            responses: responses,
            visibleItems: scorer.visibleItems(responses),
            report: stored ?? scorer.score(responses).report,
            safetyPanel: try safetyPanel(responses, scorer, access)
        )
    }

    /// The help that the gravest answer calls for, chosen or written; shown to the client, and to who answers for them.
    private func safetyPanel(_ responses: Responses, _ scorer: Scorer, _ access: ClientAccess) throws -> CrisisPanel? {
        guard access.relation == .`self` || access.relation.isProxy else { return nil }
        let flagged = scorer.flags(responses).raised.map(\.level).filter(\.isRisk).map(\.tier)
        let written = responses.values.values.compactMap { answer -> CrisisTier? in
            guard case .text(let text) = answer else { return nil }
            return safetyNet.screen(text, of: access.practiceID).tier
        }
        guard let tier = (flagged + written).max(), tier > .none else { return nil }
        let practice = try access.practice()
        return safetyNet.panel(
            for: tier,
            language: try access.client().language ?? practice.locale,
            region: practice.region
        )
    }
}

extension AlertLevel {
    /// Whether an answer of this level is a sign of risk, and not just something to know.
    var isRisk: Bool { self >= .warn }

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
