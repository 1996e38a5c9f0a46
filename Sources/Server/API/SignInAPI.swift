import HTTPTypes
import Portal
import Records

/// Signing in, for portal accounts and for staff.
struct SignInAPI: Sendable {
    let portal: Portal

    var endpoints: [Endpoint] {
        SignInService.Door.allCases.flatMap { door in
            [
                Route(
                    .get,
                    "\(door.path)/login",
                    "How one can sign in; takes no credentials",
                    requirements: ["API-03"],
                    access: .anyone
                )
                .touchesNoRecord("Whoever signs in")
                .returns(SignInOptionsDocument.self) { _ in SignInOptionsDocument(methods: ["password", "magic-link"])
                },
                Route(
                    .post,
                    "\(door.path)/login",
                    "Sign in with name and password",
                    requirements: ["ACC-22", "ACC-29", "API-06"],
                    access: .anyone
                )
                .touchesNoRecord("Whoever signs in")
                .body(SignInRequest.self, limit: 16_384)
                .problems(.notSignedIn, .locked, .tooManyRequests)
                .returns(Reply<SignInDocument>.self) { call in
                    try await CredentialAPI(portal: portal).answer(
                        portal.signIn.begin(
                            name: call.body.username,
                            password: call.body.password,
                            at: door,
                            practice: call.body.practice,
                            origin: call.origin,
                            client: call.sessionClient(
                                cookie: call.body.cookie,
                                followsRenewal: call.body.followsRenewal
                            )
                        )
                    )
                },
            ]
        }
    }
}
