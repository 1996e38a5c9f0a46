public import Knowledge

/// What could be kept of an HTML page, in the Markdown of articles, and everything that could not.
public struct ImportedPage: Sendable, Hashable {
    /// The only heading of level 1, else the page's `<title>`; nil without either.
    public let title: String?
    /// Language subtag that the page declares, such as `es`; nil without one.
    public let language: String?
    /// Headings of level 2 and 3, paragraphs, points, numbered steps, emphasis and links to the portal.
    public let markdown: String
    /// What was left out, in the order of the page.
    public let dropped: [Dropped]

    /// Something that was left out.
    public struct Dropped: Sendable, Hashable, Codable {
        public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
            case script
            case style
            case frame
            case form
            case eventHandler = "event_handler"
            case comment
            case trackingPixel = "tracking_pixel"
            case image
            case media
            case table
            case nestedList = "nested_list"
            case headingLevel = "heading_level"
            case dangerousLink = "dangerous_link"
            case outsideLink = "outside_link"
            case pageLink = "page_link"
            case hiddenText = "hidden_text"
            case pageFrame = "page_frame"
            case invisibleCharacter = "invisible_character"
            case liveField = "live_field"
            case characterSet = "character_set"
            case unread
        }

        public let kind: Kind
        /// Which one: the address of a link, the name of an event; at most 200 characters. Empty when the kind says it all.
        public let detail: String
        /// Line of the page on which it first stands, counted from 1.
        public let line: Int
        /// How often it stands there.
        public internal(set) var count: Int
    }

    /// What was left out as findings on `file`: faults of accessibility and danger are errors of the page, and so are
    /// warnings here, since the draft no longer has them.
    public func diagnostics(file: String) -> [Diagnostic] {
        dropped.map { dropped in
            let (what, remedy) = dropped.kind.words
            let which = dropped.detail.isEmpty ? "" : " (\(dropped.detail))"
            let times = dropped.count > 1 ? ", \(dropped.count) times" : ""
            return Diagnostic(
                file: file,
                line: dropped.line,
                severity: .warning,
                message: "\(what)\(which)\(times)",
                remedy: remedy
            )
        }
    }
}

extension ImportedPage.Dropped.Kind {
    /// What it is, and what an editor may do about it.
    var words: (what: String, remedy: String) {
        switch self {
        case .script: ("a script was left out", "Nothing has to be done")
        case .style: ("a style sheet was left out", "Nothing has to be done; articles have the portal's looks")
        case .frame: ("a frame with another page was left out", "Say what it showed in words")
        case .form: ("a form or one of its fields was left out", "Link to the page of the portal that does the same")
        case .eventHandler: ("an event handler was left out", "Nothing has to be done")
        case .comment: ("a comment was left out", "Nothing has to be done")
        case .trackingPixel: ("an invisible image that reports its readers was left out", "Nothing has to be done")
        case .image: ("an image was left out, which not everybody can see", "Say in words what it shows")
        case .media: ("sound, video or a drawing was left out", "Say in words what it shows")
        case .table:
            ("a table was turned into points, since it is hard to follow by ear", "Read whether the points make sense")
        case .nestedList: ("points within points were put on one level", "Read whether the points make sense")
        case .headingLevel:
            ("a heading was put on another level", "Articles have headings of two levels, `##` and `###`")
        case .dangerousLink:
            ("the address of a link that runs code was left out", "Remove the text, too, if it says “click here”")
        case .outsideLink:
            (
                "the address of a link out of the portal was left out",
                "Name the source under `sources`, or link to a page of the portal"
            )
        case .pageLink:
            (
                "the address of a link within the page was left out",
                "Link to a heading of the article, such as #how-to-book"
            )
        case .hiddenText: ("text that no reader saw was left out", "Nothing has to be done")
        case .pageFrame: ("the menu or the frame around the text was left out", "Nothing has to be done")
        case .invisibleCharacter: ("invisible characters were left out", "Nothing has to be done")
        case .liveField:
            (
                "curly brackets that the portal would fill in were taken apart",
                "Write a live field yourself where one is meant"
            )
        case .characterSet: ("the page's characters had to be guessed", "Read whether letters with accents are right")
        case .unread: ("the rest of the page was not read", "Simplify the page, or copy its text by hand")
        }
    }
}

/// A file that is no page, or none that can be taken in.
public enum HTMLImportError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Holds the limit in bytes.
    case tooLarge(limit: Int)
    /// No readable text was found.
    case empty

    public var description: String {
        switch self {
        case .tooLarge(let limit): "the page has more than \(limit / 1_000_000) MB"
        case .empty: "the page holds no readable text"
        }
    }
}
