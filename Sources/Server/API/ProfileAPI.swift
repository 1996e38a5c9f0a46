import HTTPTypes
import Portal
import Records

/// A client's own profile: what they are called, how they are reached, and how never.
struct ProfileAPI: Sendable {
    let portal: Portal

    private static let base = "/api/v1/portal/profile"

    var endpoints: [Endpoint] { profile + restrictions }

    private var profile: [Endpoint] {
        [
            Route(.get, Self.base, "One's own profile", requirements: ["PROF-01"], access: .account)
                .touches(.profile, .read)
                .returns(Reply<ProfileDocument>.self) { call in
                    Self.reply(try await portal.profiles.profile(of: call.caller.client(), as: call.principal))
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
            .problems(.preconditionFailed, .preconditionRequired)
            .returns(Reply<ProfileDocument>.self) { call in
                guard call.headers[.ifMatch] != nil else { throw Problem.versionNeeded }
                return Self.reply(
                    try await portal.profiles.update(
                        call.body.edit,
                        rev: call.seenVersion,
                        of: call.caller.client(),
                        as: call.principal
                    )
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
            .returns(Reply<ProfileDocument>.self) { call in
                Self.reply(try await portal.profiles.profile(of: call.id("client"), as: call.principal))
            },
        ]
    }

    private static func reply(_ profile: ProfileService.Profile) -> Reply<ProfileDocument> {
        Reply(ProfileDocument(profile), headers: [.eTag: "\"\(profile.rev)\""])
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
