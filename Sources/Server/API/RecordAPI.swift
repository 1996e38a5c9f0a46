import HTTPTypes
import Portal
import Records

/// The endpoints of the declared kinds of record. Each follows from its kind's declaration: lists and single records for
/// those who read it, an operation an act, deletion, the sharing switch, and revealing what is masked.
struct RecordAPI: Sendable {
    let portal: Portal

    var endpoints: [Endpoint] { RecordKinds.all.flatMap { endpoints(of: $0) } }

    struct Query: PagedQuery, FieldsDescribed {
        let limit: PageLimit?
        let cursor: Cursor?
        let from: Timestamp?
        let until: Timestamp?

        static let fieldDescriptions = ["from": "Not before this moment.", "until": "Before this moment."]
    }

    struct SharingRequest: Codable, Sendable { let shared: Bool }

    struct OrderRequest<Kind: RecordKind>: Codable, Sendable, FieldsDescribed {
        let order: [ID<Record<Kind>>]

        static var fieldDescriptions: [String: String] {
            ["order": "Ids, the first to stand first. Those that are not named follow."]
        }
    }

    struct RevealRequest: Codable, Sendable, FieldsDescribed {
        let reason: RevealReason
        let note: String

        static let fieldDescriptions = ["note": "Why you need to know. It stays on record, sealed."]
    }

    private func endpoints<Kind: RecordKind>(of kind: Kind.Type) -> [Endpoint] {
        let declaration = Kind.declaration
        var endpoints: [Endpoint] = []
        if declaration.readers.contains(.portal) { endpoints += portalReading(kind) }
        if declaration.readers.contains(.staff) { endpoints += staffReading(kind) }
        if declaration.readers.contains(.practice) { endpoints += practiceReading(kind) }
        for act in declaration.acts { endpoints.append(endpoint(of: act)) }
        if case .switchable = declaration.sharing { endpoints.append(sharing(kind)) }
        if declaration.ordering != nil { endpoints.append(ordering(kind)) }
        if declaration.deletion?.doors.contains(.portal) == true { endpoints.append(deletion(kind)) }
        return endpoints
    }

    private func path<Kind: RecordKind>(_ kind: Kind.Type, _ door: Door) -> String {
        switch door {
        case .portal: "/api/v1/portal/\(Kind.declaration.collection)"
        case .staff: "/api/v1/clients/{client}/\(Kind.declaration.collection)"
        case .practice: "/api/v1/admin/portal/\(Kind.declaration.collection)"
        }
    }

    // MARK: - Reading

    private func portalReading<Kind: RecordKind>(_ kind: Kind.Type) -> [Endpoint] {
        reading(kind, .portal, access: .account, whose: "One's own") { call, _ in try call.client() }
    }

    private func staffReading<Kind: RecordKind>(_ kind: Kind.Type) -> [Endpoint] {
        reading(kind, .staff, access: .staff, whose: "A client's") { _, path in try path() }
    }

    /// - Parameter client: whose records: the caller's, or those of the client in the path.
    private func reading<Kind: RecordKind, Caller: SignedIn>(
        _ kind: Kind.Type,
        _ door: Door,
        access: Access<Caller>,
        whose: String,
        client: @escaping @Sendable (Caller, () throws -> ID<Client>) throws -> ID<Client>
    ) -> [Endpoint] {
        let declaration = Kind.declaration
        let order = declaration.ordering == nil ? "the newest first" : "in order"
        let list = Route(
            .get,
            path(kind, door),
            "\(whose): \(declaration.name), \(order)",
            requirements: declaration.requirements,
            access: access
        )
        .touches(declaration.area, .read)
        let one = Route(
            .get,
            "\(path(kind, door))/{record}",
            "One \(declaration.name)",
            requirements: declaration.requirements,
            access: access
        )
        .touches(declaration.area, .read)
        .returns(Reply<RecordDocument<Kind>>.self) { call in
            Self.reply(
                try await portal.records.record(
                    call.id("record", Record<Kind>.self),
                    of: try client(call.caller) { try call.id("client") },
                    as: call.principal,
                    through: door
                )
            )
        }
        guard declaration.ordering == nil else {
            let whole = list.returns(Listing<RecordDocument<Kind>>.self) { call in
                let records = try await portal.records.list(
                    kind,
                    .whole,
                    of: try client(call.caller) { try call.id("client") },
                    as: call.principal,
                    through: door
                )
                return Listing(items: records.map { RecordDocument($0) })
            }
            return [whole, one]
        }
        let pieces = list.query(Query.self).returns(Listing<RecordDocument<Kind>>.self) { call in
            let records = try await portal.records.list(
                kind,
                Self.window(call),
                of: try client(call.caller) { try call.id("client") },
                as: call.principal,
                through: door
            )
            return Listing(records, page: call.page) {
                Cursor(declaration.moment($0).milliseconds, $0.id)
            } item: {
                RecordDocument($0)
            }
        }
        return [pieces, one]
    }

