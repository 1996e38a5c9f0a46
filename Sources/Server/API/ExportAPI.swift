import HTTPTypes
import Portal
import Records

/// A client's copy of everything that is held on them.
struct ExportAPI: Sendable {
    let portal: Portal

    struct LinkRequest: Codable, Sendable { let format: DataExport.Format }

    struct ExportDocument: Codable, Sendable {
        let id: ID<DataExport>
        let status: DataExport.Status
        let requestedAt: Timestamp
        let readyAt: Timestamp?
        let expiresAt: Timestamp?
        let downloadedAt: Timestamp?

        init(_ export: DataExport) {
            id = export.id
            status = export.status
            requestedAt = export.createdAt
            readyAt = export.readyAt
            expiresAt = export.expiresAt
            downloadedAt = export.downloadedAt
        }
    }

    struct LinkDocument: Codable, Sendable, FieldsDescribed {
        let path: String
        let expiresAt: Timestamp

        static let fieldDescriptions = ["path": "Fetches the file, without a session, until it expires."]
    }

    private static let base = "/api/v1/portal/exports"

    var endpoints: [Endpoint] {
        [
            Route(
                .post,
                Self.base,
                "Ask for a copy of everything that is held on oneself",
                requirements: ["SEC-14"],
                access: .account
            )
            .touches(.export, .create)
            .returns(ExportDocument.self, status: .accepted) { call in
                ExportDocument(try await portal.exports.request(of: call.caller.client(), as: call.principal))
            },
            Route(.get, Self.base, "Copies that were asked for", requirements: ["SEC-14"], access: .account)
                .touches(.export, .read)
                .returns(Listing<ExportDocument>.self) { call in
                    Listing(
                        items: try await portal.exports.exports(of: call.caller.client(), as: call.principal)
                            .map(ExportDocument.init)
                    )
                },
            Route(
                .post,
                "\(Self.base)/{export}/link",
                "A link to one file of a copy, good for ten minutes; asks one to show anew who one is",
                requirements: ["SEC-14"],
                access: .account
            )
            .touches(.export, .read)
            .needsStepUp()
            .body(LinkRequest.self)
            .problems(.conflict)
            .returns(LinkDocument.self) { call in
                let (link, expiresAt) = try await portal.exports.link(
                    to: call.id("export"),
                    call.body.format,
                    of: call.caller.client(),
                    as: call.principal
                )
                return LinkDocument(path: "/api/v1/portal/export-files/\(link)", expiresAt: expiresAt)
            },
            Route(
                .get,
                "/api/v1/portal/export-files/{link}",
                "The file of a link",
                requirements: ["SEC-14"],
                access: .anyone
            )
            .touchesNoRecord("The link names whose it is; the service decides anew for them")
            .returns(media: "application/octet-stream") { call in
                let (format, text) = try await portal.exports.file(try call.text("link"), origin: call.origin)
                return Media(text, fileName: "record.\(format.rawValue)")
            },
        ]
    }
}
