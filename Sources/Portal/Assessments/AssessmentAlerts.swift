import Assessment
import Assistant
import Foundation
import Knowledge
import Records
import Store

/// Which answers and scores the clinician is told of.
extension AssessmentService {
    /// Raises an alert for the flagged answers, complete form or not, and writes the crisis event when one is a sign of
    /// risk.
    func raiseFlags(
        _ report: ScoreReport,
        _ administration: Administration,
        _ instrument: Instrument,
        _ access: ClientAccess
    ) throws {
        guard let level = report.flags.map(\.level).max() else { return }
        let answers = report.flags.map { flag in
            "\(instrument.code) item \(flag.item) answered \(flag.value): \(flag.reason.text(in: "en"))"
        }
        let alert = try alerts.raise(
            AlertSignal(
                kind: level.isRisk ? .safetyItem : .other,
                severity: level.severity,
                source: CrisisEvent.Source.assessment.rawValue,
                sourceID: administration.id.text,
                episodeKey: instrument.code,
                summary: answers.joined(separator: ". ")
            ),
            under: access
        )
        guard level.isRisk else { return }
        try CrisisEvent(
            id: surroundings.newID(),
            clientID: access.clientID,
            accountID: access.principal.accountID,
            source: .assessment,
            sourceID: administration.id.text,
            tier: level.tier,
            subject: CrisisFinding.Subject.writer.rawValue,
            categories: "safety_item",
            ruleCodes: report.flags.map(\.id).joined(separator: ","),
            rulesVersion: "\(instrument.code) \(instrument.version)",
            alertID: alert,
            at: access.now
        ).record(access.onward(.create, on: .alerts, work: "crisis.record", entity: "crisis_events"))
    }

    /// Raises alerts for a score at or above the practice's threshold and for reliable deterioration.
    func raiseScoreAlerts(
        _ report: ScoreReport,
        _ administration: Administration,
        _ instrument: Instrument,
        _ access: ClientAccess
    ) throws {
        guard let total = report.total, let value = total.value else { return }
        if let threshold = try threshold(of: instrument, access), reaches(value, threshold, instrument) {
            let band = total.band.map { " (\($0.label.text(in: "en")))" } ?? ""
            try alerts.raise(
                AlertSignal(
                    kind: .severityThreshold,
                    severity: .warn,
                    source: CrisisEvent.Source.assessment.rawValue,
                    sourceID: administration.id.text,
                    episodeKey: instrument.code,
                    summary:
                        "\(instrument.code) total \(value.plain)\(band), at or beyond the threshold of \(threshold.plain)"
                ),
                under: access
            )
        }
        let trend = try trend(instrument, scale: total.id, access)
        if let summary = deterioration(in: trend) {
            try alerts.raise(
                AlertSignal(
                    kind: .reliableDeterioration,
                    severity: .warn,
                    source: CrisisEvent.Source.assessment.rawValue,
                    sourceID: administration.id.text,
                    episodeKey: instrument.code,
                    summary: "\(instrument.code): \(summary)"
                ),
                under: access
            )
        }
    }

    /// What the latest score says against its baseline, when that is reliably worse.
    private func deterioration(in trend: Trend) -> String? {
        guard let latest = trend.latest, let change = latest.change, change.verdict == .deterioration else {
            return nil
        }
        let baseline = trend.segments.last?.baseline
        let index = change.index.map { ", reliable change index \(((($0 * 100).rounded()) / 100).plain)" } ?? ""
        return """
            reliable deterioration from \(baseline?.score.plain ?? "?") on \(baseline.map { "\($0.date)" } ?? "?") \
            to \(latest.score.plain)\(index); \(trend.reliableChange?.basis.source ?? "")
            """
    }

    private func threshold(of instrument: Instrument, _ access: ClientAccess) throws -> Double? {
        if let own = try access.practice().settings.severityThresholds[instrument.code] { return own }
        guard let total = instrument.total else { return nil }
        if let worst = instrument.direction == .higherIsWorse ? total.bands.last : total.bands.first,
            total.bands.count > 1
        {
            return instrument.direction == .higherIsWorse ? worst.from : worst.to
        }
        return instrument.cutPoints.first { $0.score == total.id }?.value
    }

