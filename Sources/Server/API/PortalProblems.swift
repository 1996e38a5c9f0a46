import Assistant
import HTTPTypes
import Portal
import Records
import Store

extension ProblemMapping {
    /// How the refusals of the portal's services look from outside.
    static let portal = ProblemMapping(Refusal.self) { refusal in
        switch refusal {
        case .conflict(let detail): Problem(.conflict, detail)
        case .invalid(let pointer, let message, let remedy):
            .invalid([FieldFault(.body(pointer: pointer), message, remedy: remedy)])
        case .wrongCredentials:
            Problem(
                .notSignedIn,
                "The name or the password is not right. After five failed tries in a row, signing in pauses for half an hour."
            )
        case .locked(let until):
            Problem(
                .locked,
                "There were too many failed tries. Signing in opens again at \(until).",
                extensions: ["locked_until": .integer(until.milliseconds)]
            )
        case .wrongCode:
            Problem(
                .notSignedIn,
                "The code is not right, or it was used before. Wait for the next one, or ask for another."
            )
        case .tooManyTries(let until):
            Problem(
                .tooManyRequests,
                "There were too many tries from where you are. It opens again at \(until).",
                headers: [.retryAfter: "1800"]
            )
        case .linkExpired:
            Problem(
                .linkExpired,
                "This link or code is no longer good: it has run out, or it was used. Please ask for a new one."
            )
        case .stepUpRequired:
            Problem(
                .stepUpRequired,
                "For this, please enter your password or a code once more; it is then open for five minutes."
            )
        case .termsRequired(let documents): Problem(termsToAccept: documents)
        case .passwordExpired:
            Problem(
                .passwordExpired,
                "The password that you were given has run out. Ask for a link to set your own, or call the practice."
            )
        case .weakPassword(let faults):
            .invalid(faults.map { FieldFault(.body(pointer: "/password"), $0.message, remedy: $0.remedy) })
        }
    }

    /// Too many passwords are being checked at once.
    static let busyHasher = ProblemMapping(PasswordHasher.Busy.self) { busy in
        Problem(
            .busy,
            "Very many people are signing in at once. Please try again in a moment.",
            headers: [.retryAfter: String(busy.retryAfter)]
        )
    }

    /// A sign-in that would need more than the endpoint can ask for.
    static let secondFactor = ProblemMapping(SecondFactorRequired.self) { _ in
        Problem(.notSignedIn, "This account signs in with a second factor.")
    }

    /// A store that fails must not be a dead end for somebody in danger: the problem says where help is.
    static func storeWithHelp(_ safetyNet: SafetyNet) -> ProblemMapping {
        ProblemMapping(StoreError.self) { error in
            guard error.isUnavailable, let problem = ProblemMapping.store.map(error) else { return nil }
            return problem.withHelp(safetyNet)
        }
    }

    /// Neither must terms: whoever is asked to accept them is told where help is that asks for none.
    static func termsWithHelp(_ safetyNet: SafetyNet) -> ProblemMapping {
        ProblemMapping(Refusal.self) { refusal in
            guard case .termsRequired(let documents) = refusal else { return nil }
            return Problem(termsToAccept: documents).withHelp(safetyNet)
        }
    }

    /// Neither must a limit: a chat message that is not taken is answered with where help is.
    static func limitWithHelp(_ safetyNet: SafetyNet) -> ProblemMapping {
        ProblemMapping(RateLimitExceeded.self) { error in
            guard error.kind == .chat else { return nil }
            return ProblemMapping.rateLimit.map(error)?.withHelp(safetyNet)
        }
    }
}

extension Problem {
    /// Names the documents, and leads to where they are read and accepted.
    fileprivate init(termsToAccept documents: [LegalReference]) {
        let path = "/api/v1/portal/account/terms"
        var headers: HTTPFields = [:]
        // RFC 8288, with the relation of RFC 6903.
        headers[named: "Link"] = "<\(path)>; rel=\"terms-of-service\""
        self.init(
            .termsRequired,
            "There are terms that you have not accepted yet. Read and accept them, then go on. The chat is open meanwhile.",
            extensions: [
                "terms": .string(path),
                "documents": .array(
                    documents.map { document in
                        [
                            "id": .string(document.id.text), "kind": .string(document.kind.rawValue),
                            "version": .integer(Int64(document.version)),
                        ]
                    }
                ),
            ],
            headers: headers
        )
    }

    fileprivate func withHelp(_ safetyNet: SafetyNet) -> Problem {
        var problem = self
        let panel = PanelDocument(safetyNet.panel(for: .support, language: "en", region: "US"))
        if let document = try? JSONCoding.encode(panel), let value = try? JSONCoding.parse(document) {
            problem.extensions["crisis_resources"] = value
        }
        return problem
    }
}
