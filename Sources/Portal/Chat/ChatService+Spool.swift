import Records

extension ChatService {
    /// Stores what was spooled while the store could not be written. Returns how many entries were stored. One that
    /// cannot be stored, such as that of a client who is no more, waits and does not hold up the others.
    @discardableResult
    public func drainSpool() async throws -> Int {
        var stored = 0
        for entry in spool.waiting() {
            // The service's own deed: it must not depend on whether the account may still come in.
            let principal = Principal.system("crisis.spool", practice: entry.practiceID)
            do {
                // The spool entry's id keeps a second try from storing it twice.
                _ = try await store(
                    Answering(
                        text: entry.text,
                        conversation: entry.conversationID,
                        nonce: entry.nonce ?? "spool:\(entry.id)",
                        client: entry.clientID,
                        principal: principal,
                        finding: safetyNet.screen(entry.text, of: entry.practiceID)
                    )
                )
                try spool.remove(entry)
                stored += 1
            } catch  where Self.isRefusal(error) {
                try Task.checkCancellation()
            }
        }
        return stored
    }
}
