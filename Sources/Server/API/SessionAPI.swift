import HTTPTypes
import Portal
import Records

/// One's own sessions and devices, at both doors, and everybody's for administrators.
struct SessionAPI: Sendable {
    let portal: Portal

    var endpoints: [Endpoint] {
        SignInService.Door.allCases.flatMap { own($0.path) } + administration
    }

    private func own(_ path: String) -> [Endpoint] {
        [
            Route(.post, "\(path)/logout", "End the session", requirements: ["ACC-26"], access: .signedIn)
                .touchesNoRecord("A session is whoever signed in's own")
                .servesFirst("Nobody accepts anything to see or end what is open in their name")
                .returnsOnlyFields { call in
                    try await portal.sessions.signOut(try live(call))
                    return Self.farewell
                },
            Route(
                .get,
                "\(path)/session",
                "Who is signed in and for how long yet; asking does not keep the session alive",
                requirements: ["ACC-28", "ACC-53"],
                access: .signedIn
            )
            .touchesNoRecord("A session is whoever signed in's own")
            .servesFirst("Nobody accepts anything to see or end what is open in their name")
            .watching()
            .returns(CallerDocument.self) { call in CallerDocument(try live(call)) },
            Route(
                .post,
                "\(path)/session/touch",
                "Keep the session alive, as when somebody answers the warning",
                requirements: ["ACC-28"],
                access: .signedIn
            )
            .touchesNoRecord("A session is whoever signed in's own")
            .servesFirst("Nobody accepts anything to see or end what is open in their name")
            .watching()
            .returns(DeadlineDocument.self) { call in
                DeadlineDocument(idleEndsAt: try await portal.sessions.touch(try live(call)))
            },
            Route(
                .get,
                "\(path)/sessions",
                "One's own open sessions and devices",
                requirements: ["ACC-31", "ACC-32"],
                access: .signedIn
            )
            .touchesNoRecord("A session is whoever signed in's own")
            .servesFirst("Nobody accepts anything to see or end what is open in their name")
            .returns(SessionListDocument.self) { call in
                let current = try live(call)
                return SessionListDocument(
                    sessions: try await portal.sessions.sessions(of: call.principal).map {
                        SessionEntryDocument($0, isCurrent: $0.id == current.id)
                    },
                    devices: try await portal.devices.devices(of: call.principal).map {
                        DeviceDocument($0, isCurrent: $0.id == current.session.deviceID)
                    }
                )
            },
            Route(
                .post,
                "\(path)/sessions/end-others",
                "End all of one's sessions but this one",
                requirements: ["ACC-26"],
                access: .signedIn
            )
            .touchesNoRecord("A session is whoever signed in's own")
            .servesFirst("Nobody accepts anything to see or end what is open in their name")
            .returns(EndedDocument.self) { call in
                EndedDocument(ended: try await portal.sessions.endAll(as: call.principal, except: try live(call).id))
            },
            Route(
                .post,
                "\(path)/sessions/end-all",
                "End all of one's sessions",
                requirements: ["ACC-26"],
                access: .signedIn
            )
            .touchesNoRecord("A session is whoever signed in's own")
            .servesFirst("Nobody accepts anything to see or end what is open in their name")
            .returns(Reply<EndedDocument>.self) { call in
                Reply(
                    EndedDocument(ended: try await portal.sessions.endAll(as: call.principal)),
                    headers: Self.farewell
                )
            },
            Route(
                .delete,
                "\(path)/sessions/{session}",
                "End one of one's sessions",
                requirements: ["ACC-26", "ACC-32"],
                access: .signedIn
            )
            .touchesNoRecord("A session is whoever signed in's own")
            .servesFirst("Nobody accepts anything to see or end what is open in their name")
            .returnsNothing { call in try await portal.sessions.end(call.id("session"), as: call.principal) },
            Route(
                .delete,
                "\(path)/devices/{device}",
                "Forget a device: it is trusted no more, and its sessions end",
                requirements: ["ACC-32", "ACC-33"],
                access: .signedIn
            )
            .touchesNoRecord("A session is whoever signed in's own")
            .servesFirst("Nobody accepts anything to see or end what is open in their name")
            .returnsNothing { call in try await portal.devices.revoke(call.id("device"), as: call.principal) },
        ]
    }

    private var administration: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/admin/sessions",
                "The open sessions of the practice, or of one person",
                requirements: ["ACC-31"],
                access: .staff(.administrator)
            )
            .touchesNoRecord("A session is whoever signed in's own")
            .query(SessionQuery.self)
            .returns(AdministratedSessionsDocument.self) { call in
                let owner = try call.query.owner
                return AdministratedSessionsDocument(
                    sessions: try await portal.sessions.sessions(of: owner, asAdministrator: call.principal).map {
                        SessionEntryDocument($0, isCurrent: $0.id == call.session?.id)
                    }
                )
            },
            Route(
                .post,
                "/api/v1/admin/sessions/end",
                "End all sessions of one person",
                requirements: ["ACC-26", "CORE-16"],
                access: .staff(.administrator)
            )
            .touchesNoRecord("A session is whoever signed in's own")
            .body(SessionQuery.self)
            .returns(EndedDocument.self) { call in
                guard let owner = try call.body.owner else {
                    throw Problem.invalid(.wholeBody, "names nobody", remedy: "Give account_id, client_id or staff_id")
                }
                return EndedDocument(
                    ended: try await portal.sessions.endAll(of: owner, asAdministrator: call.principal)
                )
            },
            Route(
                .post,
                "/api/v1/admin/sessions/{session}/end",
                "End a session",
                requirements: ["ACC-26", "CORE-16"],
                access: .staff(.administrator)
            )
            .touchesNoRecord("A session is whoever signed in's own")
            .returnsNothing { call in
                try await portal.sessions.end(call.id("session"), asAdministrator: call.principal)
            },
        ]
    }

    /// The browser forgets the session and what it kept of us (ASVS 5.0 § 14.3.1), but not the device, which is still the same.
    private static var farewell: HTTPFields {
        var fields: HTTPFields = [.setCookie: SessionCookies.removal]
        fields[named: "Clear-Site-Data"] = #""cache", "storage""#
        return fields
    }

    private func live<Caller, Query, Body>(_ call: Call<Caller, Query, Body>) throws -> LiveSession {
        guard let session = call.session else { throw Problem(.notSignedIn) }
        return session
    }
}
