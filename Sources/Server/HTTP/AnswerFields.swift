import HTTPTypes
import Synchronization

/// Fields that serving a request adds to its answer, whether it is the answer or a problem: a renewed session, what is left of
/// a limit.
final class AnswerFields: Sendable {
    private let fields = Mutex<HTTPFields>([:])

    func set(_ name: String, _ value: String) { fields.withLock { $0[named: name] = value } }

    func add(_ name: String, _ value: String) {
        guard let name = HTTPField.Name(name) else { return }
        fields.withLock { $0.append(HTTPField(name: name, value: value)) }
    }

    /// Onto an answer, which keeps what it says itself.
    func apply(to headers: inout HTTPFields) {
        for field in fields.withLock({ $0 }) where field.name == .setCookie || headers[field.name] == nil {
            // Signing in or out decides about the cookie; a renewal on the way there is of no use.
            if field.name == .setCookie, headers[values: .setCookie].contains(where: { Self.isSession($0) }) {
                continue
            }
            headers.append(field)
        }
    }

    private static func isSession(_ cookie: String) -> Bool { cookie.hasPrefix(SessionCookies.session + "=") }
}
