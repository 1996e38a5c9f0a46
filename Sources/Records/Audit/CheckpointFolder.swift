public import Foundation
public import Store

/// The audit is shorter than its last checkpoint says: nothing is signed until somebody has looked at it.
public struct AuditTailCut: Error, Sendable, CustomStringConvertible {
    public let missing: ClosedRange<Int64>

    public var description: String {
        "The audit's rows from \(missing.lowerBound) to \(missing.upperBound), which a checkpoint speaks of, are gone."
    }
}

/// A folder that checkpoints are written to, one JSON document a line, only ever appended to. Best on another machine: a
/// mounted share, or a folder that is copied away.
public struct CheckpointFolder: Sendable {
    public let url: URL

    public init(_ url: URL) { self.url = url }

    public var file: URL { url.appending(path: "checkpoints.jsonl") }
    /// What an auditor checks the signatures with. Ask the practice for it once, and keep it.
    public var publicKeyFile: URL { url.appending(path: "public-key.txt") }

    /// Nil when there are none yet.
    public func history(_ key: AuditPublicKey) -> CheckpointHistory? {
        guard let text = try? String(contentsOf: file, encoding: .utf8) else { return nil }
        return CheckpointHistory(lines: Self.lines(text), key: key)
    }

    /// The whole lines. What follows the last line break was being written when the machine stopped.
    private static func lines(_ text: String) -> [Substring] {
        text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().filter { !$0.isEmpty }
    }

    /// The last checkpoint of the file, which is read from its end; whether it is genuine, ``history(_:)`` says.
    public var newest: AuditCheckpoint? {
        guard let handle = try? FileHandle(forReadingFrom: file), let end = try? handle.seekToEnd() else { return nil }
        defer { try? handle.close() }
        try? handle.seek(toOffset: end > 4096 ? end - 4096 : 0)
        guard let tail = try? handle.readToEnd() else { return nil }
        return Self.lines(String(decoding: tail, as: UTF8.self)).last.flatMap { line in
            try? JSONDecoder().decode(AuditCheckpoint.self, from: Data(line.utf8))
        }
    }

    /// Signs what the audit is now, unless nothing was written to it since the last time. First the file, then a row of the
    /// audit that names it: a stop in between leaves a checkpoint too many, never one too few.
    ///
    /// - Parameters:
    ///   - minimum: how many rows make it worth while.
    ///   - principal: who asked for it; the service itself unless given.
    /// - Throws: ``AuditTailCut``, and what keeps the file from being written.
    public func write(
        of log: AuditLog,
        in database: Database,
        signer: AuditSigner,
        minimum: Int64 = 1,
        by principal: Principal? = nil,
        surroundings: Surroundings
    ) async throws -> AuditCheckpoint? {
        let folder = try FolderLock(url)
        defer { folder.unlock() }
        let last = newest
        // The row that names the last checkpoint is no news.
        let known = last.map { $0.seq &+ 1 } ?? 0
        let newest = try await database.read { transaction in
            try transaction.fetchOne(AuditRow.self, "SELECT * FROM audit_log ORDER BY seq DESC LIMIT 1")
        }
        if let last, newest?.seq ?? 0 < last.seq {
            throw AuditTailCut(missing: (newest?.seq ?? 0) + 1...last.seq)
        }
        guard let newest, newest.seq - known >= max(1, minimum), let practice = ID<Practice>(newest.practiceID) else {
            return nil
        }
        let added = try await database.read { transaction in
            try transaction.count(
                "SELECT COUNT(*) AS count FROM audit_log WHERE seq > \(last?.seq ?? 0) AND seq <= \(newest.seq)"
            )
        }
        let now = surroundings.now()
        let checkpoint = try signer.sign(
            seq: newest.seq,
            rowHash: newest.rowHash,
            count: (last?.count ?? 0) + added,
            at: now,
            previous: last?.identity ?? AuditLog.genesis
        )
        try append(checkpoint, key: signer.publicKey)
        try await database.write { transaction in
            _ = try log.append(
                AuditEntry(
                    principal: principal ?? .system("audit.checkpoint", practice: practice),
                    action: AuditCheckpoint.action,
                    entity: "audit_log",
                    entityID: checkpoint.identity,
                    outcome: .ok
                ),
                at: now,
                in: transaction
            )
        }
        return checkpoint
    }

    private func append(_ checkpoint: AuditCheckpoint, key: AuditPublicKey) throws {
        if !FileManager.default.fileExists(atPath: publicKeyFile.path) {
            try Data("\(key.text)\n".utf8).write(to: publicKeyFile, options: .atomic)
        }
        if !FileManager.default.fileExists(atPath: file.path) {
            _ = FileManager.default.createFile(
                atPath: file.path,
                contents: nil,
                attributes: [.posixPermissions: 0o600]
            )
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let handle = try FileHandle(forUpdating: file)
        defer { try? handle.close() }
        let text = try handle.readToEnd() ?? Data()
        // A line that was half written when the machine stopped was never spoken of.
        let end = text.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        try handle.truncate(atOffset: UInt64(end))
        try handle.write(contentsOf: try encoder.encode(checkpoint) + [UInt8(ascii: "\n")])
        try handle.synchronize()
    }
}

/// One process at a time writes to a folder.
private struct FolderLock {
    private let descriptor: Int32

    init(_ folder: URL) throws {
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        descriptor = open(folder.appending(path: "lock").path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw CocoaError(.fileWriteNoPermission) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreError.busy
        }
    }

    func unlock() { close(descriptor) }
}
