import Foundation
import Records
import Store

extension RelationshipService {
    static let endKind = "relationship.end"

    /// Asks to be woken when the relationship ends by itself: at its end, or on the client's eighteenth birthday. Access ends
    /// then by computation, whether or not the work is done; what is left to do is to tell both sides.
    func scheduleEnd(of relationship: ClientRelationship, _ access: ClientAccess) throws {
        var ends = [relationship.endsAt].compactMap { $0 }
        if relationship.kind.relation == .guardian, let birthday = try access.client().comingOfAge(access) {
            ends.append(birthday)
        }
        for end in ends {
            try access.enqueue(
                WorkRequest(
                    Self.endKind,
                    subject: relationship.id.text,
                    dedupeKey: "\(relationship.id):\(end.milliseconds)",
                    runAt: end
                ),
                ids: surroundings
            )
        }
    }

    /// Marks a relationship ended that has ended, and tells both sides once (ACC-46).
    var endHandler: WorkHandler {
        WorkHandler(Self.endKind) { item, transaction in
            guard let client = item.clientID, let id = ID<ClientRelationship>(item.subjectID) else { return }
            let access = try gate.policy.grant(
                .change,
                on: .relationships,
                of: client,
                to: .system(item.kind, practice: item.practiceID),
                purpose: .automation,
                entity: "client_relationships",
                entityID: id.text,
                in: transaction
            )
            var relationship = try access.one(id)
            guard relationship.status == .approved else { return }
            let isOfAge =
                try relationship.kind.relation == .guardian && access.client().tier(access)?.isMinor != true
            guard isOfAge || relationship.endsAt.map({ $0 <= access.now }) == true else {
                // The birth date was put right in the meantime: there is another day to wait for.
                return try scheduleEnd(of: relationship, access)
            }
            relationship.status = .expired
            relationship.updatedAt = access.now
            relationship.version &+= 1
            try access.update(relationship)
            try tell(of: relationship, isOfAge ? "relationship.of-age" : "relationship.expired", access)
        }
    }
}

extension Client {
    /// Nil without a birth date that is one.
    func tier(_ access: ClientAccess) throws -> AgeTier? {
        age(at: access.now, in: try access.practice()).map { AgeTier(age: $0) }
    }

    /// The moment at which the client turns 18: midnight in the practice's time zone, found to be so by the same count of
    /// years that access goes by. Nil when it is past, or without a birth date.
    func comingOfAge(_ access: ClientAccess) throws -> Timestamp? {
        let practice = try access.practice()
        guard let today = age(at: access.now, in: practice), today < 18, let birthYear = Int(birthDate.prefix(4)),
            let month = Int(birthDate.dropFirst(5).prefix(2)), let day = Int(birthDate.suffix(2))
        else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = practice.zone
        // The days around it too, so that the rule for the leap day need not be said twice.
        let candidates = (-1...1).compactMap { offset -> Timestamp? in
            let parts = DateComponents(year: birthYear + 18, month: month, day: day + offset)
            return calendar.date(from: parts).map { Timestamp(calendar.startOfDay(for: $0)) }
        }
        return candidates.first { (age(at: $0, in: practice) ?? 0) >= 18 }
    }
}
