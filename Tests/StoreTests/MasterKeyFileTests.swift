import Foundation
import Testing

@testable import Store

@Suite("Replacing the master key")
struct MasterKeyFileTests {
    private let folder: TemporaryFolder
    private let random = SeededGenerator.source(seed: 5)
    private let file: MasterKeyFile

    private struct Stopped: Error {}

    init() throws {
        folder = try TemporaryFolder()
        file = MasterKeyFile(folder.file("master.key"))
        _ = try MasterKey.create(file.url, random: random)
    }

    /// Another instance on the same files stands for another process.
    private func vault() throws -> KeyVault {
        let file = file
        return try KeyVault(url: folder.file("keys.sqlite"), masterKeys: { file.keys() }, random: random)
    }

    private var source: URL { folder.file("new.key") }

    private func seal(_ vault: KeyVault) throws -> [String] {
        try (0..<5).map { try vault.sealer(for: "client:\($0)").seal("secret \($0)", column: "body", row: "r") }
    }

    private func opened(_ sealed: [String], _ vault: KeyVault) -> [String?] {
        sealed.enumerated().map { index, text in
            try? vault.sealer(for: "client:\(index)").open(text, column: "body", row: "r")
        }
    }

    private let secrets: [String?] = (0..<5).map { "secret \($0)" }

    @Test func `everything opens afterwards, here, in a running process and in a new one, by the new key alone`() throws
    {
        let (running, tool) = (try vault(), try vault())
        let root = try running.root().derived(for: "audit")
        let sealed = try seal(running)
        let old = try MasterKey.read(file.url)
        try file.replace(from: source, in: tool, random: random)
        for vault in [running, tool, try vault()] {
            #expect(opened(sealed, vault) == secrets)
            #expect(try vault.root().derived(for: "audit") == root)
        }
        #expect(try MasterKey.read(file.url).fingerprint == MasterKey.read(source).fingerprint)
        #expect(try running.masterFingerprint() == MasterKey.read(source).fingerprint)
        // A new key that the running process makes is wrapped by the new master key, too.
        let late = try running.sealer(for: "client:late").seal("late", column: "body", row: "r")
        #expect(try vault().sealer(for: "client:late").open(late, column: "body", row: "r") == "late")
        let former = try KeyVault(url: folder.file("keys.sqlite"), master: old, random: random)
        #expect(throws: StoreError.unsealable(column: "data_keys.wrapped")) { try former.sealer(for: "client:1") }
    }

    @Test(arguments: MasterKeyFile.Step.allCases)
    func `stopped at any step, everything opens, and the next start settles it`(step: MasterKeyFile.Step) throws {
        let running = try vault()
        let root = try running.root().derived(for: "audit")
        let sealed = try seal(running)
        #expect(throws: Stopped.self) {
            try file.replace(from: source, in: try vault(), random: random) { if $0 == step { throw Stopped() } }
        }
        #expect(opened(sealed, running) == secrets)
        let next = try vault()
        #expect(opened(sealed, next) == secrets)
        try file.settle(next)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.file("").path).contains("master.key.next")
                == false
        )
        #expect(opened(sealed, try vault()) == secrets)
        #expect(try next.masterFingerprint() == MasterKey.read(file.url).fingerprint)
        // And it can be done again.
        try file.replace(from: source, in: try vault(), random: random)
        for vault in [running, try vault()] {
            #expect(opened(sealed, vault) == secrets)
            #expect(try vault.root().derived(for: "audit") == root)
        }
    }

    @Test(arguments: 0..<6) func `stopped after any key, every key is wrapped as before`(index: Int) throws {
        let running = try vault()
        _ = try running.root()
        let sealed = try seal(running)
        let new = try MasterKey.create(source, random: random)
        let tool = try vault()
        #expect(throws: StoreError.self) { try tool.rewrap(to: new) { if $0 == index { throw Stopped() } } }
        #expect(try vault().masterFingerprint() == MasterKey.read(file.url).fingerprint)
        for vault in [running, tool, try vault()] { #expect(opened(sealed, vault) == secrets) }
    }

    @Test func `a key that is half written beside the file is thrown away`() throws {
        let sealed = try seal(try vault())
        try Data("AAAA".utf8).write(to: folder.file("master.key.next"))
        let next = try vault()
        #expect(opened(sealed, next) == secrets)
        try file.settle(next)
        #expect(!FileManager.default.fileExists(atPath: folder.file("master.key.next").path))
    }

    @Test func `a vault of an older program keeps the secrets that its master key gave`() throws {
        let master = try MasterKey.read(file.url)
        let old = try vault()
        _ = try seal(old)
        #expect(try old.root().derived(for: "audit") == master.derived(for: "audit"))
        let fresh = try KeyVault(url: folder.file("fresh.sqlite"), master: master, random: random)
        #expect(try fresh.root().derived(for: "audit") != master.derived(for: "audit"))
    }
}
