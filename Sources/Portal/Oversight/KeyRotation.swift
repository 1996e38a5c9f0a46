public import Foundation
public import Records
import Store

/// New keys in place of old ones, while the portal serves. What was sealed before is not sealed anew: it stays readable by
/// the old version of its key, and takes the new one when it is next written.
public struct KeyRotation: Sendable {
    private let desk: OversightDesk
    private let vault: KeyVault
    private let masterFile: MasterKeyFile

    init(desk: OversightDesk, vault: KeyVault, masterFile: MasterKeyFile) {
        self.desk = desk
        self.vault = vault
        self.masterFile = masterFile
    }

    /// Gives one client's record a new key.
    ///
    /// - Throws: `RecordNotFound` for a client of another practice, `AccessDenied` for anybody but administrators.
    public func rotate(_ client: ID<Client>, as principal: Principal) async throws {
        try await desk.act("KEY.ROTATE", on: "clients", client.text, as: principal) { transaction in
            let known = try transaction.row(
                "SELECT id FROM clients WHERE id = \(client) AND practice_id = \(principal.practiceID)"
            )
            guard known != nil else { throw RecordNotFound() }
            try vault.rotate(AccessPolicy.keyOwner(client))
        }
    }

    /// Gives every client's record of the practice a new key, and returns how many they are.
    ///
    /// - Throws: `AccessDenied` for anybody but administrators.
    public func rotateAll(as principal: Principal) async throws -> Int {
        try await desk.act("KEY.ROTATE_ALL", on: "clients", as: principal) { transaction in
            let clients = try transaction.rows("SELECT id FROM clients WHERE practice_id = \(principal.practiceID)")
            for row in clients { try vault.rotate(AccessPolicy.keyOwner(try row.get("id"))) }
            return clients.count
        }
    }

    /// Wraps every key by the master key in `source`, which is made unless it is there, and puts it into the place of the
    /// one in force. Stopped at any moment, either the old or the new one is in force, and everything can be read.
    ///
    /// - Throws: `MasterKeyError`; `AccessDenied` for anybody but the service's own work, since it concerns every practice.
    public func replaceMaster(from source: URL, as principal: Principal) async throws {
        guard case .system = principal.identity else { throw AccessDenied() }
        try await desk.act("MASTER_KEY.REPLACE", on: "data_keys", as: principal) { _ in }
        try masterFile.replace(from: source, in: vault, random: desk.surroundings.random)
    }
}
