import Portal
import Records
import Support

extension TestPortal {
    /// Whether `principal` may read an area of Maya's record now, as somebody who acts for her.
    func reads(_ area: DataArea, _ principal: Principal) async throws -> Bool {
        let maya = people.client.id
        let choices = try await portal.relationships.actingChoices(of: principal)
        guard choices.contains(where: { $0.client == maya }) else { return false }
        do {
            switch area {
            case .chart: break
            case .consents: _ = try await portal.relationships.familyConsents(of: maya, as: principal)
            case .relationships: _ = try await portal.relationships.relationships(of: maya, as: principal)
            case .assessments: _ = try await portal.assessments.overview(of: maya, as: principal)
            default: return false
            }
            return true
        } catch is AccessDenied {
            return false
        }
    }

    /// How many lines of a type somebody's own list shows.
    func told(_ principal: Principal, _ type: String) async throws -> Int {
        try await portal.notifications.inbox(of: principal).notifications.filter { $0.type == type }.count
    }
}
