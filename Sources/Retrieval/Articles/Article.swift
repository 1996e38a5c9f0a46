/// Who may read an article.
public enum Audience: String, Sendable, Hashable, Codable, CaseIterable {
    /// Anybody, also before signing in.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case public_ = "public"
    case clients
    case guardians
}

/// A page of the portal that an article points to.
public struct ArticleLink: Sendable, Hashable, Codable {
    public var label: String
    /// Path within the portal, such as `/portal/billing`.
    public var path: String

    public init(label: String, path: String) {
        self.label = label
        self.path = path
    }
}

/// An article that the assistant answers from: Markdown with front matter, split into sections and blocks.
public struct Article: Sendable, Hashable, Codable, Identifiable {
    /// A text as written, and as plain text.
    public struct Text: Sendable, Hashable, Codable {
        public var markdown: String
        public var plain: String

        public init(markdown: String) {
            self.markdown = markdown
            plain = MarkdownText.plain(markdown)
        }
    }

    public enum Block: Sendable, Hashable, Codable {
        case paragraph(Text)
        /// Points without an order.
        case list([Text])
        /// Numbered steps.
        case steps([Text])
    }

    /// What stands below one heading, up to the next heading of any level.
    public struct Section: Sendable, Hashable, Codable {
        /// Plain text; nil for the lead.
        public var heading: String?
        /// 2 or 3; 0 for the lead.
        public var level: Int
        /// Headings from the outermost down to this one; empty for the lead.
        public var headingPath: [String]
        /// The heading as it appears in a link, unique in the article; empty for the lead.
        public var anchor: String
        public var blocks: [Block]
    }

    /// The topic's slug, equal to the file name without `.md`; unique in its language.
    public var id: String
    public var title: String
    /// Language subtag, such as `en`.
    public var language: String
    public var audience: Audience
    public var topics: [String]
    /// Questions that this article answers, as clients type them.
    public var questions: [String]
    public var links: [ArticleLink]
    /// Date by which somebody has to review it, as `yyyy-mm-dd`.
    public var reviewBy: String
    public var sources: [String]
    /// The lead first, then the sections in order.
    public var sections: [Section]
    /// The Markdown after the front matter.
    public var body: String
    /// 0 for a file; the portal numbers what it publishes.
    public var version: Int

    public init(
        id: String,
        title: String,
        language: String = "en",
        audience: Audience = .clients,
        topics: [String] = [],
        questions: [String],
        links: [ArticleLink] = [],
        reviewBy: String = "",
        sources: [String] = [],
        body: String,
        version: Int = 0
    ) {
        self.id = id
        self.title = title
        self.language = language
        self.audience = audience
        self.topics = topics
        self.questions = questions
        self.links = links
        self.reviewBy = reviewBy
        self.sources = sources
        self.sections = MarkdownBody(body).sections.map(\.section)
        self.body = body
        self.version = version
    }
}
