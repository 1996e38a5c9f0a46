import HTTPTypes
import Hummingbird
import Portal
import Records

extension Exchange {
    /// Lets the caller in, or says why not.
    ///
    /// The rule for requests that bring more than one credential: an `Authorization` field of scheme Bearer decides alone, and
    /// whether it fits or not, cookies are not looked at. A request by cookie that changes something has to show that it
    /// comes from a page of this session; a request by Bearer need not, since no browser adds that by itself.
    mutating func admit<Caller>(_ access: Access<Caller>, _ facts: Endpoint.Facts) async throws -> Caller {
        try limitByAddress(facts.rateClass)
        let isSafe = request.method.isSafe
        if let stranger = access.stranger {
            if !isSafe, bearerToken == nil { try checkSite() }
            return stranger
        }
        let credential = try credential()
        if credential.channel == .web, !isSafe { try checkSite() }
        let use: SessionService.Use = facts.isWatching ? .watching : isSafe ? .view : .action
        guard let admission = try await reception.authenticate(credential, origin, use) else {
            if credential.channel == .web { context.fields.add("Set-Cookie", SessionCookies.removal) }
            throw Problem(
                .notSignedIn,
                "The session has ended. Please sign in again.",
                headers: [.wwwAuthenticate: #"Bearer error="invalid_token""#]
            )
        }
        if let renewed = admission.session?.renewedToken {
            switch credential.channel {
            case .web: context.fields.add("Set-Cookie", SessionCookies.set(session: renewed.text))
            case .api: context.fields.set("Bellwether-Session", renewed.text)
            }
        }
        session = admission.session
        try limit(admission.principal, facts.rateClass)
        if credential.channel == .web, !isSafe {
            do {
                try await checkAntiForgeryToken(of: admission.session)
            } catch let problem as Problem where problem.kind == .antiForgery {
                await reception.recordRefusal(admission.principal, facts.operationID, .forgery)
                throw problem
            }
        }
        guard let caller = access.caller(admission.principal) else {
            await reception.recordRefusal(admission.principal, facts.operationID, .role)
            throw Problem(.forbidden, "You are signed in, but not with an account that this is for.")
        }
        if facts.reasonToServeFirst == nil { try await reception.precondition(admission.principal) }
        // Where there are no sessions, nobody can have shown anything.
        if facts.needsStepUp, admission.session?.isFresh(at: reception.now()) != true { throw Refusal.stepUpRequired }
        return caller
    }

    private func checkSite() throws {
        try ForgeryDefence.checkSite(
            request.headers,
            host: request.head.authority,
            isStrict: reception.options.isStrictTransport
        )
    }

    private func credential() throws -> Credential {
        if let bearerToken { return Credential(token: bearerToken, channel: .api) }
        let cookies = SessionCookies.values(of: SessionCookies.session, in: request.headers)
        guard cookies.count < 2 else {
            throw Problem(.badRequest, "The request has more than one session cookie. Delete this site's cookies.")
        }
        guard let cookie = cookies.first else {
            throw Problem(
                .notSignedIn,
                "Sign in, then send the token as `Authorization: Bearer …`.",
                headers: [.wwwAuthenticate: "Bearer"]
            )
        }
        return Credential(token: cookie, channel: .web)
    }

    private var bearerToken: String? {
        guard let field = request.headers[.authorization] else { return nil }
        let parts = field.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return nil }
        let token = parts[1].filter { !$0.isWhitespace }
        return token.isEmpty ? nil : token
    }
}
