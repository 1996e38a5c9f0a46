import Crypto
import Foundation
import Records
import Store

/// Crisis messages that could not be stored, kept on disk until they can: one encrypted file each.
///
/// The client has seen the resources by then; this is so that the clinician is told all the same.
struct CrisisSpool: Sendable {
    struct Entry: Sendable, Codable {
        let id: ID<Entry>
        let practiceID: ID<Practice>
        let accountID: ID<PortalAccountTag>
        let clientID: ID<Client>
        let conversationID: ID<Conversation>
        let text: String
        let nonce: String?
        let at: Timestamp
    }

    let folder: URL
    private let key: SymmetricKey

    init(folder: URL, key: SymmetricKey) {
        self.folder = folder
        self.key = key
    }

    /// Writes `entry` to disk and waits until it is there. Throws when even the disk is not to be written.
    func keep(_ entry: Entry) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let sealed = try AES.GCM.seal(JSONEncoder().encode(entry), using: key).combined ?? Data()
        let url = folder.appending(path: "\(entry.id).spool")
        let draft = folder.appending(path: "\(entry.id).draft")
        guard FileManager.default.createFile(atPath: draft.path, contents: nil, attributes: [.posixPermissions: 0o600])
        else {
            throw CocoaError(.fileWriteUnknown)
        }
        let handle = try FileHandle(forWritingTo: draft)
        defer { try? handle.close() }
        try handle.write(contentsOf: sealed)
        try handle.synchronize()
        try FileManager.default.moveItem(at: draft, to: url)
    }

    /// What waits to be stored, oldest first. A file that cannot be opened is left where it is.
    func waiting() -> [Entry] {
        let urls = (try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)) ?? []
        return urls.filter { $0.pathExtension == "spool" }
            .compactMap { url in
                guard let data = try? Data(contentsOf: url), let box = try? AES.GCM.SealedBox(combined: data),
                    let plain = try? AES.GCM.open(box, using: key)
                else { return nil }
                return try? JSONDecoder().decode(Entry.self, from: plain)
            }
            .sorted { $0.id.text < $1.id.text }
    }

    /// Forgets an entry once it is stored.
    func remove(_ entry: Entry) throws {
        try FileManager.default.removeItem(at: folder.appending(path: "\(entry.id).spool"))
    }

    /// Forgets every entry of a client who is no more, and returns how many there were.
    func remove(of client: ID<Client>) throws -> Int {
        let entries = waiting().filter { $0.clientID == client }
        for entry in entries { try remove(entry) }
        return entries.count
    }
}
