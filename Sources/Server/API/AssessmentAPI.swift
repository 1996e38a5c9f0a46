import Assessment
import HTTPTypes
import Portal
import Records

/// A client's questionnaires.
struct AssessmentAPI: Sendable {
    let portal: Portal

    private static let base = "/api/v1/portal/assessments"

    struct TrendQuery: Codable, Sendable, FieldsDescribed {
        let instrument: String
        let scale: String?

        static let fieldDescriptions = [
            "instrument": "Code of the instrument, such as PHQ-9.", "scale": "The main score unless given.",
        ]
    }

    var endpoints: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/instruments",
                "Questionnaires that may be answered without being asked to",
                requirements: ["ASMT-07"],
                access: .account
            )
            .touchesNoRecord("What may be answered is the same for everybody")
            .returns(Listing<InstrumentDocument>.self) { call in
                Listing(
                    items: portal.assessments.adHocInstruments.map { InstrumentDocument($0, language: call.language) }
                )
            },
            Route(
                .get,
                Self.base,
                "What is due, begun and done",
                requirements: ["ASMT-06", "ASMT-07"],
                access: .account
            )
            .touches(.assessments, .read)
            .returns(AssessmentOverviewDocument.self) { call in
                AssessmentOverviewDocument(
                    try await portal.assessments.overview(of: call.caller.client(), as: call.principal),
                    language: call.language
                )
            },
            Route(
                .post,
                Self.base,
                "Begin a questionnaire, or go on with the one that was begun",
                requirements: ["ASMT-07", "ASMT-15"],
                access: .account
            )
            .touches(.assessments, .create)
            .body(StartAssessmentRequest.self)
            .problems(.conflict)
            .returns(AdministrationDocument.self, status: .created) { call in
                guard (call.body.instrument == nil) != (call.body.assignment == nil) else {
                    throw Problem.invalid(
                        .wholeBody,
                        "names both an instrument and an assignment, or neither",
                        remedy: "Send one of the two"
                    )
                }
                return AdministrationDocument(
                    try await portal.assessments.start(
                        call.body.instrument,
                        assignment: call.body.assignment,
                        for: call.caller.client(),
                        as: call.principal
                    ),
                    language: call.language
                )
            },
            Route(
                .get,
                "\(Self.base)/trends",
                "The series of an instrument's scores, and what it shows",
                requirements: ["ASMT-10", "PROG-03"],
                access: .account
            )
            .touches(.assessments, .read)
            .query(TrendQuery.self)
            .returns(TrendDocument.self) { call in
                TrendDocument(
                    try await portal.assessments.trend(
                        of: call.caller.client(),
                        instrument: call.query.instrument,
                        scale: call.query.scale,
                        as: call.principal
                    )
                )
            },
            Route(
                .get,
                "\(Self.base)/{assessment}",
                "A questionnaire with its answers, and its result",
                requirements: ["ASMT-14"],
                access: .account
            )
            .touches(.assessments, .read)
            .returns(AdministrationDocument.self) { call in
                AdministrationDocument(
                    try await portal.assessments.administration(
                        call.id("assessment"),
                        of: call.caller.client(),
                        as: call.principal
                    ),
                    language: call.language
                )
            },
            Route(
                .put,
                "\(Self.base)/{assessment}/responses",
                "Save some answers; the others stay",
                requirements: ["ASMT-15"],
                access: .account
            )
            .touches(.assessments, .change)
            .body(ResponsesRequest.self)
            .problems(.conflict)
            .returns(AdministrationDocument.self) { call in
                AdministrationDocument(
                    try await portal.assessments.save(
                        call.body.answers,
                        to: call.id("assessment"),
                        rev: call.body.rev,
                        of: call.caller.client(),
                        as: call.principal
                    ),
                    language: call.language
                )
            },
            Route(
                .post,
                "\(Self.base)/{assessment}/submit",
                "Submit and score",
                requirements: ["ASMT-01", "ASMT-02", "ASMT-03", "ASMT-08", "ASMT-09", "ASMT-12", "ASMT-18", "ASMT-19"],
                access: .account
            )
            .touches(.assessments, .change)
            .body(ResponsesRequest.self)
            .problems(.conflict)
            .returns(AdministrationDocument.self) { call in
                AdministrationDocument(
                    try await portal.assessments.submit(
                        call.id("assessment"),
                        responses: call.body.answers,
                        acceptIncomplete: call.body.acceptIncomplete ?? false,
                        of: call.caller.client(),
                        as: call.principal
                    ),
                    language: call.language
                )
            },
        ]
    }
}
