public import Records
import Store

/// The client's own switches: what is shared with the clinician, by kind of entry (PROF-10).
public struct PrivacyService: Sendable {
    private let gate: ClientGate
    private var surroundings: Surroundings { gate.surroundings }

    init(gate: ClientGate) { self.gate = gate }

    /// Every kind, as chosen or as shipped.
    public func sharing(of client: ID<Client>, as principal: Principal) async throws -> [SharedKind: Bool] {
        try await gate.open(
            .read,
            on: .consents,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "privacy_settings"
        ) { access in try sharing(access) }
    }

    /// Changes what new entries of the named kinds start as; entries that there are stay as they are. Returns every kind.
    public func setSharing(_ choices: [SharedKind: Bool], of client: ID<Client>, as principal: Principal) async throws
        -> [SharedKind: Bool]
    {
        try await gate.open(
            .change,
            on: .consents,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "privacy_settings"
        ) { access in
            guard principal.accountID != nil else { throw AccessDenied() }
            for (kind, isShared) in choices.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                if var setting = try access.first(PrivacySetting.self, where: "data_kind = \(kind)") {
                    guard setting.defaultShared != isShared else { continue }
                    setting.defaultShared = isShared
                    setting.changedByAccountID = principal.accountID
                    setting.updatedAt = access.now
                    try access.update(setting)
                } else {
                    try access.insert(
                        PrivacySetting(
                            id: surroundings.newID(),
                            clientID: client,
                            dataKind: kind,
                            defaultShared: isShared,
                            changedByAccountID: principal.accountID,
                            createdAt: access.now,
                            updatedAt: access.now
                        )
                    )
                }
                try access.append(DomainEvent("privacy.changed", subject: kind.rawValue), ids: surroundings)
            }
            return try sharing(access)
        }
    }

    private func sharing(_ access: ClientAccess) throws -> [SharedKind: Bool] {
        let chosen = try access.all(PrivacySetting.self)
        return Dictionary(
            uniqueKeysWithValues: SharedKind.allCases.map { kind in
                (kind, chosen.first { $0.dataKind == kind }?.defaultShared ?? kind.isSharedUnlessChosen)
            }
        )
    }
}
