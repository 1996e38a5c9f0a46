import Foundation
import Testing

@testable import Store

@Suite("Records as rows")
struct RowCoderTests {
    enum Color: String, Codable, SQLConvertible { case red = "RED", green = "GREEN" }

    struct Point: Codable, Hashable {
        var x: Int
        var labels: [String]
    }

    /// A value of the program's own with one column.
    struct Minutes: Codable, Hashable, SQLConvertible {
        var count: Int
        init(_ count: Int) { self.count = count }
        var sqlValue: SQLValue { .integer(Int64(count)) }
        init?(sqlValue: SQLValue) {
            guard case .integer(let count) = sqlValue else { return nil }
            self.init(Int(count))
        }
    }

    struct Everything: Codable, Hashable {
        var id: String
        var bool: Bool
        var string: String
        var double: Double
        var float: Float
        var int: Int
        var int8: Int8
        var int16: Int16
        var int32: Int32
        var int64: Int64
        var uint: UInt
        var uint8: UInt8
        var uint16: UInt16
        var uint32: UInt32
        var uint64: UInt64
        var color: Color
        var minutes: Minutes
        var point: Point
        var list: [String]
        var table: [String: Double]
        var date: Date
    }

    struct Perhaps: Codable, Hashable {
        var id: String
        var bool: Bool?
        var string: String?
        var double: Double?
        var float: Float?
        var int: Int?
        var int8: Int8?
        var int16: Int16?
        var int32: Int32?
        var int64: Int64?
        var uint: UInt?
        var uint8: UInt8?
        var uint16: UInt16?
        var uint32: UInt32?
        var uint64: UInt64?
        var color: Color?
        var minutes: Minutes?
        var point: Point?
        var list: [String]?
        var table: [String: Double]?
        var date: Date?
    }

    /// Columns without a declared type, so that SQLite stores what it is given.
    private static let schema = """
        CREATE TABLE things (
            id TEXT PRIMARY KEY, bool, string, double, float, int, int8, int16, int32, int64, uint, uint8, uint16, uint32, uint64,
            color, minutes, point, list, "table", date
        )
        """

    private let full = Everything(
        id: "1",
        bool: true,
        string: "o'clock 🕰",
        double: 0.1,
        float: 0.1,
        int: .min,
        int8: .min,
        int16: .max,
        int32: .min,
        int64: .max,
        uint: 7,
        uint8: .max,
        uint16: .max,
        uint32: .max,
        uint64: UInt64(Int64.max),
        color: .green,
        minutes: Minutes(90),
        point: Point(x: 1, labels: ["a/b", "\"\0"]),
        list: ["x", ""],
        table: ["k": 1.5],
        date: Date(timeIntervalSinceReferenceDate: 12.25)
    )

    private func database(in folder: TemporaryFolder) async throws -> Database {
        let database = try folder.database()
        try await database.write { try $0.executeScript(Self.schema) }
        return database
    }

    @Test func `every type survives the way to a row and back`() async throws {
        let folder = try TemporaryFolder()
        let database = try await database(in: folder)
        let read = try await database.write { [full] transaction in
            try transaction.insert(full, into: "things")
            return try transaction.fetchOne(Everything.self, "SELECT * FROM things")
        }
        #expect(read == full)
    }

    @Test func `optional properties read what the others wrote, and write it back`() async throws {
        let folder = try TemporaryFolder()
        let database = try await database(in: folder)
        let read = try await database.write { [full] transaction in
            try transaction.insert(full, into: "things")
            let perhaps = try transaction.fetch(Perhaps.self, "SELECT * FROM things")
            try transaction.execute("DELETE FROM things")
            for row in perhaps { try transaction.insert(row, into: "things") }
            return try transaction.fetchOne(Everything.self, "SELECT * FROM things")
        }
        #expect(read == full)
    }

    @Test func `nil clears its column on update, for every type`() async throws {
        let folder = try TemporaryFolder()
        let database = try await database(in: folder)
        let (changed, row, read) = try await database.write { [full] transaction in
            try transaction.insert(full, into: "things")
            let changed = try transaction.update(Perhaps(id: "1"), in: "things", where: "id = \("1")")
            return (
                changed, try transaction.row("SELECT * FROM things"),
                try transaction.fetchOne(Perhaps.self, "SELECT * FROM things")
            )
        }
        #expect(changed)
        #expect(row?.columns.count == 21)
        #expect(row?.columns.filter { $0.key != "id" && $0.value != .null } == [:])
        #expect(read == Perhaps(id: "1"))
    }

    @Test func `an update of no row says so`() async throws {
        let folder = try TemporaryFolder()
        let database = try await database(in: folder)
        let changed = try await database.write { [full] in try $0.update(full, in: "things", where: "id = \("1")") }
        #expect(!changed)
    }