    private func practiceReading<Kind: RecordKind>(_ kind: Kind.Type) -> [Endpoint] {
        let declaration = Kind.declaration
        return [
            Route(
                .get,
                path(kind, .practice),
                "The whole practice's: \(declaration.name), the newest first",
                requirements: declaration.requirements,
                access: .staff(.administrator)
            )
            .lists(declaration.area)
            .query(Query.self)
            .returns(Listing<PracticeRecordDocument<Kind>>.self) { call in
                let records = try await portal.records.practiceList(kind, Self.window(call), as: call.principal)
                return Listing(records, page: call.page) {
                    Cursor($0.moment.milliseconds, $0.id)
                } item: {
                    PracticeRecordDocument($0)
                }
            },
            Route(
                .post,
                "\(path(kind, .practice))/{record}/reveal",
                "See who a masked \(declaration.name) is from, for a reason",
                requirements: ["SEC-23"],
                access: .staff(.administrator)
            )
            .touches(declaration.area, .reveal)
            .body(RevealRequest.self)
            .returns(PracticeRecordDocument<Kind>.self) { call in
                PracticeRecordDocument(
                    try await portal.records.reveal(
                        call.id("record", Record<Kind>.self),
                        because: call.body.reason,
                        note: call.body.note,
                        as: call.principal
                    )
                )
            },
        ]
    }

    private static func window<Kind: RecordKind, Caller>(_ call: Call<Caller, Query, NoBody>) throws
        -> RecordWindow<Kind>
    {
        var after: (moment: Timestamp, id: ID<Record<Kind>>)?
        if let cursor = call.query.cursor {
            guard cursor.keys.count == 2, let moment = Int64(cursor.keys[0]),
                let id = ID<Record<Kind>>(cursor.keys[1])
            else {
                throw Problem.invalid(
                    .query(name: "cursor"),
                    "is of another list",
                    remedy: "Send `next_cursor` of the piece before"
                )
            }
            after = (Timestamp(milliseconds: moment), id)
        }
        return RecordWindow(limit: call.page.fetchLimit, from: call.query.from, until: call.query.until, after: after)
    }

    // MARK: - Writing

    /// One operation an act; who may do it, and to whose record, the door says.
    private func endpoint<Doing: RecordAct>(of act: Doing) -> Endpoint {
        switch act.door {
        case .portal: endpoint(of: act, access: .account, path: path(Doing.Kind.self, .portal)) { try $0.client() }
        case .staff: endpoint(of: act, access: .staff, path: path(Doing.Kind.self, .staff)) { _ in nil }
        case .practice:
            endpoint(of: act, access: .staff(.administrator), path: path(Doing.Kind.self, .staff)) { _ in nil }
        }
    }

