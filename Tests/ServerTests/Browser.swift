import HTTPTypes
import HummingbirdTesting
import Support
import Synchronization

@testable import Server

/// A browser at the portal: keeps cookies, says where its requests come from, and sends the page's token.
final class Browser: Sendable {
    private let client: any TestClientProtocol
    private let state = Mutex<State>(State())

    private struct State {
        var cookies: [String: String] = [:]
        var antiForgeryToken: String?
    }

    init(_ client: any TestClientProtocol) { self.client = client }

    var cookies: [String: String] { state.withLock { $0.cookies } }
    var session: String? { cookies[SessionCookies.session] }
    var antiForgeryToken: String? { state.withLock { $0.antiForgeryToken } }

    func keep(_ name: String, _ value: String?) { state.withLock { $0.cookies[name] = value } }

    /// - Parameters:
    ///   - token: instead of the page's own; the empty text for none.
    ///   - headers: instead of what the browser would say.
    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        json: String? = nil,
        token: String? = nil,
        headers more: HTTPFields = [:]
    ) async throws -> ToyAnswer {
        var headers: HTTPFields = [.origin: "http://localhost"]
        headers[named: "Sec-Fetch-Site"] = "same-origin"
        let cookies = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        if !cookies.isEmpty { headers[.cookie] = cookies }
        if let token = token ?? antiForgeryToken, !token.isEmpty { headers[named: "X-CSRF-Token"] = token }
        for field in more { headers[field.name] = field.value.isEmpty ? nil : field.value }
        let answer = try await client.send(method, path, json: json, headers: headers)
        for cookie in answer.headers[values: .setCookie] {
            let pair = cookie.split(separator: ";")[0].split(separator: "=", maxSplits: 1)
            keep(String(pair[0]), pair.count == 2 ? String(pair[1]) : nil)
        }
        return answer
    }

    @discardableResult
    func signIn(_ name: String, at door: String = "portal/auth") async throws -> ToyAnswer {
        let answer = try await send(
            .post,
            "/api/v1/\(door)/login",
            json: #"{"username": "\#(name)", "password": "\#(TestPortal.password)", "cookie": true}"#
        )
        state.withLock { $0.antiForgeryToken = answer.json["csrf_token"]?.text }
        return answer
    }
}
