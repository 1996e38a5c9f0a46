extension Problem {
    /// A kind of problem: its stable name, and what goes with it.
    public struct Kind: Sendable, Hashable {
        /// The last part of ``type``; never changes.
        public let slug: String
        public let title: String
        /// The HTTP status code.
        public let status: Int

        public init(_ slug: String, _ status: Int, _ title: String) {
            self.slug = slug
            self.status = status
            self.title = title
        }

        public var type: String { "urn:bellwether:problem:\(slug)" }
    }
}

extension Problem.Kind {
    public static let badRequest = Self("bad-request", 400, "The request cannot be understood")
    public static let malformedJSON = Self("malformed-json", 400, "The body is not JSON")
    public static let notSignedIn = Self("not-signed-in", 401, "You are not signed in")
    public static let forbidden = Self("forbidden", 403, "This is not for your kind of account")
    public static let stepUpRequired = Self("step-up-required", 403, "Show once more who you are")
    public static let termsRequired = Self("terms-required", 403, "Accept the terms first")
    public static let passwordExpired = Self("password-expired", 403, "The password that was given out has run out")
    public static let foreignSite = Self("foreign-site", 403, "The request came from another site")
    public static let antiForgery = Self("anti-forgery", 403, "The request does not come from a page of the session")
    public static let notFound = Self("not-found", 404, "Not found")
    public static let methodNotAllowed = Self("method-not-allowed", 405, "This cannot be done here")
    public static let requestTimeout = Self("request-timeout", 408, "The request took too long")
    public static let conflict = Self("conflict", 409, "It does not fit what is there already")
    public static let linkExpired = Self("link-expired", 410, "The link or code is no longer good")
    public static let preconditionFailed = Self("precondition-failed", 412, "Somebody changed it in the meantime")
    public static let tooLarge = Self("too-large", 413, "The body is too large")
    public static let unsupportedMediaType = Self("unsupported-media-type", 415, "The body has another media type")
    public static let invalid = Self("invalid", 422, "Some of what was sent is not valid")
    public static let preconditionRequired = Self("precondition-required", 428, "Say which version you changed")
    public static let locked = Self("locked", 423, "Locked")
    public static let tooManyRequests = Self("too-many-requests", 429, "Too many requests")
    public static let unexpected = Self("unexpected", 500, "Something went wrong on our side")
    public static let busy = Self("busy", 503, "Too busy at the moment")
    public static let stopping = Self("stopping", 503, "The service is restarting")
    public static let storageUnavailable = Self("storage-unavailable", 503, "Storage is not available")
}