    private func endpoint<Doing: RecordAct, Caller: SignedIn>(
        of act: Doing,
        access: Access<Caller>,
        path: String,
        ownClient: @escaping @Sendable (Caller) throws -> ID<Client>?
    ) -> Endpoint {
        let declaration = Doing.Kind.declaration
        let requirements = declaration.requirements
        switch act.form {
        case .create:
            let route = Route(.post, path, act.summary, requirements: requirements, access: access)
                .touches(declaration.area, .create)
            guard case .switchable = declaration.sharing else {
                return route.body(ActInput<Doing>.self).problems(.conflict)
                    .returns(Reply<RecordDocument<Doing.Kind>>.self, status: .created) { call in
                        try await perform(act, call.body.input, on: nil, shared: nil, call, ownClient)
                    }
            }
            return route.body(SharedInput<Doing>.self).problems(.conflict)
                .returns(Reply<RecordDocument<Doing.Kind>>.self, status: .created) { call in
                    try await perform(act, call.body.input, on: nil, shared: call.body.shared, call, ownClient)
                }
        case .change:
            return Route(.put, "\(path)/{record}", act.summary, requirements: requirements, access: access)
                .touches(declaration.area, .change)
                .body(ActInput<Doing>.self)
                .problems(.preconditionFailed, .preconditionRequired)
                .returns(Reply<RecordDocument<Doing.Kind>>.self) { call in
                    guard call.headers[.ifMatch] != nil else { throw Problem.versionNeeded }
                    return try await perform(act, call.body.input, on: call.id("record"), shared: nil, call, ownClient)
                }
        case .step(let name):
            let route = Route(
                .post,
                "\(path)/{record}/\(name)",
                act.summary,
                requirements: requirements,
                access: access
            )
            .touches(declaration.area, .change)
            if let nothing = NoInput() as? Doing.Input {
                return route.problems(.conflict, .preconditionFailed)
                    .returns(Reply<RecordDocument<Doing.Kind>>.self) { call in
                        try await perform(act, nothing, on: call.id("record"), shared: nil, call, ownClient)
                    }
            }
            return route.body(ActInput<Doing>.self).problems(.conflict, .preconditionFailed)
                .returns(Reply<RecordDocument<Doing.Kind>>.self) { call in
                    try await perform(act, call.body.input, on: call.id("record"), shared: nil, call, ownClient)
                }
        }
    }

    private func perform<Doing: RecordAct, Caller: SignedIn, Body>(
        _ act: Doing,
        _ input: Doing.Input,
        on id: ID<Record<Doing.Kind>>?,
        shared: Bool?,
        _ call: Call<Caller, NoQuery, Body>,
        _ ownClient: (Caller) throws -> ID<Client>?
    ) async throws -> Reply<RecordDocument<Doing.Kind>> {
        let written = try await portal.records.perform(
            act,
            input,
            on: id,
            rev: try call.seenVersion,
            offlineKey: id == nil ? try call.idempotencyKey : nil,
            shared: shared,
            of: try ownClient(call.caller) ?? call.id("client"),
            as: call.principal
        )
        return Self.reply(written.record, panel: written.panel.map { PanelDocument($0) })
    }

    private func sharing<Kind: RecordKind>(_ kind: Kind.Type) -> Endpoint {
        Route(
            .put,
            "\(path(kind, .portal))/{record}/sharing",
            "Switch whether the clinician sees it",
            requirements: ["PROF-10"],
            access: .account
        )
        .touches(Kind.declaration.area, .change)
        .body(SharingRequest.self)
        .problems(.conflict)
        .returns(Reply<RecordDocument<Kind>>.self) { call in
            let written = try await portal.records.share(
                call.id("record", Record<Kind>.self),
                call.body.shared,
                of: call.caller.client(),
                as: call.principal
            )
            return Self.reply(written.record, panel: written.panel.map { PanelDocument($0) })
        }
    }

    private func ordering<Kind: RecordKind>(_ kind: Kind.Type) -> Endpoint {
        Route(
            .put,
            path(kind, .portal),
            "Put one's own in order: \(Kind.declaration.name)",
            requirements: Kind.declaration.requirements,
            access: .account
        )
        .touches(Kind.declaration.area, .change)
        .body(OrderRequest<Kind>.self)
        .returns(Listing<RecordDocument<Kind>>.self) { call in
            let records = try await portal.records.order(
                call.body.order,
                of: call.caller.client(),
                as: call.principal
            )
            return Listing(items: records.map { RecordDocument($0) })
        }
    }

    private func deletion<Kind: RecordKind>(_ kind: Kind.Type) -> Endpoint {
        Route(
            .delete,
            "\(path(kind, .portal))/{record}",
            "Delete one's own \(Kind.declaration.name)",
            requirements: Kind.declaration.requirements,
            access: .account
        )
        .touches(Kind.declaration.area, .delete)
        .returnsNothing { call in
            try await portal.records.delete(
                call.id("record", Record<Kind>.self),
                of: call.caller.client(),
                as: call.principal,
                through: .portal
            )
        }
    }

    /// A record with its version as entity tag, which a later change names in `If-Match`.
    private static func reply<Kind: RecordKind>(_ record: Record<Kind>, panel: PanelDocument? = nil)
        -> Reply<RecordDocument<Kind>>
    {
        Reply(RecordDocument(record, panel: panel), headers: [.eTag: "\"\(record.rev)\""])
    }
}
