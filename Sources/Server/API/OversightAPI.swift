import HTTPTypes
import Hummingbird
import NIOCore
import Portal
import Records

/// What administrators look the practice over with. Others are refused as if there were nothing, and that is on record.
struct OversightAPI: Sendable {
    let portal: Portal

    struct AuditQuery: Decodable, Sendable, FieldsDescribed {
        let actor: String?
        let client: ID<Client>?
        let action: String?
        let entity: String?
        let outcome: AuditEntry.Outcome?
        let from: Timestamp?
        let to: Timestamp?
        let limit: PageLimit?
        let cursor: Cursor?

        static let fieldDescriptions = [
            "actor": "Id of a person, or the name of the service's own work.",
            "action": "Such as CHAT.READ; one that ends in a dot means all that begin with it.",
            "entity": "Name of a table.", "from": "From this moment on.", "to": "Before this moment.",
        ]

        var filter: AuditFilter {
            AuditFilter(
                actor: actor,
                client: client,
                action: action,
                entity: entity,
                outcome: outcome,
                from: from,
                to: to
            )
        }
    }

    struct ErasureQuery: Decodable, Sendable {
        let reason: ErasureReason
    }

    var endpoints: [Endpoint] { audit + exports + clients }

    private var audit: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/admin/audit",
                "The audit of the practice, the newest first",
                requirements: ["SEC-04", "SEC-05"],
                access: .staff
            )
            .touchesPractice(.audit, .read)
            .query(AuditQuery.self)
            .returns(Listing<AuditRow>.self) { call in
                let page = call.page
                let rows = try await portal.oversight.audit.rows(
                    call.query.filter,
                    before: try page.after?.number,
                    limit: page.fetchLimit,
                    as: call.principal
                )
                return Listing(rows, page: page, cursor: { Cursor($0.seq) }, item: { $0 })
            },
            Route(
                .get,
                "/api/v1/admin/audit/verify",
                "Follow the audit's chain, and hold it against its checkpoints",
                requirements: ["SEC-04"],
                access: .staff
            )
            .touchesPractice(.audit, .read)
            .returns(AuditInspection.self) { call in
                try await portal.oversight.audit.inspect(as: call.principal)
            },
            Route(
                .post,
                "/api/v1/admin/audit/checkpoints",
                "Sign what the audit is now",
                requirements: ["SEC-04"],
                access: .staff
            )
            .touchesPractice(.audit, .change)
            .problems(.conflict)
            .returns(AuditCheckpoint.self, status: .created) { call in
                do {
                    guard let checkpoint = try await portal.oversight.checkpoints.write(as: call.principal) else {
                        throw Problem(.conflict, "Nothing was written to the audit since it was last signed.")
                    }
                    return checkpoint
                } catch let error as AuditTailCut {
                    throw Problem(.conflict, error.description)
                }
            },
        ]
    }

    private var exports: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/admin/audit/export.jsonl",
                "Take out the audit of the practice, one JSON document a line",
                requirements: ["SEC-05"],
                access: .staff
            )
            .touchesPractice(.audit, .read)
            .needsStepUp()
            .query(AuditQuery.self)
            .returns(media: "application/jsonl") { call in
                try await export(call.query.filter, as: .jsonl, call.principal)
            },
            Route(
                .get,
                "/api/v1/admin/audit/export.csv",
                "Take out the audit of the practice as a table",
                requirements: ["SEC-05"],
                access: .staff
            )
            .touchesPractice(.audit, .read)
            .needsStepUp()
            .query(AuditQuery.self)
            .returns(media: "text/csv; charset=utf-8") { call in
                try await export(call.query.filter, as: .csv, call.principal)
            },
        ]
    }

    private func export(_ filter: AuditFilter, as format: AuditExportFormat, _ principal: Principal) async throws
        -> Media
    {
        let export = try await portal.oversight.audit.export(filter, as: principal)
        let body = ResponseBody { writer in
            var sink = writer
            try await export.write(as: format) { piece in try await sink.write(ByteBuffer(string: piece)) }
            try await sink.finish(nil)
        }
        return Media(body, fileName: "audit.\(format.rawValue)")
    }

    private var clients: [Endpoint] {
        [
            Route(
                .delete,
                "/api/v1/admin/clients/{client}",
                "Delete a client with everything that is held about them",
                requirements: ["CORE-02", "SEC-25"],
                access: .staff
            )
            .touches(.chart, .delete)
            .needsStepUp()
            .query(ErasureQuery.self)
            .returns(ErasureDocument.self) { call in
                ErasureDocument(
                    try await portal.oversight.deletion.delete(
                        call.id("client"),
                        reason: call.query.reason,
                        as: call.principal
                    )
                )
            },
            Route(
                .get,
                "/api/v1/admin/erasures",
                "Which clients were deleted",
                requirements: ["SEC-25"],
                access: .staff
            )
            .touchesPractice(.audit, .read)
            .returns(Listing<ErasureDocument>.self) { call in
                Listing(
                    items: try await portal.oversight.deletion.reports(as: call.principal).map(ErasureDocument.init)
                )
            },
        ]
    }
}

extension OversightAPI.AuditQuery: PagedQuery {}

extension Cursor {
    /// The number of the item that a list ends with. Throws ``Problem`` when the cursor is another list's.
    var number: Int64 {
        get throws {
            guard keys.count == 1, let number = keys.first.flatMap({ Int64($0) }) else {
                throw Problem.invalid([
                    FieldFault(
                        .query(name: "cursor"),
                        "is not of this list",
                        remedy: "Take next_cursor of the piece before"
                    )
                ])
            }
            return number
        }
    }
}

/// The report of a client's deletion.
struct ErasureDocument: Codable, Sendable, FieldsDescribed {
    struct TableCount: Codable, Sendable {
        let table: String
        let rows: Int
    }

    let id: ID<ClientErasure>
    let client: ID<Client>
    let reason: ErasureReason
    let tables: [TableCount]
    let files: Int?
    let erasedAt: Timestamp
    let completedAt: Timestamp?

    static let fieldDescriptions = [
        "files": "How many files went; null until they have.",
        "completed_at": "When key and files were gone, too; null until they are.",
    ]

    init(_ erasure: ClientErasure) {
        id = erasure.id
        client = erasure.erasedID
        reason = erasure.reason
        tables = erasure.rowCounts.sorted { $0.key < $1.key }.map { TableCount(table: $0.key, rows: $0.value) }
        files = erasure.files
        erasedAt = erasure.erasedAt
        completedAt = erasure.completedAt
    }
}
