public import Knowledge
public import Store

/// Through which door somebody comes to a record.
public enum Door: String, Sendable, Hashable, CaseIterable {
    /// Clients, and those who act for them.
    case portal
    /// Staff, at one client's record.
    case staff
    /// Administrators, across all clients of the practice.
    case practice

    public var purpose: Purpose {
        switch self {
        case .portal: .ownCare
        case .staff: .treatment
        case .practice: .operations
        }
    }
}

/// Whether the client's clinician sees a record.
public enum Sharing: Sendable, Hashable {
    /// It is part of the treatment.
    case always
    /// The client decides, entry by entry; a new one takes the client's default for this kind of data.
    case switchable(SharedKind)
}

/// Which records are kept from those who see only what is not confidential: who acts for a minor, where the policy or the
/// practice's rule says so, and who reads along by a consent.
public enum Confidentiality: Sendable {
    /// All of them.
    case everything
    /// All but those of a condition.
    case everythingBut(SQL)
    /// None.
    case nothing

    /// The condition of what is not confidential; nil when everything is.
    var openly: SQL? {
        switch self {
        case .everything: nil
        case .everythingBut(let condition): condition
        case .nothing: "TRUE"
        }
    }
}

/// All that is to be known of a kind of record.
public struct RecordDeclaration<Kind: RecordKind>: Sendable {
    /// The crisis screen's part: where the words come from, and which they are.
    public struct Screening: Sendable {
        /// One of the sources that a crisis event names.
        public let source: String
        public let texts: @Sendable (Kind) -> [SealedText?]

        public init(_ source: String, _ texts: @escaping @Sendable (Kind) -> [SealedText?]) {
            self.source = source
            self.texts = texts
        }
    }

    /// What becomes of a record that hides who wrote it. It can be shared with nobody, is not listed under its client for
    /// those who see the area masked, and shows them across clients without what tells who it is from, until one of them
    /// reveals it with a reason.
    public struct Masking: Sendable {
        /// The condition of records that hide nothing.
        let openly: SQL
        /// What is left of a record's content; nil for one that hides nothing.
        public let redacted: @Sendable (Kind) -> Kind?

        public init(openly: SQL, redacted: @escaping @Sendable (Kind) -> Kind?) {
            self.openly = openly
            self.redacted = redacted
        }
    }

    /// Records that stand in an order that people give them, such as whom to call first. They are few: a list shows all.
    public struct Ordering: Sendable {
        /// Its place, from 0; the column is `position`.
        let position: any WritableKeyPath<Kind, Int> & Sendable
        /// How many a client has at most.
        public let limit: Int
        /// The domain event of putting them in another order.
        let event: String

        public init(by position: any WritableKeyPath<Kind, Int> & Sendable, limit: Int, event: String) {
            self.position = position
            self.limit = limit
            self.event = event
        }
    }

    /// Who may take a record away, so far as the policy lets them.
    public struct Deletion: Sendable {
        public let doors: Set<Door>
        /// The domain event that it is.
        let event: String

        public init(through doors: Set<Door>, event: String) {
            self.doors = doors
            self.event = event
        }
    }

    /// As people call one, in the documentation: "mood entry".
    public let name: String
    /// What stands above a client's records of this kind, where they read them.
    public let heading: LocalizedText
    /// Its part of a path, in the plural: "mood-entries".
    public let collection: String
    public let table: SQL.Name
    public let area: DataArea
    /// The requirements it serves.
    public let requirements: [String]
    /// The column that says when it belongs; lists run along it, the newest first.
    public let timeline: SQL.Name
    /// The moment of `timeline`.
    public let moment: @Sendable (Record<Kind>) -> Timestamp
    /// Nil for records that stand along the timeline.
    public let ordering: Ordering?
    public let sharing: Sharing
    public let confidentiality: Confidentiality
    /// The doors through which it can be read. Who is let in there, the policy says.
    public let readers: Set<Door>
    /// What can be done with it.
    public let acts: [any RecordAct<Kind>]
    /// Nil for a kind that stands once it is written.
    public let deletion: Deletion?
    public let rules: [FieldRule<Kind>]
    public let screening: Screening?
    /// Nil for a kind that is never masked.
    public let masking: Masking?

    /// Why a record cannot be shared as it is; nil when it can, or is not.
    func sharingFault(_ record: Record<Kind>) -> String? {
        guard record.shared, masking?.redacted(record.content) != nil else { return nil }
        return "What is anonymous cannot be shared. Switch sharing off, or put your name to it."
    }

    public init(
        _ name: String,
        heading: LocalizedText,
        collection: String,
        table: SQL.Name,
        area: DataArea,
        requirements: [String] = [],
        timeline: SQL.Name = "created_at",
        moment: @escaping @Sendable (Record<Kind>) -> Timestamp = { $0.createdAt },
        ordering: Ordering? = nil,
        sharing: Sharing,
        confidentiality: Confidentiality = .everything,
        readers: Set<Door>,
        acts: [any RecordAct<Kind>],
        deletion: Deletion? = nil,
        rules: [FieldRule<Kind>] = [],
        screening: Screening? = nil,
        masking: Masking? = nil
    ) {
        self.name = name
        self.heading = heading
        self.collection = collection
        self.table = table
        self.area = area
        self.requirements = requirements
        self.timeline = timeline
        self.moment = moment
        self.ordering = ordering
        self.sharing = sharing
        self.confidentiality = confidentiality
        self.readers = readers
        self.acts = acts
        self.deletion = deletion
        self.rules = rules
        self.screening = screening
        self.masking = masking
    }
}
