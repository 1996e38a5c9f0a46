import Store

/// The clients to whom a member of staff, or the client's own account, stands in one relation: a condition on a row of
/// `clients`. One client's access and the lists across clients are both decided by it.
struct Circle: Sendable {
    let relation: Relation
    let condition: SQL
    /// Whether every client of the practice is in it, whoever they are.
    let isWholePractice: Bool

    init(relation: Relation, condition: SQL) {
        self.relation = relation
        self.condition = condition
        isWholePractice = false
    }

    private init(everyClientTo relation: Relation) {
        self.relation = relation
        condition = "TRUE"
        isWholePractice = true
    }

    /// The circles of `principal` among the clients of their practice, the strongest first. What proxies are to a client
    /// is no condition on a row; ``Proxyship`` decides it.
    static func circles(of principal: Principal, at now: Timestamp) -> [Circle] {
        switch principal.identity {
        case .system: return [Circle(everyClientTo: .system)]
        case .account(_, let ownClient):
            return [Circle(relation: .`self`, condition: "clients.id = \(ownClient) AND clients.portal_enabled = 1")]
        case .staff(let id, let role):
            let assigned = Circle(relation: .assignedClinician, condition: "clients.primary_therapist_id = \(id)")
            let emergency = Circle(
                relation: .emergencyAccess,
                condition: """
                    EXISTS (SELECT 1 FROM access_reasons AS glass
                            WHERE glass.client_id = clients.id AND glass.user_id = \(id) AND glass.kind = 'EMERGENCY'
                              AND glass.starts_at <= \(now) AND glass.ends_at > \(now))
                    """
            )
            switch role {
            case .administrator: return [Circle(everyClientTo: .administrator)]
            case .clinician: return [assigned, emergency]
            case .supervisor:
                let supervised = Circle(
                    relation: .supervisor,
                    condition: """
                        clients.primary_therapist_id IN
                            (SELECT id FROM users WHERE practice_id = \(principal.practiceID) AND supervisor_id = \(id))
                        """
                )
                return [assigned, emergency, supervised]
            case .frontDesk: return [Circle(everyClientTo: .frontDesk)]
            case .billing: return [Circle(everyClientTo: .billing)]
            case .healthCoach:
                return [Circle(relation: .healthCoach, condition: "clients.health_coach_id = \(id)")]
            case .contentEditor: return [Circle(everyClientTo: .contentEditor)]
            }
        }
    }
}
