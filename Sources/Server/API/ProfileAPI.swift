import HTTPTypes
import Portal
import Records

/// A client's own profile: what they are called, how they are reached and never to be reached, and whom to call for them.
struct ProfileAPI: Sendable {
    let portal: Portal

    private static let base = "/api/v1/portal/profile"

    var endpoints: [Endpoint] { profile + emergencyContacts + restrictions }

    private var profile: [Endpoint] {
        [
            Route(.get, Self.base, "One's own profile", requirements: ["PROF-01"], access: .account)
                .touches(.profile, .read)
                .returns(ProfileDocument.self) { call in
                    ProfileDocument(try await portal.profiles.profile(of: call.caller.client(), as: call.principal))
                },
            Route(
                .patch,
                Self.base,
                "Change the fields that are sent",
                requirements: ["PROF-01", "PROF-02", "PROF-16", "PROF-17"],
                access: .account
            )
            .touches(.profile, .change)
            .body(ProfileRequest.self)
            .returns(ProfileDocument.self) { call in
                ProfileDocument(
                    try await portal.profiles.update(call.body.edit, of: call.caller.client(), as: call.principal)
                )
            },
            Route(
                .get,
                "/api/v1/clients/{client}/profile",
                "A client's profile",
                requirements: ["PROF-01", "PROF-17"],
                access: .staff
            )
            .touches(.profile, .read)
            .returns(ProfileDocument.self) { call in
                ProfileDocument(try await portal.profiles.profile(of: call.id("client"), as: call.principal))
            },
        ]
    }

    private var emergencyContacts: [Endpoint] {
        [
            Route(
                .get,
                "\(Self.base)/emergency-contacts",
                "Whom to call in an emergency, in order",
                requirements: ["PROF-08"],
                access: .account
            )
            .touches(.profile, .read)
            .returns(Listing<EmergencyContactDocument>.self) { call in
                Listing(
                    items: try await portal.profiles.emergencyContacts(of: call.caller.client(), as: call.principal)
                        .map(EmergencyContactDocument.init)
                )
            },
            Route(
                .post,
                "\(Self.base)/emergency-contacts",
                "Add somebody to call",
                requirements: ["PROF-08"],
                access: .account
            )
            .touches(.profile, .create)
            .body(EmergencyContactRequest.self)
            .problems(.conflict)
            .returns(EmergencyContactDocument.self, status: .created) { call in
                EmergencyContactDocument(
                    try await portal.profiles.addEmergencyContact(
                        call.body.entry,
                        of: call.caller.client(),
                        as: call.principal
                    )
                )
            },
            Route(
                .put,
                "\(Self.base)/emergency-contacts",
                "Put those to call in order",
                requirements: ["PROF-08"],
                access: .account
            )
            .touches(.profile, .change)
            .body(EmergencyContactOrder.self)
            .returns(Listing<EmergencyContactDocument>.self) { call in
                Listing(
                    items: try await portal.profiles.orderEmergencyContacts(
                        call.body.order,
                        of: call.caller.client(),
                        as: call.principal
                    ).map(EmergencyContactDocument.init)
                )
            },
            Route(
                .put,
                "\(Self.base)/emergency-contacts/{contact}",
                "Change somebody to call",
                requirements: ["PROF-08"],
                access: .account
            )
            .touches(.profile, .change)
            .body(EmergencyContactRequest.self)
            .returns(EmergencyContactDocument.self) { call in
                EmergencyContactDocument(
                    try await portal.profiles.changeEmergencyContact(
                        call.id("contact"),
                        to: call.body.entry,
                        of: call.caller.client(),
                        as: call.principal
                    )
                )
            },
            Route(
                .delete,
                "\(Self.base)/emergency-contacts/{contact}",
                "Remove somebody to call",
                requirements: ["PROF-08"],
                access: .account
            )
            .touches(.profile, .delete)
            .returnsNothing { call in
                try await portal.profiles.removeEmergencyContact(
                    call.id("contact"),
                    of: call.caller.client(),
                    as: call.principal
                )
            },
        ]
    }

    private var restrictions: [Endpoint] {
        [
            Route(
                .get,
                "\(Self.base)/restrictions",
                "Channels and addresses that are never used",
                requirements: ["PROF-13"],
                access: .account
            )
            .touches(.profile, .read)
            .returns(Listing<RestrictionDocument>.self) { call in
                Listing(
                    items: try await portal.profiles.restrictions(of: call.caller.client(), as: call.principal)
                        .map(RestrictionDocument.init)
                )
            },
            Route(
                .post,
                "\(Self.base)/restrictions",
                "Rule out a channel, or an address on it",
                requirements: ["PROF-13"],
                access: .account
            )
            .touches(.profile, .create)
            .body(RestrictionRequest.self)
            .returns(RestrictionDocument.self, status: .created) { call in
                RestrictionDocument(
                    try await portal.profiles.restrict(
                        call.body.channel,
                        address: call.body.address,
                        of: call.caller.client(),
                        as: call.principal
                    )
                )
            },
            Route(
                .delete,
                "\(Self.base)/restrictions/{restriction}",
                "Allow it again",
                requirements: ["PROF-13"],
                access: .account
            )
            .touches(.profile, .delete)
            .returnsNothing { call in
                try await portal.profiles.lift(call.id("restriction"), of: call.caller.client(), as: call.principal)
            },
        ]
    }
}
