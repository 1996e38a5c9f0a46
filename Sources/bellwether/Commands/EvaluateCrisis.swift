import ArgumentParser
import Assistant
import Foundation
import Knowledge
import Retrieval

struct EvaluateCrisis: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crisis",
        abstract: "Measure which messages the crisis screen finds, and which it leaves alone.",
        discussion: """
            One JSON object a line: {"id", "text", "label"}. The label is crisis, third_party, support or none; rows with \
            crisis or third_party should raise an alert. A row without a label is screened, but left out of the figures. \
            The fields tier and phenomenon, where rows have them, give tables of their own. Every row is screened by \
            itself, without memory of the others.
            """
    )

    @Argument(help: ArgumentHelp("Messages as JSON lines.", valueName: "file"))
    var file: String

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        let rows = try LabelledFile(path: file).rows(Row.self, "the label", \.label, among: Label.self)
        let screen = CrisisScreen(try knowledge.readPrompts())
        let results = rows.map { Result($0, screen.screen($0.text)) }
        let summary = Summary(results)
        switch output.format {
        case .json: printLine(try json(Report(rows: results, summary: summary)))
        case .table: printTables(results, summary)
        }
    }

    private func printTables(_ results: [Result], _ summary: Summary) {
        printLine(table(["figure", "value", "95% interval"], summary.rows))
        for (title, groups) in summary.groups where !groups.isEmpty {
            printLine()
            printLine(table([title, "rows", "alerts", "right"], groups.map(\.cells)))
        }
        let wrong = results.filter(\.isWrong)
        guard !wrong.isEmpty else { return }
        printLine()
        let cells = wrong.map { row in
            [
                row.id.text, row.label ?? "", row.predicted, row.tier, row.rules.joined(separator: " "),
                String(row.text.prefix(90)),
            ]
        }
        printLine(table(["id", "label", "predicted", "tier", "rules", "text"], cells))
    }

    enum Label: String, CaseIterable {
        case crisis
        case thirdParty = "third_party"
        case support
        case none

        var isAlert: Bool { self == .crisis || self == .thirdParty }

        init(_ finding: CrisisFinding) {
            self =
                switch (finding.tier, finding.alert) {
                case (.none, _): .none
                case (_, false): .support
                case (_, true): finding.subject == .thirdParty ? .thirdParty : .crisis
                }
        }
    }

    struct Row: Decodable {
        let id: RowID
        let text: String
        let label: String?
        let tier: String?
        let phenomenon: String?
    }

    struct Result: Encodable {
        let id: RowID
        let predicted: String
        let tier: String
        let alert: Bool
        let rules: [String]
        let label: String?
        let row: Row
        var text: String { row.text }

        enum CodingKeys: String, CodingKey { case id, predicted, tier, alert, rules, label }

        init(_ row: Row, _ finding: CrisisFinding) {
            id = row.id
            predicted = Label(finding).rawValue
            tier = finding.tier.rawValue
            alert = finding.alert
            rules = finding.matches.map(\.ruleID)
            label = row.label
            self.row = row
        }

        /// Whether the decision to alert, which the figures count, is wrong.
        var isWrong: Bool { label.flatMap(Label.init).map { $0.isAlert != alert } ?? false }
    }

    struct Group: Encodable {
        let name: String
        let rows: Int
        let alerts: Int
        let right: Int

        var cells: [String] { [name, "\(rows)", "\(alerts)", "\(right)"] }

        static func by(_ results: [Result], _ key: (Result) -> String?) -> [Group] {
            Dictionary(grouping: results.filter { key($0) != nil }) { key($0) ?? "" }
                .map { name, rows in
                    Group(
                        name: name,
                        rows: rows.count,
                        alerts: rows.count(where: \.alert),
                        right: rows.count { !$0.isWrong }
                    )
                }
                .sorted { $0.name < $1.name }
        }
    }

    struct Summary: Encodable {
        let labelledRows: Int
        /// Part of the crisis and third_party rows that raise an alert.
        let sensitivity: Double
        let sensitivityInterval: [Double]
        /// Part of the support and none rows that raise none.
        let specificity: Double
        let specificityInterval: [Double]
        /// Part of the rows whose predicted label is the label itself.
        let labelAccuracy: Double
        let byLabel: [Group]
        let byTier: [Group]
        let byPhenomenon: [Group]
        private let positives: Int
        private let negatives: Int

        enum CodingKeys: String, CodingKey {
            case labelledRows = "labelled_rows"
            case sensitivity, specificity
            case sensitivityInterval = "sensitivity_interval"
            case specificityInterval = "specificity_interval"
            case labelAccuracy = "label_accuracy"
            case byLabel = "by_label"
            case byTier = "by_tier"
            case byPhenomenon = "by_phenomenon"
        }

        init(_ results: [Result]) {
            let labelled = results.filter { $0.label != nil }
            let positive = labelled.filter { $0.label.flatMap(Label.init)?.isAlert ?? false }
            let negative = labelled.filter { !($0.label.flatMap(Label.init)?.isAlert ?? true) }
            func part(_ count: Int, of all: Int) -> Double { all == 0 ? 0 : Double(count) / Double(all) }
            labelledRows = labelled.count
            positives = positive.count
            negatives = negative.count
            sensitivity = part(positive.count(where: \.alert), of: positive.count)
            specificity = part(negative.count { !$0.alert }, of: negative.count)
            sensitivityInterval = Self.wilson(positive.count(where: \.alert), of: positive.count)
            specificityInterval = Self.wilson(negative.count { !$0.alert }, of: negative.count)
            labelAccuracy = part(labelled.count { $0.predicted == $0.label }, of: labelled.count)
            byLabel = Group.by(labelled, \.label)
            byTier = Group.by(labelled, \.row.tier)
            byPhenomenon = Group.by(labelled, \.row.phenomenon)
        }

        var groups: [(String, [Group])] {
            [("label", byLabel), ("labelled tier", byTier), ("phenomenon", byPhenomenon)]
        }

        var rows: [[String]] {
            func figure(_ value: Double) -> String { String(format: "%.3f", value) }
            func interval(_ bounds: [Double]) -> String { bounds.map(figure).joined(separator: "–") }
            return [
                ["labelled rows", "\(labelledRows)", ""], ["that should alert", "\(positives)", ""],
                ["sensitivity", figure(sensitivity), interval(sensitivityInterval)],
                ["that should not", "\(negatives)", ""],
                ["specificity", figure(specificity), interval(specificityInterval)],
                ["label accuracy", figure(labelAccuracy), ""],
            ]
        }

        /// Wilson's score interval at 95 %.
        private static func wilson(_ count: Int, of all: Int) -> [Double] {
            guard all > 0 else { return [0, 1] }
            let z = 1.959964
            let n = Double(all)
            let share = Double(count) / n
            let center = share + z * z / (2 * n)
            let spread = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
            let scale = 1 + z * z / n
            return [max(0, (center - spread) / scale), min(1, (center + spread) / scale)]
        }
    }

    private struct Report: Encodable {
        let rows: [Result]
        let summary: Summary
    }
}

/// The id of a row, given back as it was written: a text or a whole number.
enum RowID: Codable {
    case text(String)
    case number(Int)

    var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): String(number)
        }
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Int.self) {
            self = .number(number)
        } else {
            self = .text(try container.decode(String.self))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .text(let text): try container.encode(text)
        case .number(let number): try container.encode(number)
        }
    }
}
