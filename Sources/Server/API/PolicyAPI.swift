import HTTPTypes
import Portal
import Records

/// The policy as an administrator sees it, the rules for minors, and emergency access.
struct PolicyAPI: Sendable {
    let portal: Portal

    struct PolicyDocument: Codable, Sendable {
        struct RowDocument: Codable, Sendable {
            let relation: String
            let tier: String?
            let who: String
            let areas: [CellDocument]
        }

        struct CellDocument: Codable, Sendable, FieldsDescribed {
            let area: String
            let actions: [String: String]
            let unlessRuled: String?
            let because: String

            static let fieldDescriptions = [
                "actions": "Which rows each action reaches; an action that is not named is refused."
            ]
        }

        let version: Int
        let relations: [RowDocument]

        init(_ table: PolicyTable) {
            version = table.version
            relations = PolicyTable.Row.all.map { row in
                RowDocument(
                    relation: row.relation.rawValue,
                    tier: row.tier?.rawValue,
                    who: table.who[row] ?? "",
                    areas: DataArea.allCases.compactMap { area in
                        table.cell(row, in: area).map { cell in
                            CellDocument(
                                area: area.rawValue,
                                actions: Dictionary(
                                    uniqueKeysWithValues: cell.sights.map { ($0.rawValue, $1.rawValue) }
                                ),
                                unlessRuled: cell.unlessRuled?.rawValue,
                                because: cell.reason
                            )
                        }
                    }
                )
            }
        }
    }

    struct RuleDocument: Codable, Sendable, FieldsDescribed {
        let jurisdiction: String
        let minAge: Int
        let maxAge: Int
        let dataArea: DataArea
        let guardianAccess: GuardianAccess
        let minorConsentOk: Bool
        let effectiveFrom: String

        static let fieldDescriptions = [
            "jurisdiction": "The practice's region, or a client's own, such as US-CA.",
            "max_age": "Up to 17; both ages are included.",
            "minor_consent_ok": "The guardian sees it only with the young client's assent.",
            "effective_from": "The first day, as 2026-01-31.",
        ]

        init(_ rule: JurisdictionRule) {
            jurisdiction = rule.jurisdiction
            minAge = rule.minAge
            maxAge = rule.maxAge
            dataArea = rule.dataArea
            guardianAccess = rule.guardianAccess
            minorConsentOk = rule.minorConsentOk
            effectiveFrom = rule.effectiveFrom
        }
    }

    var endpoints: [Endpoint] { policy + emergency }

    private var policy: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/admin/policy",
                "Who may see what",
                requirements: ["SEC-11"],
                access: .staff(.administrator)
            )
            .touchesNoRecord("The table itself")
            .returns(PolicyDocument.self) { _ in PolicyDocument(portal.policyTable) },
            Route(
                .get,
                "/api/v1/admin/jurisdiction-rules",
                "The practice's rules for minors",
                requirements: ["SEC-19"],
                access: .staff(.administrator)
            )
            .touchesNoRecord("Rules of the practice")
            .returns(Listing<RuleDocument>.self) { call in
                Listing(items: try await portal.jurisdiction.rules(as: call.principal).map(RuleDocument.init))
            },
            Route(
                .put,
                "/api/v1/admin/jurisdiction-rules",
                "Put a rule for minors in force",
                requirements: ["SEC-19"],
                access: .staff(.administrator)
            )
            .touchesNoRecord("Rules of the practice")
            .body(RuleDocument.self)
            .returns(Listing<RuleDocument>.self) { call in
                Listing(
                    items: try await portal.jurisdiction.set(try draft(call.body), as: call.principal)
                        .map(RuleDocument.init)
                )
            },
        ]
    }

    private func draft(_ body: RuleDocument) throws -> JurisdictionService.Draft {
        guard body.minAge >= 0, body.minAge <= body.maxAge, body.maxAge <= 17 else {
            throw Problem.invalid(.field("max_age"), "is no range of a minor's ages", remedy: "Send 0 to 17, in order")
        }
        guard Age.years(from: body.effectiveFrom, on: "9999-12-31") != nil else {
            throw Problem.invalid(.field("effective_from"), "is no day", remedy: "Write it as 2026-01-31")
        }
        return .init(
            jurisdiction: body.jurisdiction,
            ages: body.minAge...body.maxAge,
            area: body.dataArea,
            access: body.guardianAccess,
            minorMayConsentAlone: body.minorConsentOk,
            effectiveFrom: body.effectiveFrom
        )
    }

    private var emergency: [Endpoint] {
        [
            Route(
                .post,
                "/api/v1/clients/{client}/emergency-access",
                "Open the record of somebody in danger whom one does not treat, for 60 minutes",
                requirements: ["SEC-11", "SEC-23"],
                access: .staff(.clinician, .supervisor)
            )
            .touchesNoRecord("Breaks the glass; what is read afterwards is decided as EMERGENCY_ACCESS")
            .body(ReasonRequest.self)
            .returns(AccessReasonDocument.self, status: .created) { call in
                guard !call.body.reason.allSatisfy(\.isWhitespace) else {
                    throw Problem.invalid(.field("reason"), "is empty", remedy: "Say what the emergency is")
                }
                return AccessReasonDocument(
                    try await portal.emergencyAccess.open(
                        call.id("client"),
                        reason: call.body.reason,
                        as: call.principal
                    )
                )
            },
            Route(
                .get,
                "/api/v1/admin/emergency-access",
                "Emergency accesses and reveals with their reasons, those to review first",
                requirements: ["SEC-11", "SEC-23"],
                access: .staff
            )
            .lists(.audit)
            .returns(Listing<AccessReasonDocument>.self) { call in
                Listing(
                    items: try await portal.emergencyAccess.reasons(as: call.principal).map(AccessReasonDocument.init)
                )
            },
            Route(
                .post,
                "/api/v1/admin/emergency-access/{access}/review",
                "Mark one reviewed",
                requirements: ["SEC-11", "SEC-23"],
                access: .staff
            )
            .touches(.audit, .change)
            .body(ReviewRequest.self)
            .problems(.conflict)
            .returns(AccessReasonDocument.self) { call in
                AccessReasonDocument(
                    try await portal.emergencyAccess.review(
                        call.id("access"),
                        note: call.body.note,
                        as: call.principal
                    )
                )
            },
        ]
    }
}
