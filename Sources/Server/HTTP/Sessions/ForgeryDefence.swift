import Foundation
import HTTPTypes
import Hummingbird
import Portal

/// Against requests that another site makes a browser send (SEC-07). Three layers, of which each would do (ASVS 5.0 § 3.5.1):
/// what the browser says of where a request comes from (`Sec-Fetch-Site`, `Origin`), cookies that are not sent along
/// (`SameSite`), and a token bound to the session that only its own pages know.
enum ForgeryDefence {
    /// In the header of a request, or in the field ``formField`` of a form.
    static let header = "X-CSRF-Token"
    static let formField = "csrf_token"

    /// Throws unless the request is one of this very origin's, as far as the browser says. A program says nothing of it.
    ///
    /// - Parameter isStrict: whether only HTTPS is spoken, so that the origin has to be an `https` one.
    static func checkSite(_ headers: HTTPFields, host: String?, isStrict: Bool) throws {
        let problem = Problem(.foreignSite, "Open the portal itself and try there.")
        if let site = headers[named: "Sec-Fetch-Site"], site != "same-origin", site != "none" { throw problem }
        guard let origin = headers[.origin] else { return }
        let schemes = isStrict ? ["https://"] : ["https://", "http://"]
        guard let host, !host.isEmpty, schemes.contains(where: { origin.lowercased() == $0 + host.lowercased() })
        else { throw problem }
    }

    /// Compares in a time that does not tell how much of it fits.
    static func isSame(_ given: String, as expected: String) -> Bool {
        let (given, expected) = (Array(given.utf8), Array(expected.utf8))
        guard given.count == expected.count, !expected.isEmpty else { return false }
        return zip(given, expected).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
    }
}

extension Exchange {
    /// The token of a request that changes something, from its header or from the form that it sends.
    mutating func checkAntiForgeryToken(of session: LiveSession?) async throws {
        var given = request.headers[named: ForgeryDefence.header]
        if given == nil,
            request.headers[.contentType]?.lowercased().hasPrefix("application/x-www-form-urlencoded") == true
        {
            given = formValue(ForgeryDefence.formField, in: String(buffer: try await collect(upTo: 65_536)))
        }
        guard let session, let given, ForgeryDefence.isSame(given, as: session.antiForgeryToken) else {
            throw Problem(
                .antiForgery,
                "Load the page again and retry. Programs: send `csrf_token` of the session in `\(ForgeryDefence.header)`."
            )
        }
    }

    private func formValue(_ name: String, in form: String) -> String? {
        for pair in form.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0] == name else { continue }
            return parts[1].replacing("+", with: " ").removingPercentEncoding
        }
        return nil
    }
}
