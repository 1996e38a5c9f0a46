import HTTPTypes
import Portal
import Records

/// The client's own switches: what is shared with the clinician.
struct SharingAPI: Sendable {
    let portal: Portal

    struct SharingDocument: Codable, Sendable, FieldsDescribed {
        let sharing: [String: Bool]

        static let fieldDescriptions = [
            "sharing":
                "By kind of entry, such as MOOD: whether a new one is shared with the clinician unless it says otherwise."
        ]

        init(_ sharing: [SharedKind: Bool]) {
            self.sharing = Dictionary(uniqueKeysWithValues: sharing.map { ($0.rawValue, $1) })
        }
    }

    var endpoints: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/privacy",
                "What is shared with the clinician",
                requirements: ["PROF-10"],
                access: .account
            )
            .touches(.consents, .read)
            .returns(SharingDocument.self) { call in
                SharingDocument(try await portal.privacy.sharing(of: call.caller.client(), as: call.principal))
            },
            Route(
                .put,
                "/api/v1/portal/privacy",
                "Choose what is shared with the clinician; kinds that are not named stay as they are",
                requirements: ["PROF-10"],
                access: .account
            )
            .touches(.consents, .change)
            .body(SharingDocument.self)
            .returns(SharingDocument.self) { call in
                var choices: [SharedKind: Bool] = [:]
                for (name, isShared) in call.body.sharing {
                    guard let kind = SharedKind(rawValue: name) else {
                        throw Problem.invalid(
                            .field("sharing"),
                            "names a kind that there is not",
                            remedy: "Use the names that GET gives"
                        )
                    }
                    choices[kind] = isShared
                }
                return SharingDocument(
                    try await portal.privacy.setSharing(choices, of: call.caller.client(), as: call.principal)
                )
            },
        ]
    }
}
