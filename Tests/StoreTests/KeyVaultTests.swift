import Foundation
import Testing

@testable import Store

@Suite("The vault of data keys")
struct KeyVaultTests {
    private let folder: TemporaryFolder
    private let random = SeededGenerator.source(seed: 11)
    private let master: MasterKey

    init() throws {
        folder = try TemporaryFolder()
        master = try #require(MasterKey(bytes: Array(0..<32)))
    }

    /// Another instance on the same file stands for another process.
    private func vault(master: MasterKey? = nil) throws -> KeyVault {
        try KeyVault(url: folder.file("keys.sqlite"), master: master ?? self.master, random: random)
    }

    private func opens(_ sealed: String, _ sealer: ColumnSealer, column: String = "body", row: String = "r") -> String?
    {
        try? sealer.open(sealed, column: column, row: row)
    }

    @Test(arguments: ["", "a", "\0", "Grüße 🫥", String(repeating: "x", count: 100_000)])
    func `what was sealed opens again`(text: String) throws {
        let sealer = try vault().sealer(for: "client:1")
        #expect(try sealer.open(try sealer.seal(text, column: "body", row: "r"), column: "body", row: "r") == text)
    }

    @Test func `sealing twice gives two ciphertexts`() throws {
        let sealer = try vault().sealer(for: "client:1")
        let sealed = try (0..<50).map { _ in try sealer.seal("same", column: "body", row: "r") }
        #expect(Set(sealed).count == 50)
    }

    @Test func `another row, column or owner does not open it`() throws {
        let vault = try vault()
        let sealer = try vault.sealer(for: "client:1")
        let sealed = try sealer.seal("secret", column: "body", row: "r")
        #expect(opens(sealed, sealer) == "secret")
        #expect(opens(sealed, sealer, row: "s") == nil)
        #expect(opens(sealed, sealer, column: "title") == nil)
        #expect(opens(sealed, sealer, column: "r", row: "body") == nil)
        #expect(opens(sealed, try vault.sealer(for: "client:2")) == nil)
        #expect(throws: StoreError.unsealable(column: "title")) { try sealer.open(sealed, column: "title", row: "r") }
    }

