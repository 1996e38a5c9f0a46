import Knowledge
import Testing

@testable import Records

@Suite("The policy")
struct PolicyTableTests {
    /// Every cell, written apart from the file. Letters: r read, c create, u change, d delete, v reveal, each of every row;
    /// s reads what is shared, n what is not confidential, m everything masked; - is nothing.
    private static let expected = """
        area           SELF <12  12   14   REP  FAM PART EMC CLIN SUP DESK BILL COACH EDIT ADM  GLASS SYSTEM
        APPOINTMENTS   rcu  rcu  rcu  nc   rcu  r   r    r   rcu  r   rcud r    r     -    rcu  r     rcud
        MESSAGES       rcu  rcu  rc   n    rcu  -   -    -   rcu  -   -    -    -     -    rcu  -     rcud
        PLAN           r    r    r    n    r    n   n    n   rcu  r   -    -    r     -    rcu  r     rcud
        NOTES          s    s    -    -    s    -   -    -   rcu  r   -    -    -     -    rcu  r     rcud
        ASSESSMENTS    rcu  rcu  r    n    r    -   -    -   rcu  r   -    -    -     -    rcu  r     rcud
        JOURNAL        rcud r    -    -    -    -   -    -   s    s   -    -    -     -    v    -     rcud
        WELLNESS       rcud rcu  r    n    -    -   -    -   s    s   -    -    s     -    rcu  s     rcud
        HOMEWORK       ru   ru   r    n    r    n   n    -   rcu  r   -    -    rcu   -    rcu  -     rcud
        GOALS          rcu  rcu  r    n    r    n   n    -   rcu  r   -    -    rcu   -    rcu  -     rcud
        REVIEWS        rcu  -    -    -    -    -   -    -   s    s   -    -    -     -    mv   -     rcud
        BILLING        rc   rc   rc   nc   rc   r   -    -   r    -   r    rcu  -     -    rcu  -     rcud
        DOCUMENTS      rc   rc   r    n    rc   n   -    -   rcu  r   -    -    -     -    rcu  r     rcud
        CHAT           rcu  r    -    -    -    -   -    -   -    -   -    -    -     -    -    -     rcud
        GROUPS         rcu  rcu  -    -    -    -   -    -   rcu  -   -    -    -     -    rcu  -     rcud
        ALERTS         -    -    -    -    -    -   -    -   rcu  ru  -    -    -     -    rcu  ru    rcud
        CHART          r    r    r    r    r    r   r    r   rcu  r   rcu  r    r     -    rcud r     rcud
        PROFILE        rcud rcu  rcu  r    rcu  -   -    -   r    r   rcu  r    r     -    rcu  r     rcud
        CONSENTS       rcu  ru   r    n    rcu  -   -    -   r    r   r    -    -     -    rcu  r     rcud
        RELATIONSHIPS  rcu  r    r    r    r    -   -    -   rcu  r   rc   -    -     -    rcu  r     rcud
        AUDIT          r    -    -    -    r    -   -    -   -    -   -    -    -     -    ru   -     rcud
        EXPORT         rc   r    -    -    rc   -   -    -   -    -   -    -    -     -    rc   -     rcud
        ACCOUNT        -    -    -    -    -    -   -    -   rcu  -   rcu  -    -     -    rcu  -     rcud
        """

    private static let columns: [PolicyTable.Row] = [
        .init(.`self`), .init(.guardian, tier: .under12), .init(.guardian, tier: .from12To13),
        .init(.guardian, tier: .from14To17), .init(.representative), .init(.family), .init(.partner),
        .init(.emergencyContact), .init(.assignedClinician), .init(.supervisor), .init(.frontDesk), .init(.billing),
        .init(.healthCoach), .init(.contentEditor), .init(.administrator), .init(.emergencyAccess), .init(.system),
    ]

    private static let letters: [Character: (AccessAction, Sight)] = [
        "r": (.read, .all), "s": (.read, .shared), "n": (.read, .nonconfidential), "m": (.read, .masked),
        "c": (.create, .all), "u": (.change, .all), "d": (.delete, .all), "v": (.reveal, .all),
    ]

