public import Foundation
public import Knowledge

/// Any documents, such as those of a public test set.
public struct DocumentCollection: Sendable {
    public struct Document: Sendable, Hashable {
        public var id: String
        /// May be empty.
        public var title: String
        public var text: String

        public init(id: String, title: String = "", text: String) {
            self.id = id
            self.title = title
            self.text = text
        }
    }

    public let documents: [Document]

    /// - Parameter documents: their ids are expected to be unique.
    public init(documents: [Document]) { self.documents = documents }

    /// Reads `{"id", "title", "text"}` lines. The title may be missing; `_id` is taken for `id`; an id may be a number.
    ///
    /// Throws for the first line that cannot be read, or that repeats an id.
    public init(jsonLines data: Data, path: String) throws(KnowledgeError) {
        var seen: [String: Int] = [:]
        var documents: [Document] = []
        for (line, row) in try JSONLines.decode(TextRow.self, from: data, path: path) {
            if let first = seen.updateValue(line, forKey: row.id) {
                throw KnowledgeError([
                    Diagnostic(
                        file: path,
                        line: line,
                        message: "the id `\(row.id)` is already on line \(first)",
                        remedy: "Give each document its own id"
                    )
                ])
            }
            documents.append(Document(id: row.id, title: row.title, text: row.text))
        }
        self.documents = documents
    }
}

/// A line with an id, perhaps a title, and a text: a document or a query.
public struct TextRow: Sendable, Decodable {
    public let id: String
    public let title: String
    public let text: String

    private enum CodingKeys: String, CodingKey {
        case id, title, text
        case underscored = "_id"
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let key: CodingKeys = container.contains(.underscored) && !container.contains(.id) ? .underscored : .id
        if let number = try? container.decode(Int.self, forKey: key) {
            id = String(number)
        } else {
            id = try container.decode(String.self, forKey: key)
        }
        title = try container.decodeIfPresent(String.self, forKey: .title) ?? ""
        text = try container.decode(String.self, forKey: .text)
    }
}
