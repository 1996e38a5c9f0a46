import Foundation

/// A query for a list in pieces. ``Listing`` is its answer.
public protocol PagedQuery: Decodable, Sendable {
    var limit: PageLimit? { get }
    var cursor: Cursor? { get }
}

/// The query of a list that takes no other parameters.
public struct PageQuery: PagedQuery {
    public let limit: PageLimit?
    public let cursor: Cursor?
}

/// How many items a piece of a list may hold: 1 to 100, 50 unless said.
public struct PageLimit: SchemaDescribing, Sendable, Hashable {
    public static let `default` = 50
    public let value: Int

    public static var schema: Schema {
        .integer(1...100).described("How many items at most; \(`default`) unless said")
    }

    public init(from decoder: any Decoder) throws { value = try decoder.singleValueContainer().decode(Int.self) }
}

/// Where a piece of a list ends: the sort keys of its last item. Opaque to clients, which hand it back to get what follows.
public struct Cursor: SchemaDescribing, Encodable, Sendable, Hashable {
    public let keys: [String]

    public init(_ keys: any CustomStringConvertible...) { self.keys = keys.map(\.description) }

    public static var schema: Schema { .text.described("`next_cursor` of the piece before") }
    public static var sample: JSONValue { .string(Cursor("").text) }

    /// base64url (RFC 4648 § 5) of the keys as JSON.
    public var text: String {
        let json = (try? JSONCoding.data(keys)) ?? Data()
        return json.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    public init?(_ text: String) {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        let padding = String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4)
        guard let json = Data(base64Encoded: plain + padding),
            let keys = try? JSONCoding.decode([String].self, from: json)
        else { return nil }
        self.keys = keys
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let cursor = Cursor(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a cursor")
        }
        self = cursor
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

/// The piece of a list that a caller asks for.
public struct Page: Sendable, Hashable {
    public let limit: Int
    /// What the piece follows; nil for the first.
    public let after: Cursor?

    /// How many rows to fetch: one more than will be shown, which tells whether there is another piece.
    public var fetchLimit: Int { limit + 1 }
}

/// A piece of a list.
public struct Listing<Item: Codable & Sendable>: Codable, Sendable {
    public let items: [Item]
    /// Nil at the end of the list.
    public let nextCursor: Cursor?

    public init(items: [Item], nextCursor: Cursor? = nil) {
        self.items = items
        self.nextCursor = nextCursor
    }

    /// The piece that `rows` begin with.
    ///
    /// - Parameters:
    ///   - rows: fetched with ``Page/fetchLimit``.
    ///   - cursor: the sort keys of a row.
    ///   - item: how a row looks from outside.
    public init<Row>(
        _ rows: [Row],
        page: Page,
        cursor: (Row) -> Cursor,
        item: (Row) throws -> Item
    ) rethrows {
        items = try rows.prefix(page.limit).map(item)
        nextCursor = rows.count > page.limit ? rows.prefix(page.limit).last.map(cursor) : nil
    }
}
