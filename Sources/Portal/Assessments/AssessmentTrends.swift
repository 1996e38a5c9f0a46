public import Assessment
import Foundation
public import Records
import Store

/// What the scores of a client show over time.
extension AssessmentService {
    /// The series of one scale of one instrument with its change statistics. Empty when nothing was scored yet.
    public func trend(of client: ID<Client>, instrument code: String, scale: String? = nil, as principal: Principal)
        async throws -> Trend
    {
        guard let instrument = catalog.library[code] else { throw unknownInstrument(code) }
        let scaleID = scale ?? instrument.total?.id ?? "total"
        guard instrument.scale(scaleID) != nil else {
            throw Refusal.invalid(
                pointer: "/scale",
                message: "\(instrument.code) has no scale \(scaleID)",
                remedy: "Choose one of: \(instrument.scores.map(\.id).joined(separator: ", "))"
            )
        }
        return try await gate.open(
            .read,
            on: .assessments,
            of: client,
            as: principal,
            purpose: purpose(of: principal),
            entity: "assessment_scores"
        ) { access in try trend(instrument, scale: scaleID, access) }
    }

    /// Scores that a trend looks back on; ``Trend`` judges up to 2000 at once.
    private static let longestTrend = 1000

    func trend(_ instrument: Instrument, scale: String, _ access: ClientAccess) throws -> Trend {
        let zone = TimeZone(identifier: try access.practice().timeZone) ?? .gmt
        // The newest ones, should there be more than anybody looks at.
        let scores = try access.all(
            StoredScore.self,
            where: "instrument_code = \(instrument.code) AND scale = \(scale) AND value IS NOT NULL",
            order: "computed_at DESC, id DESC",
            limit: Self.longestTrend
        ).reversed()
        let points = scores.compactMap { score -> TrendPoint? in
            guard let value = score.value, let day = CivilDay(score.computedAt.day(in: zone)) else { return nil }
            return TrendPoint(date: day, score: value, version: score.instrumentVersion)
        }
        return try Trend.analyze(points, instrument: instrument, scale: scale)
    }
}
