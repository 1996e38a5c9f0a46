import Knowledge
import Testing

@testable import Assessment

@Suite("Bands of the shipped instruments")
struct BandTests {
    /// Answers that add up to `total`, as even as can be.
    static func answers(total: Int, items: Int, highest: Int) -> Responses {
        var rest = total
        return Responses(
            (0..<items).map { index -> Int? in
                let value = min(highest, (rest + items - index - 1) / (items - index))
                rest -= value
                return value
            }
        )
    }

    @Test(arguments: [
        (0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate"),
        (15, "moderately severe"), (19, "moderately severe"), (20, "severe"), (27, "severe"),
    ])
    func `PHQ-9 totals fall into the published bands`(total: Int, band: String) throws {
        let document = ScoreDocument(
            Self.answers(total: total, items: 9, highest: 3),
            scorer: try Shipped.scorer("PHQ-9")
        )
        #expect(document.total == Double(total))
        #expect(document.severity == band)
        #expect(document.severityCode == band.replacing(" ", with: "_"))
    }

    @Test(arguments: [
        (0, "minimal"), (4, "minimal"), (5, "mild"), (9, "mild"), (10, "moderate"), (14, "moderate"), (15, "severe"),
        (21, "severe"),
    ])
    func `GAD-7 totals fall into the published bands`(total: Int, band: String) throws {
        let document = ScoreDocument(
            Self.answers(total: total, items: 7, highest: 3),
            scorer: try Shipped.scorer("GAD-7")
        )
        #expect(document.total == Double(total))
        #expect(document.severity == band)
    }

    @Test(arguments: [(0, "low"), (4, "low"), (5, "fair"), (7, "fair"), (8, "good"), (10, "good")])
    func `check-in scores fall into their bands`(value: Int, band: String) throws {
        let instrument = try Shipped.instrument("session check-in")
        #expect(instrument.total?.band(for: Double(value))?.code == band)
    }

    @Test func `a whole check-in is scored with the item turned round`() throws {
        let scorer = try Shipped.scorer("session check-in")
        let best = scorer.score(Responses([3, 0, 3, 0])).report
        #expect(best?.total?.value == 10)
        #expect(best?.scale("fit")?.value == 3)
        #expect(scorer.score(Responses([0, 3, 0, 0])).report?.total?.value == 0)
    }

    @Test(arguments: [(32, false), (33, true), (80, true), (0, false)])
    func `the PCL-5 has a cut point and no bands`(total: Int, isMet: Bool) throws {
        let document = ScoreDocument(
            Self.answers(total: total, items: 20, highest: 4),
            scorer: try Shipped.scorer("PCL-5")
        )
        #expect(document.total == Double(total))
        #expect(document.severity == nil)
        #expect(document.cutPoints["cut_point"]?.met == isMet)
    }

    @Test func `the cut point is a setting that keeps its source`() throws {
        let instrument = try Shipped.instrument("PCL-5")
        let responses = Self.answers(total: 31, items: 20, highest: 4)
        let lower = Scorer(instrument, settings: ScoringSettings(cutPoints: ["cut_point": 31])).score(responses).report
        #expect(lower?.cutPoints.first?.met == true)
        #expect(lower?.cutPoints.first?.source.contains("Lower end") == true)
        let own = Scorer(instrument, settings: ScoringSettings(cutPoints: ["cut_point": 37])).score(responses).report
        #expect(own?.cutPoints.first?.met == false)
        #expect(own?.cutPoints.first?.source == "Set by the practice")
    }

    @Test func `every band says what it means in every language, and that it is no diagnosis`() throws {
        for instrument in try Shipped.library().all where instrument.kind == .clinical {
            for band in instrument.scores.flatMap(\.bands) {
                for language in instrument.languages {
                    let client = band.client?.text(in: language) ?? ""
                    #expect(client.contains(language == "es" ? "no un diagnóstico" : "not a diagnosis"))
                    let clinician = band.clinician?.text(in: language) ?? ""
                    #expect(clinician.contains(language == "es" ? "no un diagnóstico" : "not a diagnosis"))
                }
            }
        }
    }
}
