import HTTPTypes

extension Call {
    /// The version of a record that the caller saw, from `If-Match`; nil when any will do.
    ///
    /// Throws a problem for what is no entity tag of ours, since no record has that version.
    var seenVersion: Int? {
        get throws {
            guard let field = headers[.ifMatch]?.filter({ !$0.isWhitespace }), field != "*" else { return nil }
            guard field.count > 2, field.hasPrefix("\""), field.hasSuffix("\""),
                let version = Int(field.dropFirst().dropLast())
            else { throw Problem(.preconditionFailed, "`If-Match` names no version of this. Load it again.") }
            return version
        }
    }

    /// The caller's own key for what they make, from `Idempotency-Key`: made twice under one key, it is made once.
    var idempotencyKey: String? {
        get throws {
            guard let name = HTTPField.Name("Idempotency-Key"), let key = headers[name] else { return nil }
            guard (1...100).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
                throw Problem(.badRequest, "`Idempotency-Key` is 1 to 100 visible ASCII characters, such as a UUID.")
            }
            return key
        }
    }
}

extension Problem {
    /// A change that does not say which version it is made to.
    static let versionNeeded = Problem(
        .preconditionRequired,
        "Say in `If-Match` which version you changed, as its `ETag` was; `*` for whichever is there."
    )
}
