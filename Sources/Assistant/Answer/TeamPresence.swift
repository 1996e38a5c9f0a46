/// Whether somebody of the care team is there when a client asks for a person.
public struct TeamPresence: Sendable, Codable, Hashable {
    public let isThere: Bool
    /// Until when somebody is there, or when somebody is there next, as the client reads it, by language. Empty when that is
    /// not known.
    public let turn: [String: String]
    /// The same in milliseconds since 1970.
    public let turnAt: Int64?

    public init(isThere: Bool, turn: [String: String], turnAt: Int64?) {
        self.isThere = isThere
        self.turn = turn
        self.turnAt = turnAt
    }
}
