import Crypto
import Foundation
import Testing

@testable import Store

@Suite("The master key's file")
struct MasterKeyTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var url: URL { folder.file("master.key") }

    @Test func `is made for its owner alone, and read again`() throws {
        let made = try MasterKey.create(url, random: SeededGenerator.source(seed: 1))
        let attributes = try FileManager.default.attributesOfItem(atPath: url.path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
        #expect(Data(base64Encoded: try String(contentsOf: url, encoding: .utf8))?.count == 32)
        #expect(try MasterKey.read(url).derived(for: "x") == made.derived(for: "x"))
    }

    @Test func `is never overwritten`() throws {
        try Data("anything".utf8).write(to: url)
        #expect(throws: MasterKeyError.self) { try MasterKey.create(url, random: SeededGenerator.source(seed: 1)) }
        #expect(try String(contentsOf: url, encoding: .utf8) == "anything")
    }

    @Test func `of many first starts at once one makes it`() async throws {
        let url = url
        let made = await withTaskGroup(of: MasterKey?.self) { group in
            for seed in 0..<16 {
                group.addTask { try? MasterKey.create(url, random: SeededGenerator.source(seed: UInt64(seed))) }
            }
            return await group.reduce(into: []) { $0 += $1.map { [$0] } ?? [] }
        }
        #expect(made.count == 1)
        #expect(try MasterKey.read(url).derived(for: "x") == made.first?.derived(for: "x"))
    }

    @Test func `may end with a line break`() throws {
        let key = Data(repeating: 5, count: 32).base64EncodedString()
        try Data("\(key)\n".utf8).write(to: url)
        let expected = try #require(MasterKey(bytes: Array(repeating: 5, count: 32)))
        #expect(try MasterKey.read(url).derived(for: "x") == expected.derived(for: "x"))
    }

    @Test func `when it is missing, nothing takes its place`() {
        let error = #expect(throws: MasterKeyError.self) { try MasterKey.read(url) }
        guard case .missing(let path)? = error else {
            Issue.record("should be missing")
            return
        }
        #expect(path == url.path)
        #expect(!FileManager.default.fileExists(atPath: url.path))
    }

    @Test(arguments: ["", "AAAA", "not base64!", String(repeating: "A", count: 40), String(repeating: "A", count: 88)])
    func `when it is malformed, it is refused without being shown`(text: String) throws {
        try Data(text.utf8).write(to: url)
        let error = #expect(throws: MasterKeyError.self) { try MasterKey.read(url) }
        guard case .malformed? = error else {
            Issue.record("should be malformed")
            return
        }
        #expect(text.isEmpty || error?.description.contains(text) == false)
    }

    @Test func `into a missing folder nothing is written`() {
        #expect(throws: MasterKeyError.self) {
            try MasterKey.create(folder.file("missing/master.key"), random: SeededGenerator.source(seed: 1))
        }
    }

    @Test(arguments: [0, 16, 31, 33]) func `a source that gives too few or too many bytes makes none`(count: Int) {
        #expect(MasterKey(bytes: Array(repeating: 1, count: count)) == nil)
        #expect(throws: MasterKeyError.self) { try MasterKey.create(url) { _ in Array(repeating: 1, count: count) } }
        #expect(!FileManager.default.fileExists(atPath: url.path))
    }

    @Test func `each purpose has a key of its own`() throws {
        let key = try #require(MasterKey(bytes: Array(0..<32)))
        let derived = ["wrap", "audit", "csrf"].map { key.derived(for: $0) }
        #expect(derived[0] != derived[1] && derived[1] != derived[2] && derived[0] != derived[2])
        #expect(derived.allSatisfy { $0.bitCount == 256 && $0 != SymmetricKey(data: Array(0..<32)) })
    }
}
