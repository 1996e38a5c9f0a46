import Assessment
import Knowledge
import Portal
import Records

/// A questionnaire that waits to be answered.
struct AssignmentDocument: Codable, Sendable {
    let id: ID<Assignment>
    let instrument: String
    let status: String
    let dueAt: Timestamp?
    let assignedAt: Timestamp

    init(_ assignment: Assignment) {
        id = assignment.id
        instrument = assignment.instrumentCode
        status = assignment.status.rawValue
        dueAt = assignment.dueAt
        assignedAt = assignment.createdAt
    }
}

/// An instrument that may be answered.
struct InstrumentDocument: Codable, Sendable {
    let code: String
    let version: Int
    let title: String
    let items: Int
    let recallPeriod: String?

    init(_ instrument: Instrument, language: String) {
        code = instrument.code
        version = instrument.version
        title = instrument.title.text(in: language)
        items = instrument.items.count
        recallPeriod = instrument.recallPeriod?.text(in: language)
    }
}

/// An administration in a list.
struct AdministrationSummaryDocument: Codable, Sendable {
    let id: ID<Administration>
    let instrument: String
    let version: Int
    let status: String
    let respondent: String
    let startedAt: Timestamp
    let completedAt: Timestamp?
    let total: Double?
    let severity: String?

    init(_ view: AdministrationView, language: String) {
        let administration = view.administration
        id = administration.id
        instrument = view.instrument.code
        version = view.instrument.version
        status = administration.status.rawValue
        respondent = administration.respondent.rawValue
        startedAt = administration.startedAt
        completedAt = administration.completedAt
        total = view.report?.total?.value
        severity = view.report?.total?.value == nil ? nil : view.report?.total?.band?.label.text(in: language)
    }
}

struct AssessmentOverviewDocument: Codable, Sendable {
    let due: [AssignmentDocument]
    let administrations: [AdministrationSummaryDocument]

    init(_ overview: AssessmentService.Overview, language: String) {
        due = overview.assignments.map(AssignmentDocument.init)
        administrations = overview.administrations.map { AdministrationSummaryDocument($0, language: language) }
    }
}

/// A questionnaire as it is being answered, and its result once it is submitted.
struct AdministrationDocument: Codable, Sendable, FieldsDescribed {
    struct ItemDocument: Codable, Sendable {
        struct OptionDocument: Codable, Sendable {
            let value: Int
            let label: String
        }
        let id: String
        let text: String
        let kind: String
        let required: Bool
        let options: [OptionDocument]
    }

    let id: ID<Administration>
    let instrument: String
    let version: Int
    let title: String
    let recallPeriod: String?
    let instructions: String?
    let stem: String?
    let status: String
    let rev: Int
    let respondent: String
    let startedAt: Timestamp
    let completedAt: Timestamp?
    let safetyPanel: PanelDocument?
    let items: [ItemDocument]
    let responses: [String: JSONValue]
    let missing: [String]
    let result: ResultDocument?

    static let fieldDescriptions = [
        "safety_panel": "Help to show before anything else, because an answer calls for it.",
        "items": "The items to show with the answers so far.",
        "missing": "Items that the score still needs.",
        "rev": "Send it back with the next save, so that two devices do not overwrite each other.",
    ]

    init(_ view: AdministrationView, language: String) {
        let administration = view.administration
        let instrument = view.instrument
        id = administration.id
        self.instrument = instrument.code
        version = instrument.version
        title = instrument.title.text(in: language)
        recallPeriod = instrument.recallPeriod?.text(in: language)
        instructions = instrument.instructions?.text(in: language)
        stem = instrument.stem?.text(in: language)
        status = administration.status.rawValue
        rev = administration.rev
        respondent = administration.respondent.rawValue
        startedAt = administration.startedAt
        completedAt = administration.completedAt
        safetyPanel = view.safetyPanel.map { PanelDocument($0) }
        items = view.visibleItems.map { item in
            ItemDocument(
                id: item.id,
                text: item.text.text(in: language),
                kind: item.isText ? "text" : "choice",
                required: item.isRequired,
                options: item.options.map { .init(value: $0.value, label: $0.label.text(in: language)) }
            )
        }
        responses = view.responses.values.compactMapValues { answer in
            switch answer {
            case .value(let value): .integer(Int64(value))
            case .text(let text): .string(text)
            case .unanswered, .malformed: nil
            }
        }
        missing = view.report?.missing ?? []
        result =
            administration.status == .inProgress
            ? nil : view.report.map { ResultDocument($0, of: instrument, language: language) }
    }
}

/// What the answers came to. Screening information, never a diagnosis.
struct ResultDocument: Codable, Sendable {
    struct ScaleDocument: Codable, Sendable {
        let id: String
        let title: String
        let value: Double?
        let minimum: Double
        let maximum: Double
        let severity: String?
        let answered: Int
        let missing: Int
    }
    struct FlagDocument: Codable, Sendable {
        let id: String
        let item: String
        let level: String
        let reason: String
    }

    let total: Double?
    let severity: String?
    let interpretation: String?
    let scales: [ScaleDocument]
    let criteria: [String: Bool]
    let flags: [FlagDocument]

    init(_ report: ScoreReport, of instrument: Instrument, language: String) {
        let known = report.total?.value == nil ? nil : report.total?.band
        total = report.total?.value
        severity = known?.label.text(in: language)
        interpretation = known?.client?.text(in: language)
        scales = report.scales.map { scale in
            ScaleDocument(
                id: scale.id,
                title: scale.title.text(in: language),
                value: scale.value,
                minimum: scale.range.min,
                maximum: scale.range.max,
                severity: scale.value == nil ? nil : scale.band?.label.text(in: language),
                answered: scale.answered,
                missing: scale.missing
            )
        }
        criteria = Dictionary(
            report.criteria.compactMap { criterion in criterion.met.map { (criterion.id, $0) } },
            uniquingKeysWith: { first, _ in first }
        )
        flags = report.flags.map { flag in
            FlagDocument(
                id: flag.id,
                item: flag.item,
                level: flag.level.rawValue,
                reason: flag.reason.text(in: language)
            )
        }
    }
}

struct StartAssessmentRequest: Codable, Sendable, FieldsDescribed {
    let instrument: String?
    let assignment: ID<Assignment>?

    static let fieldDescriptions = [
        "instrument": "Code of an instrument that may be answered ad hoc, such as PHQ-9.",
        "assignment": "The questionnaire that was assigned. One of the two is needed.",
    ]
}

/// Answers by item id: an option's value, a text for a free-text item, null to take an answer back.
struct ResponsesRequest: Codable, Sendable, FieldsDescribed {
    let responses: [String: JSONValue]
    let rev: Int?
    let acceptIncomplete: Bool?

    static let fieldDescriptions = [
        "responses": "By item id: the option's value, a text for a free-text item, or null to take an answer back.",
        "rev": "The `rev` that you last saw. Left out, it is not checked.",
        "accept_incomplete": "Submit although answers are missing that the score needs.",
    ]

    var answers: Responses {
        Responses(
            responses.mapValues { value in
                switch value {
                case .integer(let integer): Int(exactly: integer).map { .value($0) } ?? .malformed("\(integer)")
                case .string(let text): .text(text)
                case .null: .unanswered
                default: .malformed("neither a whole number, a text nor null")
                }
            }
        )
    }
}

struct AssignRequest: Codable, Sendable, FieldsDescribed {
    let instrument: String
    let dueAt: Timestamp?

    static let fieldDescriptions = ["instrument": "Code of the instrument, such as PHQ-9."]
}
