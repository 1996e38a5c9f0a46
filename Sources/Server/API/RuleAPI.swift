import Assistant
import HTTPTypes
import Portal
import Records

/// The rules of the crisis screen and the guardrails: those in force, and a practice's own from the draft into force.
struct RuleAPI: Sendable {
    let portal: Portal

    private static let reason = "Rules are the practice's, and name no client; of messages only counts are told"
    private static let base = "/api/v1/content/guardrail-rules"

    struct RuleQuery: Decodable, Sendable, FieldsDescribed {
        let screen: Rule.Screen?

        static let fieldDescriptions = ["screen": "Only rules of this screen."]
    }

    var endpoints: [Endpoint] { reading + writing + publishing }

    private func route(_ method: HTTPRequest.Method, _ path: String, _ summary: String)
        -> Route<StaffCaller, NoQuery, NoBody>
    {
        Route(
            method,
            path,
            summary,
            requirements: ["AI-18"],
            access: .staff(.contentEditor, .administrator, .clinician, .supervisor)
        )
        .touchesNoRecord(Self.reason)
    }

    private var reading: [Endpoint] {
        [
            route(.get, Self.base, "Every rule in force, with its reason and examples")
                .query(RuleQuery.self)
                .returns(RulesInForceDocument.self) { call in
                    RulesInForceDocument(try await portal.rules.inForce(as: call.principal), screen: call.query.screen)
                },
            route(.get, "\(Self.base)/versions", "Every set of own rules that was in force, the latest first")
                .lists(RuleVersionDocument.init) { call in try await portal.rules.versions(as: call.principal) },
            route(.get, "\(Self.base)/history", "Who did what with the practice's own rules")
                .lists(RuleHistoryDocument.init) { call in try await portal.rules.history(as: call.principal) },
            route(.get, "\(Self.base)/draft", "The practice's own rules as they are worked on")
                .returns(Reply<RuleDraftDocument>.self) { call in
                    Self.reply(try await portal.rules.draft(as: call.principal))
                },
        ]
    }

    private var writing: [Endpoint] {
        [
            route(
                .put,
                "\(Self.base)/draft/rules/{rule}",
                "Add a rule of the practice's own, change it, or switch it off"
            )
            .body(RuleRequest.self)
            .problems(.conflict, .preconditionFailed)
            .returns(Reply<RuleDraftDocument>.self) { call in
                Self.reply(
                    try await portal.rules.put(
                        PracticeRule(id: call.text("rule"), screen: call.body.screen, source: call.body.source),
                        isOn: call.body.on ?? true,
                        seen: try call.seenVersion,
                        as: call.principal
                    )
                )
            },
            route(.delete, "\(Self.base)/draft/rules/{rule}", "Take a rule of the practice's own out of the draft")
                .problems(.preconditionFailed)
                .returns(Reply<RuleDraftDocument>.self) { call in
                    Self.reply(
                        try await portal.rules.remove(call.text("rule"), seen: try call.seenVersion, as: call.principal)
                    )
                },
            route(.delete, "\(Self.base)/draft", "Throw the draft of rules away")
                .problems(.preconditionFailed)
                .returnsNothing { call in
                    try await portal.rules.discard(seen: try call.seenVersion, as: call.principal)
                },
            route(.post, "\(Self.base)/draft/revert", "Put the rules of an earlier version into the draft")
                .body(RevertRequest.self)
                .problems(.preconditionFailed)
                .returns(Reply<RuleDraftDocument>.self) { call in
                    Self.reply(
                        try await portal.rules.revert(
                            to: call.body.version,
                            seen: try call.seenVersion,
                            as: call.principal
                        )
                    )
                },
        ]
    }

    private var publishing: [Endpoint] {
        [
            route(.post, "\(Self.base)/draft/check", "Run every example, and count which messages would newly fire")
                .returns(RuleCheckDocument.self) { call in
                    RuleCheckDocument(try await portal.rules.check(as: call.principal))
                },
            route(.post, "\(Self.base)/draft/approve", "Agree to the draft, as a second person who treats")
                .problems(.conflict, .preconditionFailed)
                .returns(Reply<RuleDraftDocument>.self) { call in
                    Self.reply(try await portal.rules.approve(seen: try call.seenVersion, as: call.principal))
                },
            route(.post, "\(Self.base)/draft/publish", "Put the draft of rules in force")
                .problems(.conflict, .preconditionFailed)
                .returns(RuleVersionDocument.self) { call in
                    RuleVersionDocument(
                        try await portal.rules.publish(seen: try call.seenVersion, as: call.principal)
                    )
                },
        ]
    }

    private static func reply(_ draft: PracticeRuleDraft) -> Reply<RuleDraftDocument> {
        Reply(RuleDraftDocument(draft), headers: [.eTag: "\"\(draft.rev)\""])
    }
}
