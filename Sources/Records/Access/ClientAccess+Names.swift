import Store

extension ClientAccess {
    /// Changes what the client is called. Needs an access that changes their profile or chart; throws ``AccessDenied``
    /// under any other.
    public func rename(first: String, last: String, preferred: String?) throws {
        guard action == .change, area == .profile || area == .chart else { throw AccessDenied() }
        try transaction.execute(
            """
            UPDATE clients SET first_name = \(first), last_name = \(last), preferred_name = \(preferred), updated_at = \(now)
            WHERE id = \(clientID) AND practice_id = \(practiceID)
            """
        )
    }
}
