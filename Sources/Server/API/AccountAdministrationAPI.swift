import HTTPTypes
import Portal
import Records

/// What staff do for the accounts of clients.
struct AccountAdministrationAPI: Sendable {
    let portal: Portal

    var endpoints: [Endpoint] { accounts + claims }

    private var accounts: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/clients/{client}/portal-account",
                "Where a client stands with the portal",
                requirements: ["ACC-42"],
                access: .staff
            )
            .touches(.account, .read)
            .returns(PortalStandingDocument.self) { call in
                PortalStandingDocument(try await portal.accounts.standing(of: call.id("client"), as: call.principal))
            },
            Route(
                .put,
                "/api/v1/clients/{client}/portal-access",
                "Turn a client's portal access on or off; off ends sessions at once",
                requirements: ["ACC-40", "CORE-10"],
                access: .staff
            )
            .touches(.account, .change)
            .body(PortalAccessRequest.self)
            .returns(PortalStandingDocument.self) { call in
                let client: ID<Client> = try call.id("client")
                try await portal.accounts.setPortalEnabled(call.body.enabled, for: client, as: call.principal)
                return PortalStandingDocument(try await portal.accounts.standing(of: client, as: call.principal))
            },
            Route(
                .post,
                "/api/v1/clients/{client}/create-portal-account",
                "Create a client's account with a password that is given out",
                requirements: ["ACC-39", "CORE-09"],
                access: .staff
            )
            .touches(.account, .create)
            .body(CreateAccountRequest.self)
            .problems(.conflict)
            .returns(TemporaryPasswordDocument.self, status: .created) { call in
                TemporaryPasswordDocument(
                    temporaryPassword: try await portal.accounts.createAccount(
                        for: call.id("client"),
                        username: call.body.username,
                        email: call.body.email,
                        as: call.principal
                    )
                )
            },
            Route(
                .post,
                "/api/v1/clients/{client}/portal-account/unlock",
                "Let a locked client try again at once",
                requirements: ["ACC-29"],
                access: .staff
            )
            .touches(.account, .change)
            .returnsNothing { call in
                try await portal.accounts.unlock(call.id("client", Client.self), as: call.principal)
            },
            Route(
                .post,
                "/api/v1/clients/{client}/invitations",
                "Invite a client to the portal",
                requirements: ["ACC-01", "ACC-03", "ACC-04"],
                access: .staff
            )
            .touches(.account, .create)
            .body(InviteRequest.self)
            .problems(.conflict)
            .returns(InvitationDocument.self, status: .created) { call in
                InvitationDocument(
                    try await portal.invitations.invite(
                        call.id("client"),
                        by: call.body.channel.channel,
                        email: call.body.email,
                        as: call.principal
                    ),
                    drawing: portal.configuration.qrCodes
                )
            },
            Route(
                .post,
                "/api/v1/admin/staff/{member}/unlock",
                "Let a locked member of staff try again at once",
                requirements: ["ACC-29", "CORE-16"],
                access: .staff(.administrator)
            )
            .touchesNoRecord("A member of staff's own account, which is no client's")
            .returnsNothing { call in
                try await portal.accounts.unlock(call.id("member", StaffMember.self), as: call.principal)
            },
        ]
    }

    private var claims: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/admin/portal/registrations",
                "Who says they are a client and waits to be let in",
                requirements: ["ACC-05"],
                access: .staff(.administrator, .frontDesk)
            )
            .touchesPractice(.account, .read)
            .returns(ClaimListDocument.self) { call in
                ClaimListDocument(
                    requests: try await portal.selfRegistration.requests(as: call.principal).map(ClaimDocument.init)
                )
            },
            Route(
                .post,
                "/api/v1/admin/portal/registrations/{registration}/approve",
                "Say which client it is, and invite them",
                requirements: ["ACC-05"],
                access: .staff(.administrator, .frontDesk)
            )
            .touchesPractice(.account, .create)
            .body(ApproveClaimRequest.self)
            .problems(.conflict)
            .returnsNothing { call in
                try await portal.selfRegistration.approve(
                    call.id("registration"),
                    as: call.body.clientId,
                    by: call.principal
                )
            },
            Route(
                .post,
                "/api/v1/admin/portal/registrations/{registration}/reject",
                "Refuse",
                requirements: ["ACC-05"],
                access: .staff(.administrator, .frontDesk)
            )
            .touchesPractice(.account, .change)
            .returnsNothing { call in
                try await portal.selfRegistration.reject(call.id("registration"), by: call.principal)
            },
        ]
    }
}
