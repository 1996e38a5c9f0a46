import ArgumentParser
import Assessment
import Foundation
import Knowledge

struct TrendCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "trend",
        abstract: "Judge a series of scores of one person.",
        discussion: """
            The file is CSV with the header date,score and, if the instrument has changed in between, version. Dates are \
            yyyy-MM-dd. Scores are compared only within one version. Reliable change, response, remission and recovery are \
            separate statements.
            """
    )

    @Argument(help: "CSV file with the columns date and score; - for standard input.")
    var file: String

    @Option(help: "Code of the instrument, such as PHQ-9.")
    var instrument: String

    @Option(help: "Id of the score, such as B of the PCL-5.")
    var scale = "total"

    @Option(help: "Date of the baseline. Default: the first score.")
    var baseline: String?

    @Option(help: "Which of the instrument's ways to judge reliable change, by its id.")
    var basis: String?

    @Option(help: "Standard deviation of the score, in place of the instrument's; needs --reliability.")
    var sd: Double?

    @Option(help: "Reliability of the score, from 0 to below 1; needs --sd.")
    var reliability: Double?

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (sd == nil) == (reliability == nil) else { throw ValidationError("--sd and --reliability go together.") }
        guard sd == nil || basis == nil else { throw ValidationError("--basis and --sd exclude each other.") }
    }

    func run() throws {
        let instrument = try knowledge.instrument(instrument)
        guard let scaleDefinition = instrument.scale(scale) else {
            let known = instrument.scores.map(\.id).joined(separator: ", ")
            throw failure(.dataError, "\(instrument.code) has no score \(scale); it has \(known).")
        }
        let trend: Trend
        do {
            let table = try TrendTable(
                KnowledgeFile.input(file),
                version: instrument.version,
                range: scaleDefinition.range
            )
            trend = try Trend.analyze(table.points, instrument: instrument, scale: scale, options: try options())
        } catch let error as KnowledgeError {
            throw failure(.dataError, "the series cannot be read.\n\(error)")
        } catch let error as TrendError {
            throw failure(.dataError, "\(error).")
        }
        switch output.format {
        case .json: printLine(try json(TrendDocument(trend)))
        case .table: show(trend)
        }
    }

    private func options() throws -> TrendOptions {
        var options = TrendOptions()
        if let baseline {
            guard let day = CivilDay(baseline) else {
                throw failure(.dataError, "\(baseline) is not a date yyyy-MM-dd.")
            }
            options.baseline = .date(day)
        }
        if let basis { options.basis = .named(basis) }
        if let sd, let reliability { options.basis = .custom(sd: sd, reliability: reliability) }
        return options
    }

    // MARK: - For people

    private func show(_ trend: Trend) {
        guard !trend.segments.isEmpty else { return printLine("There are no scores.") }
        for segment in trend.segments {
            printLine("\(trend.instrument), \(trend.scale), version \(segment.version)")
            printLine()
            printLine(
                table(
                    [
                        "date", "score", "severity", "from previous", "from baseline", "RCI", "verdict", "response",
                        "remission", "recovered",
                    ],
                    segment.points.map(row)
                )
            )
            if let slope = segment.slope {
                let interval = slope.low.flatMap { low in
                    slope.high.map { " (95 % interval \(signed(low)) to \(signed($0)))" }
                }
                printLine()
                printLine("Slope: \(signed(slope.perWeek)) points a week\(interval ?? "")")
            }
            printLine()
        }
        if let change = trend.reliableChange {
            let measure =
                switch change.basis.measure {
                case .index: "a change of more than \(String(format: "%.2f", change.threshold)) points"
                case .points: "a change of at least \(change.threshold.plain) points"
                }
            printLine("Reliable change: \(measure). Source: \(change.basis.source)")
        }
        if let response = trend.parameters?.response {
            printLine(
                "Response: better by \(String(format: "%.0f", response.fraction * 100)) % of the baseline. Source: \(response.source)"
            )
        }
        if let remission = trend.parameters?.remission {
            let side = trend.direction == .higherIsWorse ? "below" : "above"
            printLine("Remission: \(side) \(remission.limit.plain). Source: \(remission.source)")
        }
        if let difference = trend.parameters?.minimalImportant {
            printLine("Minimal important difference: \(difference.points.plain) points. Source: \(difference.source)")
        }
    }

    private func row(_ point: Trend.Point) -> [String] {
        [
            point.date.description,
            point.score.plain,
            point.band?.label.text(in: "en") ?? "",
            point.fromPrevious.map(signed) ?? "",
            point.isBaseline ? "baseline" : point.change.map { signed($0.points) } ?? "",
            point.change?.index.map { String(format: "%.2f", $0) } ?? "",
            point.change?.verdict?.rawValue ?? "",
            said(point.change?.isResponse),
            said(point.change?.isRemission),
            said(point.change?.isRecovered),
        ]
    }

    private func signed(_ value: Double) -> String {
        let text = value == value.rounded() ? value.plain : String(format: "%.2f", value)
        return value > 0 ? "+\(text)" : text
    }

    private func said(_ statement: Bool?) -> String { statement.map { $0 ? "yes" : "no" } ?? "" }
}