    @Test func `no byte can be changed`() throws {
        let sealer = try vault().sealer(for: "client:1")
        let sealed = try sealer.seal("secret", column: "body", row: "r")
        let bytes = try #require(Data(base64Encoded: String(sealed.dropFirst("1.1.".count))))
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << bit
                #expect(opens("1.1.\(changed.base64EncodedString())", sealer) == nil)
            }
        }
        for count in 0..<bytes.count {
            #expect(opens("1.1.\(bytes.prefix(count).base64EncodedString())", sealer) == nil)
        }
    }

    @Test(arguments: [
        "", ".", "..", "1", "1.", "1.1", "1.1.", "1.1.%%%", "2.1.AAAA", "1.2.AAAA", "1.-1.AAAA",
        "1.99999999999999999999.AAAA", "plain text",
    ])
    func `what is no sealed value does not open`(text: String) throws {
        let sealer = try vault().sealer(for: "client:1")
        #expect(throws: StoreError.unsealable(column: "body")) { try sealer.open(text, column: "body", row: "r") }
    }

    @Test func `after rotation the old opens and the new uses the new key`() throws {
        let vault = try vault()
        let old = try vault.sealer(for: "client:1").seal("old", column: "body", row: "r")
        try vault.rotate("client:1")
        let sealer = try vault.sealer(for: "client:1")
        let new = try sealer.seal("new", column: "body", row: "r")
        #expect(old.hasPrefix("1.1.") && new.hasPrefix("1.2."))
        #expect(opens(old, sealer) == "old")
        #expect(opens(new, sealer) == "new")
        #expect(opens(new.replacing("1.2.", with: "1.1."), sealer) == nil)
    }

    @Test func `rotation of one owner leaves the others`() throws {
        let vault = try vault()
        let other = try vault.sealer(for: "client:2").seal("other", column: "body", row: "r")
        try vault.rotate("client:1")
        #expect(opens(other, try vault.sealer(for: "client:2")) == "other")
        #expect(other.hasPrefix("1.1."))
    }

    @Test func `a second process sees the first one's key`() throws {
        let sealed = try vault().sealer(for: "client:1").seal("secret", column: "body", row: "r")
        #expect(opens(sealed, try vault().sealer(for: "client:1")) == "secret")
    }

    @Test func `a running process sees another one's rotation at once`() throws {
        let running = try vault()
        let old = try running.sealer(for: "client:1").seal("old", column: "body", row: "r")
        let tool = try vault()
        try tool.rotate("client:1")
        let new = try tool.sealer(for: "client:1").seal("new", column: "body", row: "r")
        let sealer = try running.sealer(for: "client:1")
        #expect(opens(new, sealer) == "new")
        #expect(opens(old, sealer) == "old")
        #expect(try sealer.seal("x", column: "body", row: "r").hasPrefix("1.2."))
    }

    @Test func `a destroyed key opens nothing, in this process, in a running one, and in a new one`() throws {
        let here = try vault()
        let running = try vault()
        let sealed = try here.sealer(for: "client:1").seal("secret", column: "body", row: "r")
        let kept = try here.sealer(for: "client:2").seal("kept", column: "body", row: "r")
        #expect(opens(sealed, try running.sealer(for: "client:1")) == "secret")
        try here.destroy("client:1")
        for vault in [here, running, try vault()] {
            #expect(opens(sealed, try vault.sealer(for: "client:1")) == nil)
            #expect(opens(kept, try vault.sealer(for: "client:2")) == "kept")
            let sealer = try vault.sealer(for: "client:1")
            #expect(throws: StoreError.self, "there is no new key either") {
                try sealer.seal("x", column: "body", row: "r")
            }
        }
        #expect(try here.owners() == ["client:2"])
    }

    @Test func `many processes at once agree on one key`() async throws {
        let vaults = try (0..<4).map { _ in try vault() }
        let sealed = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<32 {
                group.addTask { try vaults[index % 4].sealer(for: "client:1").seal("secret", column: "body", row: "r") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let sealer = try vault().sealer(for: "client:1")
        for text in sealed { #expect(opens(text, sealer) == "secret") }
    }

    @Test func `while keys rotate, nothing sealed becomes unreadable`() async throws {
        let vault = try vault()
        let sealed = try await withThrowingTaskGroup(of: String?.self) { group in
            for index in 0..<60 {
                group.addTask {
                    guard index.isMultiple(of: 6) else {
                        return try vault.sealer(for: "client:1").seal("secret", column: "body", row: "r")
                    }
                    try vault.rotate("client:1")
                    return nil
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let sealer = try vault.sealer(for: "client:1")
        for text in sealed.compactMap(\.self) { #expect(opens(text, sealer) == "secret") }
    }

    @Test func `another master key unwraps nothing`() throws {
        _ = try vault().sealer(for: "client:1")
        let wrong = try #require(MasterKey(bytes: Array(repeating: 9, count: 32)))
        let vault = try vault(master: wrong)
        #expect(throws: StoreError.unsealable(column: "data_keys.wrapped")) { try vault.sealer(for: "client:1") }
        #expect(throws: StoreError.unsealable(column: "data_keys.wrapped")) { try vault.rotate("client:1") }
        _ = try self.vault().sealer(for: "client:1")
    }

    @Test func `a wrapped key given to another owner or version does not unwrap`() async throws {
        for change: SQL in ["UPDATE data_keys SET owner = 'client:2'", "UPDATE data_keys SET version = 2"] {
            let folder = try TemporaryFolder()
            let url = folder.file("keys.sqlite")
            _ = try KeyVault(url: url, master: master, random: random).sealer(for: "client:1")
            let database = try Database(url: url)
            try await database.write { try $0.execute(change) }
            let vault = try KeyVault(url: url, master: master, random: random)
            #expect(throws: StoreError.unsealable(column: "data_keys.wrapped")) {
                _ = try vault.sealer(for: "client:1")
                _ = try vault.sealer(for: "client:2")
            }
        }
    }

    @Test func `the file is the owner's alone`() throws {
        _ = try vault().sealer(for: "client:1")
        let attributes = try FileManager.default.attributesOfItem(atPath: folder.file("keys.sqlite").path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }

    @Test func `a vault that cannot be opened says so`() throws {
        #expect(throws: StoreError.self) {
            try KeyVault(url: folder.file("missing/keys.sqlite"), master: master, random: random)
        }
        let url = folder.file("no-vault")
        try Data(String(repeating: "no vault ", count: 200).utf8).write(to: url)
        #expect(throws: StoreError.corrupt) { try KeyVault(url: url, master: master, random: random) }
    }
}
