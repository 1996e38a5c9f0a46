import Foundation
public import Knowledge

extension PolicyTable {
    /// The table that is built into the program. A faulty one refuses everything; ``readShipped()`` says what is wrong.
    public static let shipped = (try? readShipped()) ?? .closed

    /// Reads the table that is built into the program. Throws a `KnowledgeError` that names file, line, fault and remedy.
    public static func readShipped() throws(KnowledgeError) -> PolicyTable {
        try PolicyTable(
            KnowledgeFile(
                path: "Sources/Records/Access/policy.yaml",
                text: String(decoding: PackageResources.policy_yaml, as: UTF8.self)
            )
        )
    }

    /// Reads a table. Throws a `KnowledgeError` for unknown names, an area that a relation does not decide or decides
    /// twice, a relation that is missing, and an entry without a reason.
    public init(_ file: KnowledgeFile) throws(KnowledgeError) {
        let collector = DiagnosticCollector(file: file.path)
        var reader = PolicyReader()
        if let root = YAMLValue.parse(file.text, collector: collector)?.map("the policy", keys: ["version", "table"]) {
            reader.read(root)
        }
        if collector.hasErrors { throw KnowledgeError(collector.diagnostics) }
        self.init(version: reader.version, cells: reader.cells, who: reader.who)
    }
}

/// Reads the table, row by row.
private struct PolicyReader {
    var version = 0
    var cells: [PolicyTable.Row: [DataArea: PolicyTable.Cell]] = [:]
    var who: [PolicyTable.Row: String] = [:]

    mutating func read(_ root: YAMLMap) {
        version = root.integer("version") ?? 0
        for value in root.list("table") {
            guard let map = value.map("a relation", keys: ["relation", "tier", "who", "may", "refused"]),
                let row = row(map)
            else { continue }
            if cells[row] != nil {
                map.value.error("\(row.name) stands here twice", remedy: "Make one entry of the two")
            }
            who[row] = map.string("who")
            cells[row] = readCells(map, row)
        }
        for row in PolicyTable.Row.all where cells[row] == nil {
            root.value.error("\(row.name) is missing", remedy: "Add it, if only with `refused:`")
        }
    }

    private func row(_ map: YAMLMap) -> PolicyTable.Row? {
        guard let relation = map.choice("relation", Relation.self) else { return nil }
        let tier = map.optionalChoice("tier", AgeTier.self)
        let row = PolicyTable.Row(relation, tier: tier)
        guard PolicyTable.Row.all.contains(row) else {
            map.value.error(
                relation == .guardian
                    ? "a guardian needs the tier of a minor" : "\(relation.rawValue) has no age tiers",
                remedy: relation == .guardian ? "Add `tier: UNDER_12`, or another" : "Remove the line `tier:`"
            )
            return nil
        }
        return row
    }

    private func readCells(_ map: YAMLMap, _ row: PolicyTable.Row) -> [DataArea: PolicyTable.Cell] {
        var cells: [DataArea: PolicyTable.Cell] = [:]
        let actions = AccessAction.allCases.map(\.rawValue)
        for key in ["may", "refused"] {
            for value in map.list(key) {
                let known = ["areas", "because"] + (key == "may" ? actions + ["unless_ruled"] : [])
                guard let entry = value.map("an entry of \(row.name)", keys: known) else { continue }
                let reason = entry.string("because") ?? ""
                let unlessRuled = entry.optionalChoice("unless_ruled", GuardianAccess.self)
                if unlessRuled != nil, row.relation != .guardian {
                    value.error("the rules for minors are about guardians", remedy: "Remove `unless_ruled`")
                }
                var sights: [AccessAction: Sight] = [:]
                for action in AccessAction.allCases {
                    sights[action] = entry.optionalChoice(action.rawValue, Sight.self)
                }
                if key == "may", sights.isEmpty {
                    value.error("the entry opens nothing", remedy: "Add an action, such as `READ: ALL`, or refuse it")
                }
                for area in areas(entry) {
                    if cells[area] != nil {
                        value.error(
                            "\(area.rawValue) is decided twice for \(row.name)",
                            remedy: "Take it out of one entry"
                        )
                    }
                    cells[area] = PolicyTable.Cell(sights: sights, unlessRuled: unlessRuled, reason: reason)
                }
            }
        }
        let undecided = DataArea.allCases.filter { cells[$0] == nil }.map(\.rawValue)
        if !undecided.isEmpty {
            map.value.error(
                "\(row.name) says nothing about \(undecided.joined(separator: ", "))",
                remedy: "Name them under `may` or `refused`"
            )
        }
        return cells
    }

    private func areas(_ entry: YAMLMap) -> [DataArea] {
        let known = DataArea.allCases.map(\.rawValue)
        if entry.required("areas") != nil, entry.list("areas").isEmpty {
            entry.value.error("\(entry.what) names no area", remedy: "Write `areas: [CHART]`")
        }
        return entry.list("areas").compactMap { value in
            let name = value.string ?? ""
            if let area = DataArea(rawValue: name) { return area }
            value.error(
                "there is no area `\(name)`",
                remedy: nearest(to: name, among: known).map { "Did you mean `\($0)`" }
                    ?? "Choose from: \(known.joined(separator: ", "))"
            )
            return nil
        }
    }
}
