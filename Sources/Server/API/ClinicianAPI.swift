import Assessment
import HTTPTypes
import Portal
import Records

/// A clinician's work: caseload, alerts, questionnaires and trends of their clients.
struct ClinicianAPI: Sendable {
    let portal: Portal

    struct AlertQuery: Codable, Sendable, FieldsDescribed {
        let state: [Alert.State]?

        static let fieldDescriptions = ["state": "Open and acknowledged ones unless given."]
    }

    var endpoints: [Endpoint] { caseload + assessments + alerts }

    private var caseload: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/therapist/caseload",
                "The clients that one may see",
                requirements: ["CORE-05", "CORE-06"],
                access: .staff
            )
            .lists(.chart)
            .returns(CaseloadDocument.self) { call in
                CaseloadDocument(
                    clients: try await portal.caseload.clients(of: call.principal).map(ClientDocument.init)
                )
            }
        ]
    }

    private var assessments: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/clients/{client}/assessments",
                "A client's questionnaires",
                requirements: ["ASMT-06", "ASMT-17"],
                access: .staff
            )
            .touches(.assessments, .read)
            .returns(AssessmentOverviewDocument.self) { call in
                AssessmentOverviewDocument(
                    try await portal.assessments.overview(of: call.id("client"), as: call.principal),
                    language: call.language
                )
            },
            Route(
                .post,
                "/api/v1/clients/{client}/assessments",
                "Give a client a questionnaire",
                requirements: ["ASMT-06", "ASMT-13"],
                access: .staff
            )
            .touches(.assessments, .create)
            .body(AssignRequest.self)
            .problems(.conflict)
            .returns(AssignmentDocument.self, status: .created) { call in
                AssignmentDocument(
                    try await portal.assessments.assign(
                        call.body.instrument,
                        to: call.id("client"),
                        dueAt: call.body.dueAt,
                        as: call.principal
                    )
                )
            },
            Route(
                .get,
                "/api/v1/clients/{client}/assessments/trends",
                "The series of an instrument's scores, and what it shows",
                requirements: ["ASMT-10", "ASMT-11", "ASMT-17"],
                access: .staff
            )
            .touches(.assessments, .read)
            .query(AssessmentAPI.TrendQuery.self)
            .returns(TrendDocument.self) { call in
                TrendDocument(
                    try await portal.assessments.trend(
                        of: call.id("client"),
                        instrument: call.query.instrument,
                        scale: call.query.scale,
                        as: call.principal
                    )
                )
            },
            Route(
                .get,
                "/api/v1/clients/{client}/assessments/{assessment}",
                "A client's questionnaire with its answers and result",
                requirements: ["ASMT-11", "ASMT-17"],
                access: .staff
            )
            .touches(.assessments, .read)
            .returns(AdministrationDocument.self) { call in
                AdministrationDocument(
                    try await portal.assessments.administration(
                        call.id("assessment"),
                        of: call.id("client"),
                        as: call.principal
                    ),
                    language: call.language
                )
            },
        ]
    }

    private var alerts: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/therapist/alerts",
                "Alerts, the gravest first",
                requirements: ["CRIS-10", "ASMT-12", "NOTIF-09"],
                access: .staff
            )
            .lists(.alerts)
            .query(AlertQuery.self)
            .returns(AlertListDocument.self) { call in
                let entries = try await portal.alerts.inbox(
                    of: call.principal,
                    states: call.query.state ?? [.open, .acknowledged]
                )
                return AlertListDocument(alerts: entries.map(AlertDocument.init))
            },
            Route(
                .post,
                "/api/v1/therapist/alerts/{alert}/acknowledge",
                "Take an alert on",
                requirements: ["CRIS-10", "ASMT-12"],
                access: .staff
            )
            .touches(.alerts, .change)
            .problems(.conflict)
            .returns(AlertDocument.self) { call in
                AlertDocument(try await portal.alerts.acknowledge(call.id("alert"), as: call.principal))
            },
            Route(
                .post,
                "/api/v1/therapist/alerts/{alert}/close",
                "Close an alert, with what was done",
                requirements: ["CRIS-10"],
                access: .staff
            )
            .touches(.alerts, .change)
            .body(CloseAlertRequest.self)
            .problems(.conflict)
            .returns(AlertDocument.self) { call in
                AlertDocument(
                    try await portal.alerts.close(
                        call.id("alert"),
                        as: call.body.closure,
                        note: call.body.note,
                        by: call.principal
                    )
                )
            },
        ]
    }
}
