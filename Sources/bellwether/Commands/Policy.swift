import ArgumentParser
import Records

struct Policy: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Print who may see what: the table that the program is driven by.",
        discussion: """
            For each relation to a client and each area of the record: which rows every action reaches, and why. What is \
            not there is refused.
            """
    )

    @OptionGroup var output: OutputOptions

    @Option(help: ArgumentHelp("Only this relation, such as GUARDIAN.", valueName: "relation"))
    var relation: String?

    func validate() throws {
        guard relation.map({ Relation(rawValue: $0.uppercased()) == nil }) != true else {
            throw ValidationError("Relations are: \(Relation.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
    }

    func run() throws {
        let policy = try PolicyTable.readShipped()
        let rows = PolicyTable.Row.all.filter { relation == nil || $0.relation.rawValue == relation?.uppercased() }
        let cells = rows.flatMap { row in
            DataArea.allCases.compactMap { area in policy.cell(row, in: area).map { Entry(row, area, $0) } }
        }
        switch output.format {
        case .json: printLine(try json(cells))
        case .table:
            printLine(
                table(
                    ["relation", "area", "may", "because"],
                    cells.map { [$0.relation, $0.area, $0.summary, $0.because] }
                )
            )
        }
    }

    private struct Entry: Encodable {
        let relation: String
        let area: String
        let actions: [String: String]
        let unlessRuled: String?
        let because: String

        init(_ row: PolicyTable.Row, _ area: DataArea, _ cell: PolicyTable.Cell) {
            relation = row.name
            self.area = area.rawValue
            actions = Dictionary(uniqueKeysWithValues: cell.sights.map { ($0.rawValue, $1.rawValue) })
            unlessRuled = cell.unlessRuled?.rawValue
            because = cell.reason
        }

        var summary: String {
            let words = AccessAction.allCases.compactMap { action in
                actions[action.rawValue].map { "\(action.rawValue) \($0)" }
            }
            let rule = unlessRuled.map { ["unless ruled \($0)"] } ?? []
            return words.isEmpty ? "refused" : (words + rule).joined(separator: ", ")
        }
    }
}
