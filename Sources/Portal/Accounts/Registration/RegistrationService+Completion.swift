import Foundation
public import Records
import Store

/// The last steps of a registration: preferences, emergency contact, terms.
extension RegistrationService {
    public func setPreferences(_ token: String, _ chosen: ContactPreferences) async throws -> Registration {
        let edit = PreferenceService.Edit(
            language: chosen.locale,
            choices: NotificationKind.allCases.map {
                .init(kind: $0, channel: .email, isOn: chosen.emailNotifications)
            }
        )
        try preferences.check(edit)
        return try await step(token, .preferences) { registration, client, transaction in
            guard let account = registration.accountID else { throw outOfOrder(registration) }
            let principal = Principal(
                practiceID: client.practiceID,
                identity: .account(account, ownClient: client.id)
            )
            try preferences.write(edit, of: principal, in: transaction)
            registration.step = registration.step.next
        }
    }

    /// Nil goes on without one.
    public func setEmergencyContact(_ token: String, _ contact: EmergencyContactEntry?) async throws -> Registration {
        let contact = try contact.map { entry throws(Refusal) in try entry.checked() }
        let text = try contact.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        return try await step(token, .emergencyContact) { registration, _, _ in
            registration.emergencyContact = text.map { SealedText($0) }
            registration.step = registration.step.next
        }
    }

    /// Accepts the documents in force and opens the account. Throws ``Refusal/conflict(_:)`` while one is missing.
    public func complete(_ token: String, accepting documents: [ID<LegalDocument>], origin: Principal.Origin)
        async throws
        -> Registration
    {
        try await step(token, .terms) { registration, client, transaction in
            guard let accountID = registration.accountID else { throw outOfOrder(registration) }
            let holder = try holder(registration, in: transaction)
            let principal = Principal(
                practiceID: client.practiceID,
                identity: .account(accountID, ownClient: client.id),
                origin: origin
            )
            try terms.accept(documents, account: accountID, locale: holder.locale, as: principal, in: transaction)
            let missing = try terms.outstanding(
                account: accountID,
                practice: client.practiceID,
                locale: holder.locale,
                in: transaction
            )
            guard missing.isEmpty else {
                throw Refusal.conflict("Accept the terms of use and the privacy notice to open the account.")
            }
            guard try invitations.accounts.mayActivateOwnAccount(client, in: transaction) else {
                throw Refusal.conflict("A parent or guardian has to be linked before this account can be opened.")
            }
            // Of two at once with one invitation, one opens the account.
            guard
                try transaction.execute(
                    "UPDATE invitations SET status = 'USED' WHERE id = \(registration.invitationID) AND status = 'OPENED'"
                ) == 1
            else { throw Refusal.linkExpired }
            try CredentialOwner.account(accountID).set(
                "status = 'ACTIVE', updated_at = \(context.surroundings.now())",
                in: transaction
            )
            try context.record(
                "ACCOUNT.ACTIVATE",
                of: .account(accountID),
                client: client.id,
                as: principal,
                in: transaction
            )
            try context.linkConsents(to: accountID, of: client.practiceID, in: transaction)
            try keepEmergencyContact(&registration, of: client, in: transaction)
            registration.step = .done
        }
    }

    /// What was said on the way becomes part of the record when the account opens.
    private func keepEmergencyContact(
        _ registration: inout Registration,
        of client: Client,
        in transaction: Transaction
    )
        throws
    {
        guard let said = registration.emergencyContact else { return }
        let access = try context.policy.grant(
            .create,
            on: .profile,
            of: client.id,
            to: .system("registration.complete", practice: client.practiceID),
            purpose: .automation,
            entity: EmergencyContact.declaration.table.text,
            in: transaction
        )
        let entry = try JSONDecoder().decode(EmergencyContactEntry.self, from: Data(said.plaintext.utf8))
        _ = try access.perform(EmergencyContact.add, entry, ids: context.surroundings)
        registration.emergencyContact = nil
    }
}
