import Assistant
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
        }
    }

    /// A store that fails must not be a dead end for somebody in danger: the problem says where help is.
    static func storeWithHelp(_ safetyNet: SafetyNet) -> ProblemMapping {
        ProblemMapping(StoreError.self) { error in
            guard error.isUnavailable, let problem = ProblemMapping.store.map(error) else { return nil }
            return problem.withHelp(safetyNet)
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
    fileprivate func withHelp(_ safetyNet: SafetyNet) -> Problem {
        var problem = self
        let panel = PanelDocument(safetyNet.panel(for: .support, language: "en", region: "US"))
        if let document = try? JSONCoding.encode(panel), let value = try? JSONCoding.parse(document) {
            problem.extensions["crisis_resources"] = value
        }
        return problem
    }
}
