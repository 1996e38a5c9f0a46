public import Foundation
public import Records
import Store

/// New keys in place of old ones, while the portal serves.
///
/// A client's key seals what is held of them, the practice's what is about no client; both are wrapped by the master key.
/// What was sealed before stays readable by the old key, and is sealed anew in the background, a few rows at a time. The old
/// key stays, since backups need it, until it is retired; that is refused while anything is sealed by it.
public struct KeyRotation: Sendable {
    let desk: OversightDesk
    let vault: KeyVault
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
            try rotate([.client(client)], of: principal.practiceID, in: transaction)
        }
    }

    /// Gives the practice and every client's record a new key, and returns how many clients they are.
    ///
    /// - Throws: `AccessDenied` for anybody but administrators.
    public func rotateAll(as principal: Principal) async throws -> Int {
        try await desk.act("KEY.ROTATE_ALL", on: "clients", as: principal) { transaction in
            let owners = try KeyHolder.all(of: principal.practiceID, in: transaction)
            try rotate(owners, of: principal.practiceID, in: transaction)
            return owners.count - 1
        }
    }

    /// Asks for the sealing first: should the transaction fail after the vault's, old and new key are both there, and
    /// ``retire(as:)`` asks again.
    private func rotate(_ holders: [KeyHolder], of practice: ID<Practice>, in transaction: Transaction) throws {
        for holder in holders { try ask(Resealing(holder), of: practice, in: transaction) }
        try vault.rotate(holders.map(\.keyOwner))
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
