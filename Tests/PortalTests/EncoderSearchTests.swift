import Encoder
import Foundation
import Portal
import Records
import Store
import Support
import Testing

@Suite("Search with a sentence encoder")
struct EncoderSearchTests {
    static let folder =
        ProcessInfo.processInfo.environment["BELLWETHER_ENCODER"].map { URL(filePath: $0, directoryHint: .isDirectory) }
        ?? RepositoryRoot.appending(".encoder")
    static let isThere = FileManager.default.fileExists(atPath: folder.appending(path: "model.safetensors").path)

    let test: TestPortal

    init() async throws { test = try await TestPortal() }

    private func open(_ folder: URL?) async throws -> Portal {
        var configuration = test.configuration
        configuration.encoder = folder
        return try await Portal.open(configuration, surroundings: test.surroundings)
    }

    private func rows() async throws -> [String: String] {
        let rows = try await test.rows("SELECT id, vectors FROM article_embeddings ORDER BY id")
        return try Dictionary(uniqueKeysWithValues: rows.map { (try $0.get("id"), try $0.get("vectors")) })
    }

    @Test(.enabled(if: isThere, "run Scripts/fetch-encoder to bring the weights"))
    func `vectors are made once for each version, and again where they are damaged`() async throws {
        #expect(try await rows().isEmpty)
        try await open(Self.folder).close()
        let first = try await rows()
        let versions = try await test.rows(
            "SELECT id FROM resource_versions WHERE locale = 'en' AND published_at IS NOT NULL AND retired_at IS NULL"
        )
        #expect(first.count == versions.count)
        let damaged = try #require(first.keys.min())
        try await test.portal.database.write { transaction in
            try transaction.execute("UPDATE article_embeddings SET vectors = 'AAAA' WHERE id = \(damaged)")
        }
        try await open(Self.folder).close()
        #expect(try await rows() == first)
    }

    @Test(.enabled(if: isThere, "run Scripts/fetch-encoder to bring the weights"))
    func `the examination names the encoder`() async throws {
        let portal = try await open(Self.folder)
        let found = try #require(try await portal.examine().first { $0.subject == "encoder" })
        #expect(found.verdict == .sound)
        #expect(found.detail.contains("understands paraphrase"))
        try portal.close()
    }

    @Test func `without an encoder search goes by words, and says so`() async throws {
        let nowhere = test.configuration.dataFolder.appending(path: "no-encoder")
        for folder in [nil, nowhere] {
            let portal = try await open(folder)
            let found = try #require(try await portal.examine().first { $0.subject == "encoder" })
            #expect(found.verdict == .sound)
            #expect(found.detail.contains("by their words alone"))
            try portal.close()
        }
        #expect(try await rows().isEmpty)
    }

    @Test func `a broken encoder does not keep the portal from opening`() async throws {
        let folder = test.configuration.dataFolder.appending(path: "broken-encoder")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data("x".utf8).write(to: folder.appending(path: "model.safetensors"))
        let portal = try await open(folder)
        let found = try #require(try await portal.examine().first { $0.subject == "encoder" })
        #expect(found.verdict == .attention)
        #expect(found.detail.contains("config.json"))
        #expect(found.remedy != nil)
        try portal.close()
    }
}