    @Test func `every cell of relation, area and action is as it was written down apart`() throws {
        let table = try PolicyTable.readShipped()
        let lines = Self.expected.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines.count == DataArea.allCases.count + 1)
        #expect(Set(Self.columns) == Set(PolicyTable.Row.all) && Self.columns.count == PolicyTable.Row.all.count)
        var seen = 0
        for line in lines.dropFirst() {
            let area = try #require(DataArea(rawValue: line[0]))
            try #require(line.count == Self.columns.count + 1)
            for (row, code) in zip(Self.columns, line.dropFirst()) {
                let wanted = Dictionary(uniqueKeysWithValues: code.compactMap { Self.letters[$0] })
                for action in AccessAction.allCases {
                    seen += 1
                    #expect(table.sight(row, action, in: area) == wanted[action], "\(row.name) \(area) \(action)")
                }
            }
        }
        #expect(seen == 17 * 22 * 5)
    }

    @Test func `every cell has a reason, and every row says who it is`() throws {
        let table = try PolicyTable.readShipped()
        for row in PolicyTable.Row.all {
            #expect(table.who[row]?.isEmpty == false)
            for area in DataArea.allCases {
                #expect((table.cell(row, in: area)?.reason.count ?? 0) > 3, "\(row.name) \(area)")
            }
        }
    }

    @Test func `what is not in a table is refused`() {
        for row in PolicyTable.Row.all {
            for area in DataArea.allCases {
                for action in AccessAction.allCases {
                    #expect(PolicyTable.closed.sight(row, action, in: area) == nil)
                }
            }
        }
        let adult = PolicyTable.Row(.guardian, tier: .adult)
        #expect(PolicyTable.shipped.cell(adult, in: .chart) == nil, "nobody is an adult's guardian")
    }

    // MARK: - Faulty tables

    /// A sound table in which every relation is refused everything.
    private static var sound: [String] {
        let areas = DataArea.allCases.map(\.rawValue).joined(separator: ", ")
        return ["version: 1", "table:"]
            + PolicyTable.Row.all.map { row in
                let tier = row.tier.map { "tier: \($0.rawValue), " } ?? ""
                return
                    "- {relation: \(row.relation.rawValue), \(tier)who: x, refused: [{areas: [\(areas)], because: y}]}"
            }
    }

    private static func replaced(_ line: Int, _ old: String, _ new: String) -> String {
        var lines = sound
        lines[line - 1] = lines[line - 1].replacing(old, with: new)
        return lines.joined(separator: "\n")
    }

    @Test func `a sound table is read`() throws {
        let table = try PolicyTable(KnowledgeFile(path: "p.yaml", text: Self.sound.joined(separator: "\n")))
        #expect(table.sight(.init(.administrator), .read, in: .chart) == nil)
    }

    @Test(arguments: [
        (replaced(3, "SELF", "SELFF"), "p.yaml:3", "SELFF"), (replaced(3, "CHART", "CHARD"), "p.yaml:3", "CHARD"),
        (replaced(3, "CHART, ", ""), "p.yaml:3", "says nothing about CHART"),
        (replaced(3, "CHART, ", "CHART, CHART, "), "p.yaml:3", "decided twice"),
        (replaced(3, "because: y", "because: ''"), "p.yaml:3", "empty"),
        (replaced(3, ", because: y", ""), "p.yaml:3", "has no `because`"),
        (replaced(3, "who: x", "tier: UNDER_12, who: x"), "p.yaml:3", "no age tiers"),
        (replaced(4, "tier: UNDER_12, ", ""), "p.yaml:4", "needs the tier"),
        (replaced(4, "UNDER_12", "ADULT"), "p.yaml:4", "needs the tier"),
        (replaced(7, "REPRESENTATIVE", "FAMILY"), "p.yaml:8", "stands here twice"),
        (replaced(7, "REPRESENTATIVE", "FAMILY"), "p.yaml:1", "REPRESENTATIVE is missing"),
        (replaced(3, "refused", "may"), "p.yaml:3", "opens nothing"),
        (replaced(3, "because: y", "READ: ALL, because: y"), "p.yaml:3", "unknown key `READ`"),
        (replaced(3, "refused: [{", "may: [{REED: ALL, "), "p.yaml:3", "unknown key `REED`"),
        (replaced(3, "refused: [{", "may: [{READ: SOME, "), "p.yaml:3", "`SOME`"),
        (replaced(3, "refused: [{", "may: [{READ: ALL, unless_ruled: NONE, "), "p.yaml:3", "are about guardians"),
        ("", "p.yaml:1", "empty"),
    ])
    func `a faulty table is refused with file, line and fault`(text: String, place: String, fault: String) throws {
        let error = try #require(throws: KnowledgeError.self) {
            try PolicyTable(KnowledgeFile(path: "p.yaml", text: text))
        }
        #expect(
            error.diagnostics.contains { $0.description.hasPrefix("\(place):") && $0.message.contains(fault) },
            "\(error)"
        )
        for finding in error.diagnostics { #expect(!finding.remedy.isEmpty) }
    }
}
