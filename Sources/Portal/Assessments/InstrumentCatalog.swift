public import Assessment
import Crypto
import Foundation
import Knowledge
import Records
import Store

/// A published version of an instrument, as it was when it was answered.
struct InstrumentVersion: Sendable, Codable {
    static let table: SQL.Name = "instrument_versions"

    var id: ID<InstrumentVersion>
    var code: String
    var version: Int
    var title: String
    /// The instrument file's text.
    var definition: String
    var definitionSha256: String
    var publishedAt: Timestamp
    var createdAt: Timestamp
    var updatedAt: Timestamp
}

/// All instrument versions that were ever published here, ready to score. Immutable; built at start-up.
public struct InstrumentCatalog: Sendable {
    public let library: InstrumentLibrary
    private let versionIDs: [String: ID<InstrumentVersion>]
    private let scorers: [String: Scorer]

    /// A changed file whose version number has been answered already.
    public struct ChangedVersion: Error, Sendable, CustomStringConvertible {
        let file: String
        let code: String
        let version: Int

        public var description: String {
            """
            \(file): \(code) version \(version) has been answered and cannot change. \
            Give the changed file `version: \(version + 1)`, so that earlier scores keep their meaning.
            """
        }
    }

    /// Publishes the versions in `files` that are new, and loads every version there is.
    ///
    /// Throws ``ChangedVersion`` when a version that was answered has another content now, and `KnowledgeError` for a
    /// faulty file.
    static func publish(_ files: [KnowledgeFile], to database: Database, surroundings: Surroundings) async throws
        -> InstrumentCatalog
    {
        _ = try InstrumentLibrary(files: files)
        let now = surroundings.now()
        let rows = try await database.write { transaction -> [InstrumentVersion] in
            for file in files {
                guard let instrument = Instrument.parse(file).instrument else { continue }
                let digest = SHA256.hash(data: Data(file.text.utf8)).map { String(format: "%02x", $0) }.joined()
                let known = try transaction.fetchOne(
                    InstrumentVersion.self,
                    "SELECT * FROM instrument_versions WHERE code = \(instrument.code) AND version = \(instrument.version)"
                )
                guard var row = known else {
                    try transaction.insert(
                        InstrumentVersion(
                            id: surroundings.newID(),
                            code: instrument.code,
                            version: instrument.version,
                            title: instrument.title.text(in: "en"),
                            definition: file.text,
                            definitionSha256: digest,
                            publishedAt: now,
                            createdAt: now,
                            updatedAt: now
                        ),
                        into: InstrumentVersion.table
                    )
                    continue
                }
                if row.definitionSha256 == digest { continue }
                let uses = try transaction.count(
                    "SELECT COUNT(*) AS count FROM assessments WHERE instrument_version_id = \(row.id)"
                )
                if uses > 0 { throw ChangedVersion(file: file.path, code: row.code, version: row.version) }
                row.definition = file.text
                row.definitionSha256 = digest
                row.title = instrument.title.text(in: "en")
                row.updatedAt = now
                try transaction.update(row, in: InstrumentVersion.table, where: "id = \(row.id)")
            }
            return try transaction.fetch(
                InstrumentVersion.self,
                "SELECT * FROM instrument_versions ORDER BY code, version"
            )
        }
        return try InstrumentCatalog(rows)
    }

    private init(_ rows: [InstrumentVersion]) throws {
        library = try InstrumentLibrary(
            files: rows.map { KnowledgeFile(path: "\($0.code) version \($0.version)", text: $0.definition) }
        )
        versionIDs = Dictionary(
            rows.map { (Self.key($0.code, $0.version), $0.id) },
            uniquingKeysWith: { first, _ in first }
        )
        scorers = Dictionary(
            library.all.map { (Self.key($0.code, $0.version), Scorer($0)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    private static func key(_ code: String, _ version: Int) -> String { "\(code)#\(version)" }

    func versionID(of instrument: Instrument) -> ID<InstrumentVersion>? {
        versionIDs[Self.key(instrument.code, instrument.version)]
    }

    func scorer(for id: ID<InstrumentVersion>) -> Scorer? {
        versionIDs.first { $0.value == id }.flatMap { scorers[$0.key] }
    }
}
