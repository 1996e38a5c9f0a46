public import Knowledge

/// Something that can be done with a kind of record: making one, changing it, or a step in its life such as completing it.
public protocol RecordAct<Kind>: Sendable {
    associatedtype Kind: RecordKind
    /// What whoever does it sends.
    associatedtype Input: Codable & Sendable

    var form: ActForm { get }
    var door: Door { get }
    /// A few words, for the documentation.
    var summary: String { get }
    /// The domain event that it is, past tense with its area.
    var event: String { get }
    /// Who hears of it.
    var telling: Telling? { get }

    /// What becomes of the record; `current` is nil when one is made.
    ///
    /// Throws ``RecordFaults`` for an input that does not do, and whatever reading beside it throws.
    func apply(_ input: Input, to current: Kind?, in context: ActContext) throws -> Kind
}

public enum ActForm: Sendable, Hashable {
    case create
    /// Writes the whole record anew.
    case change
    /// A step with a name of its own, which ends its path.
    case step(String)

    /// The action that the policy is asked for.
    public var action: AccessAction {
        switch self {
        case .create: .create
        case .change, .step: .change
        }
    }
}

/// Who is told of an act. The words may show on a lock screen, so they say nothing of what the record says.
public struct Telling: Sendable, Hashable {
    public enum Audience: Sendable, Hashable {
        case client
        /// The client's clinician, and only of what is shared.
        case clinician
    }

    public let audience: Audience
    public let title: LocalizedText
    /// Path of the page that shows it.
    public let link: String?

    public init(_ audience: Audience, _ title: LocalizedText, link: String? = nil) {
        self.audience = audience
        self.title = title
        self.link = link
    }
}

/// What an act knows of where and by whom it is done.
public struct ActContext {
    /// Access to the record's area; other areas are reached beside it.
    public let access: ClientAccess
    public var now: Timestamp { access.now }
    public var staffID: ID<StaffMember>? { access.principal.staffID }
}

/// A ``RecordAct`` given by a closure.
public struct Act<Kind: RecordKind, Input: Codable & Sendable>: RecordAct {
    public let form: ActForm
    public let door: Door
    public let summary: String
    public let event: String
    public let telling: Telling?
    private let body: @Sendable (Input, Kind?, ActContext) throws -> Kind

    public func apply(_ input: Input, to current: Kind?, in context: ActContext) throws -> Kind {
        try body(input, current, context)
    }

    /// Making a record out of `input`.
    public static func create(
        _ summary: String,
        through door: Door,
        from input: Input.Type,
        event: String,
        telling: Telling? = nil,
        _ make: @escaping @Sendable (Input, ActContext) throws -> Kind
    ) -> Self {
        Self(form: .create, door: door, summary: summary, event: event, telling: telling) { input, _, context in
            try make(input, context)
        }
    }

    /// Writing a record anew out of `input`.
    public static func change(
        _ summary: String,
        through door: Door,
        from input: Input.Type,
        event: String,
        telling: Telling? = nil,
        _ write: @escaping @Sendable (inout Kind, Input, ActContext) throws -> Void
    ) -> Self {
        on(.change, summary, through: door, event: event, telling: telling, write)
    }

    /// A step in a record's life, at a path that ends with `name`.
    public static func step(
        _ name: String,
        _ summary: String,
        through door: Door,
        taking input: Input.Type,
        event: String,
        telling: Telling? = nil,
        _ take: @escaping @Sendable (inout Kind, Input, ActContext) throws -> Void
    ) -> Self {
        on(.step(name), summary, through: door, event: event, telling: telling, take)
    }

    private static func on(
        _ form: ActForm,
        _ summary: String,
        through door: Door,
        event: String,
        telling: Telling?,
        _ take: @escaping @Sendable (inout Kind, Input, ActContext) throws -> Void
    ) -> Self {
        Self(form: form, door: door, summary: summary, event: event, telling: telling) { input, current, context in
            guard var record = current else { throw RecordNotFound() }
            try take(&record, input, context)
            return record
        }
    }
}

extension Act where Input == Kind {
    /// Making a record that says just what was sent.
    public static func create(_ summary: String, through door: Door, event: String, telling: Telling? = nil) -> Self {
        create(summary, through: door, from: Kind.self, event: event, telling: telling) { input, _ in input }
    }

    /// Writing a record anew.
    public static func change(_ summary: String, through door: Door, event: String, telling: Telling? = nil) -> Self {
        Self(form: .change, door: door, summary: summary, event: event, telling: telling) { input, _, _ in input }
    }
}

/// What a step takes that needs nothing said.
public struct NoInput: Codable, Sendable {
    public init() {}
}
