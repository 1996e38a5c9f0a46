import Foundation
public import Records
import Store

/// Who has seen a client's record, for the client to read.
public struct RecordAccessLog: Sendable {
    private let gate: ClientGate

    init(gate: ClientGate) { self.gate = gate }

    /// A person, a part of the record and a day.
    public struct Entry: Sendable {
        public enum Person: Sendable, Hashable {
            /// Who reads the list.
            case you
            case staff(name: String, role: StaffMember.Role?)
            /// Somebody else who signs in for the client, or the client where somebody else reads.
            case account(name: String)
        }

        public let person: Person
        /// Such as `CHAT.READ`.
        public let action: String
        public let purpose: Purpose?
        public let first: Timestamp
        public let last: Timestamp
        public let times: Int
        /// Names the entry in the list.
        public let number: Int64
    }

    /// The newest first.
    ///
    /// - Parameter number: entries from before this one.
    public func entries(of client: ID<Client>, before number: Int64?, limit: Int, as principal: Principal) async throws
        -> [Entry]
    {
        try await gate.open(
            .read,
            on: .audit,
            of: client,
            as: principal,
            purpose: principal.accountID == nil ? .operations : .ownCare,
            entity: "audit_log"
        ) { access in
            let zone = TimeZone(identifier: try access.client().timeZone) ?? .gmt
            let history = try access.accessHistory(
                before: number,
                offset: Int64(zone.secondsFromGMT(for: access.now.date)) * 1000,
                limit: limit
            )
            let names = try access.names(of: history)
            return history.map { line in
                Entry(
                    person: Self.person(line, names: names, reader: principal),
                    action: line.action,
                    purpose: line.purpose.flatMap(Purpose.init(rawValue:)),
                    first: line.first,
                    last: line.last,
                    times: line.times,
                    number: line.newest
                )
            }
        }
    }

    private static func person(_ line: AccessHistoryEntry, names: [String: String], reader: Principal) -> Entry.Person {
        if let id = line.actorID, id == reader.accountID?.text || id == reader.staffID?.text { return .you }
        let name = line.actorID.flatMap { names[$0] } ?? ""
        return line.actorKind == "ACCOUNT"
            ? .account(name: name) : .staff(name: name, role: StaffMember.Role(rawValue: line.actorKind))
    }
}
