import HTTPTypes
import Portal
import Records

/// How one wants to see the portal and to be told of news: clients at one path, staff at the other.
struct PreferenceAPI: Sendable {
    let portal: Portal

    private static let requirements = ["PROF-03", "PROF-04", "PROF-05", "PROF-06", "PROF-07", "PROF-16"]

    var endpoints: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/preferences",
                "One's preferences",
                requirements: Self.requirements,
                access: .account
            )
            .touchesNoRecord("One's own preferences, which hold no health data")
            .returns(Reply<PreferencesDocument>.self) { call in try await read(call.principal) },
            Route(
                .patch,
                "/api/v1/portal/preferences",
                "Change the preferences that are sent",
                requirements: Self.requirements,
                access: .account
            )
            .touchesNoRecord("One's own preferences, which hold no health data")
            .body(PreferencesRequest.self)
            .problems(.preconditionFailed, .preconditionRequired)
            .returns(Reply<PreferencesDocument>.self) { call in try await change(call) },
            Route(
                .get,
                "/api/v1/therapist/preferences",
                "One's preferences",
                requirements: ["CLIN-13"],
                access: .staff
            )
            .touchesNoRecord("One's own preferences, which hold no health data")
            .returns(Reply<PreferencesDocument>.self) { call in try await read(call.principal) },
            Route(
                .patch,
                "/api/v1/therapist/preferences",
                "Change the preferences that are sent",
                requirements: ["CLIN-13"],
                access: .staff
            )
            .touchesNoRecord("One's own preferences, which hold no health data")
            .body(PreferencesRequest.self)
            .problems(.preconditionFailed, .preconditionRequired)
            .returns(Reply<PreferencesDocument>.self) { call in try await change(call) },
        ]
    }

    private func read(_ principal: Principal) async throws -> Reply<PreferencesDocument> {
        Self.reply(try await portal.preferences.preferences(of: principal))
    }

    private func change<Caller: SignedIn>(_ call: Call<Caller, NoQuery, PreferencesRequest>) async throws
        -> Reply<PreferencesDocument>
    {
        guard call.headers[.ifMatch] != nil else { throw Problem.versionNeeded }
        return Self.reply(
            try await portal.preferences.update(call.body.edit, rev: call.seenVersion, of: call.principal)
        )
    }

    private static func reply(_ preferences: Preferences) -> Reply<PreferencesDocument> {
        Reply(PreferencesDocument(preferences), headers: [.eTag: "\"\(preferences.rev)\""])
    }
}
