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

    /// As people call one: "mood entry".
    public let name: String
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
    public let sharing: Sharing
    /// The doors through which it can be read. Who is let in there, the policy says.
    public let readers: Set<Door>
    /// What can be done with it.
    public let acts: [any RecordAct<Kind>]
    /// The doors through which it can be deleted.
    public let deleters: Set<Door>
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
        collection: String,
        table: SQL.Name,
        area: DataArea,
        requirements: [String] = [],
        timeline: SQL.Name = "created_at",
        moment: @escaping @Sendable (Record<Kind>) -> Timestamp = { $0.createdAt },
        sharing: Sharing,
        readers: Set<Door>,
        acts: [any RecordAct<Kind>],
        deleters: Set<Door> = [],
        rules: [FieldRule<Kind>] = [],
        screening: Screening? = nil,
        masking: Masking? = nil
    ) {
        self.name = name
        self.collection = collection
        self.table = table
        self.area = area
        self.requirements = requirements
        self.timeline = timeline
        self.moment = moment
        self.sharing = sharing
        self.readers = readers
        self.acts = acts
        self.deleters = deleters
        self.rules = rules
        self.screening = screening
        self.masking = masking
    }
}