    @Test func `equal values are equal texts of JSON`() throws {
        let record = ["b": 1, "a": 2, "c": 3]
        #expect(try JSONText.encode(record) == #"{"a":2,"b":1,"c":3}"#)
    }

    @Test func `words of SQL may be columns`() async throws {
        struct Odd: Codable, Hashable {
            var id: String
            var order: Int
            var group: String?
            var values: [Int]
        }
        let folder = try TemporaryFolder()
        let database = try folder.database()
        let read = try await database.write { transaction in
            try transaction.executeScript(#"CREATE TABLE odd (id TEXT, "order" BIGINT, "group" TEXT, "values" TEXT)"#)
            try transaction.insert(Odd(id: "1", order: 1, group: "g", values: [1]), into: "odd")
            try transaction.update(Odd(id: "1", order: 2, group: nil, values: []), in: "odd", where: "id = \("1")")
            return try transaction.fetch(Odd.self, "SELECT * FROM odd")
        }
        #expect(read == [Odd(id: "1", order: 2, group: nil, values: [])])
    }

    @Test func `the keys of a dictionary cannot become SQL`() async throws {
        let folder = try TemporaryFolder()
        let database = try folder.database()
        try await database.write { try $0.executeScript("CREATE TABLE pairs (a TEXT, b TEXT)") }
        await #expect(throws: StoreError.self) {
            try await database.write { try $0.insert(["a, b) VALUES ('x', 'y') --": "z"], into: "pairs") }
        }
        await #expect(throws: StoreError.self) {
            try await database.write { try $0.insert([#"a", "b") VALUES ('x', 'y') --"#: "z"], into: "pairs") }
        }
        let count = try await database.read { try $0.count("SELECT COUNT(*) AS count FROM pairs") }
        #expect(count == 0)
    }

    @Test func `a number too large for a column is refused`() async throws {
        struct Large: Codable { var value: UInt64 }
        #expect(throws: StoreError.unexpectedRow(column: "value")) {
            try RowEncoder(sealing: nil).encode(Large(value: UInt64(Int64.max) + 1))
        }
    }

    private struct Named<Value: Codable & Sendable>: Codable, Sendable { var someValue: Value }

    private static func reading<Value: Codable & Sendable>(_: Value.Type) -> @Sendable (Row) throws -> Void {
        { row in _ = try RowDecoder(sealing: nil).decode(Named<Value>.self, from: row) }
    }

    @Test(arguments: [
        ("text as Int", SQLValue.text("3"), reading(Int.self)), ("real as Int", .real(3.5), reading(Int.self)),
        ("300 as Int8", .integer(300), reading(Int8.self)), ("-1 as UInt", .integer(-1), reading(UInt.self)),
        ("2 as Bool", .integer(2), reading(Bool.self)), ("number as String", .integer(5), reading(String.self)),
        ("bytes as String", .blob([65]), reading(String.self)), ("text as Double", .text("1.0"), reading(Double.self)),
        ("unknown case", .text("PURPLE"), reading(Color.self)), ("number as case", .integer(1), reading(Color.self)),
        ("broken JSON", .text("{"), reading(Point.self)), ("other JSON", .text("[]"), reading(Point.self)),
        ("number as JSON", .integer(1), reading(Point.self)), ("null as Int", .null, reading(Int.self)),
        ("null as String", .null, reading(String.self)), ("null as case", .null, reading(Color.self)),
        ("null as JSON", .null, reading(Point.self)), ("text as optional Int", .text("x"), reading(Int?.self)),
        ("unknown case, optional", .text("x"), reading(Color?.self)),
        ("broken JSON, optional", .text("x"), reading(Point?.self)),
    ])
    func `a value of another kind names its column`(_: String, value: SQLValue, read: @Sendable (Row) throws -> Void) {
        #expect(throws: StoreError.unexpectedRow(column: "some_value")) {
            try read(Row(columns: ["some_value": value]))
        }
    }

    @Test func `a missing column is named, unless it may be missing`() throws {
        let row = Row(columns: ["other": .integer(1)])
        #expect(throws: StoreError.unexpectedRow(column: "some_value")) { try Self.reading(Int.self)(row) }
        #expect(throws: StoreError.unexpectedRow(column: "some_value")) { try Self.reading(Point.self)(row) }
        #expect(throws: StoreError.unexpectedRow(column: "absent")) { try row.get("absent", as: Int.self) }
        let found = try RowDecoder(sealing: nil).decode(Perhaps.self, from: Row(columns: ["id": .text("1")]))
        #expect(found == Perhaps(id: "1"))
    }
}
