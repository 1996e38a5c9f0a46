import Knowledge
public import Records
public import Store

/// A page of the client's journal. Private unless the client shares it, entry by entry (WELL-08).
public struct JournalEntry: RecordKind {
    public var title: SealedText?
    public var body: SealedText
    public var entryAt: Timestamp

    public init(title: SealedText? = nil, body: SealedText, entryAt: Timestamp) {
        self.title = title
        self.body = body
        self.entryAt = entryAt
    }

    /// Writes a page.
    public static let write = Act<Self, Self>.create(
        "Write a journal entry",
        through: .portal,
        event: "journal.written"
    )
    /// Writes a page anew.
    public static let rewrite = Act<Self, Self>.change(
        "Rewrite a journal entry",
        through: .portal,
        event: "journal.changed"
    )

    public static let declaration = RecordDeclaration<JournalEntry>(
        "journal entry",
        heading: LocalizedText(en: "Journal", es: "Diario"),
        collection: "journal",
        table: "journal_entries",
        area: .journal,
        requirements: ["WELL-08", "PROF-10"],
        timeline: "entry_at",
        moment: { $0.entryAt },
        sharing: .switchable(.journal),
        readers: [.portal, .staff],
        acts: [write, rewrite],
        deletion: .init(through: [.portal], event: "journal.deleted"),
        rules: [
            .length("title", 0...200) { $0.title },
            .length("body", 1...50_000) { $0.body },
            .past("entry_at") { $0.entryAt },
        ],
        screening: .init("JOURNAL") { [$0.title, $0.body] }
    )
}