    private func reaches(_ value: Double, _ threshold: Double, _ instrument: Instrument) -> Bool {
        instrument.direction == .higherIsWorse ? value >= threshold : value <= threshold
    }

    /// Free-text answers are screened like everything else that a client, or who acts for them, writes.
    func screenTexts(_ responses: Responses, of administration: Administration, _ access: ClientAccess) throws {
        guard access.relation == .`self` || access.relation.isProxy else { return }
        let instrument = try scorer(of: administration).instrument
        for (item, answer) in responses.values.sorted(by: { $0.key < $1.key }) {
            guard case .text(let text) = answer else { continue }
            let finding = safetyNet.screen(text, of: access.practiceID)
            guard finding.tier > .none else { continue }
            // The name of an item that there is not may be anything.
            let place = instrument.item(item)?.id ?? "unknown"
            try safetyNet.record(
                finding,
                text: text,
                source: .assessment,
                sourceID: "\(administration.id):\(place)",
                access: access,
                alerts: alerts,
                surroundings: surroundings
            )
        }
    }

    func isAlarming(_ answer: Answer, in practice: ID<Practice>) -> Bool {
        guard case .text(let text) = answer else { return false }
        return safetyNet.screen(text, of: practice).tier > .none
    }

    // MARK: - Work

    /// A flagged answer whose form was left unsubmitted is told to the clinician all the same.
    var unsubmittedFlagHandler: WorkHandler {
        WorkHandler("assessment.unsubmitted-flag") { item, transaction in
            guard let clientID = item.clientID, let id = ID<Administration>(item.subjectID) else { return }
            let access = try grant(.change, of: clientID, for: item, in: transaction)
            let administration = try access.one(id)
            guard administration.status == .inProgress else { return }
            let scorer = try scorer(of: administration)
            guard let report = scorer.score(try answers(of: administration, access)).report else { return }
            try raiseFlags(report, administration, scorer.instrument, access)
        }
    }

    /// Tells the clinician that a questionnaire was completed.
    var tellClinicianHandler: WorkHandler {
        WorkHandler("assessment.tell-clinician") { item, transaction in
            guard let clientID = item.clientID else { return }
            let access = try grant(.read, of: clientID, for: item, in: transaction)
            guard let clinician = try access.client().primaryTherapistID else { return }
            try PortalNotification(
                id: surroundings.newID(),
                practiceID: item.practiceID,
                recipient: .staff(clinician),
                clientID: clientID,
                type: "assessment.scored",
                title: "A client completed a questionnaire",
                link: "/api/v1/clients/\(clientID)/assessments",
                dedupeKey: "assessment.scored:\(item.subjectID)",
                sentAt: access.now
            ).insert(in: transaction)
        }
    }

    /// Tells the client that a questionnaire waits for them.
    var tellClientHandler: WorkHandler {
        WorkHandler("assessment.tell-client") { item, transaction in
            guard let clientID = item.clientID else { return }
            let access = try grant(.read, of: clientID, for: item, in: transaction)
            let account = try transaction.fetchOne(
                PortalAccount.self,
                "SELECT * FROM portal_accounts WHERE client_id = \(clientID) AND practice_id = \(item.practiceID) AND status = 'ACTIVE'"
            )
            guard let account else { return }
            try PortalNotification(
                id: surroundings.newID(),
                practiceID: item.practiceID,
                recipient: .account(account.id),
                clientID: clientID,
                type: "assessment.assigned",
                title: "A questionnaire is ready for you",
                link: "/portal/assessments",
                actionRequired: true,
                dedupeKey: "assessment.assigned:\(item.subjectID)",
                sentAt: access.now
            ).insert(in: transaction)
        }
    }

    private func grant(_ action: AccessAction, of client: ID<Client>, for item: WorkItem, in transaction: Transaction)
        throws -> ClientAccess
    {
        try gate.policy.grant(
            action,
            on: .assessments,
            of: client,
            to: .system(item.kind, practice: item.practiceID),
            purpose: .automation,
            entity: "assessments",
            entityID: item.subjectID,
            in: transaction
        )
    }
}
