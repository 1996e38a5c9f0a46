public import Records
import Store

extension WordingService {
    /// Whether the client's consent to a language model is in force.
    ///
    /// A minor's own does not count, unless the practice's rules let a minor of the age consent to the chat alone: it takes
    /// somebody else's, a representative's or one that the practice took down.
    func isConsented(_ access: ClientAccess, _ transaction: Transaction) throws -> Bool {
        let given = try access.beside(.read, on: .consents, entity: "consents")
            .all(Consent.self, where: "kind = \(Consent.Kind.aiChat) AND state = 'GRANTED'")
            .filter { ConsentService.state($0, at: access.now) == .granted }
        guard !given.isEmpty else { return false }
        let client = try access.client()
        let practice = try access.practice()
        let today = access.now.day(in: practice.zone)
        let age = Age.years(
            from: client.birthDate,
            on: today,
            leapBirthdaysOnFebruary28: practice.settings.leapBirthdaysOnFebruary28
        )
        if let age, !AgeTier(age: age).isMinor { return true }
        let own = Set(
            try transaction.rows("SELECT id FROM portal_accounts WHERE client_id = \(client.id)")
                .map { try $0.get("id") as ID<PortalAccountTag> }
        )
        if given.contains(where: { $0.grantedByAccountID.map { !own.contains($0) } ?? true }) { return true }
        guard let age else { return false }
        let rule = try transaction.fetchOne(
            JurisdictionRule.self,
            """
            SELECT * FROM jurisdiction_rules
            WHERE practice_id = \(practice.id) AND jurisdiction = \(client.jurisdiction ?? practice.region)
              AND data_area = \(DataArea.chat) AND min_age <= \(age) AND max_age >= \(age) AND effective_from <= \(today)
            ORDER BY effective_from DESC, updated_at DESC, id DESC LIMIT 1
            """
        )
        return rule?.minorConsentOk ?? false
    }

    /// What a client is told before they consent.
    public struct Offer: Sendable, Hashable {
        /// Whether the practice has a model and uses it.
        public let isOffered: Bool
        public let model: String?
        public let server: String?
        /// Whether a consent is in force that counts.
        public let isConsented: Bool
    }

    public func offer(to client: ID<Client>, as principal: Principal) async throws -> Offer {
        try await gate.perform(
            nil,
            .read,
            on: .chat,
            of: client,
            as: principal,
            purpose: .ownCare,
            entity: "chat_wordings"
        ) { access, transaction in
            let isOffered = try model != nil && access.practice().settings.usesLanguageModel
            return Offer(
                isOffered: isOffered,
                model: isOffered ? model?.name : nil,
                server: isOffered ? model?.server : nil,
                isConsented: try isConsented(access, transaction)
            )
        }
    }
}
