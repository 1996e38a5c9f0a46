public import Records
import Store

/// The clients that a member of staff may see.
public struct CaseloadService: Sendable {
    private let gate: ClientGate

    init(gate: ClientGate) { self.gate = gate }

    /// A clinician's own clients; all of the practice's for an administrator. Throws `AccessDenied` for other roles.
    public func clients(of principal: Principal) async throws -> [Client] {
        try await gate.openCaseload(on: .chart, as: principal, purpose: .treatment, entity: "clients") { access in
            try access.clients()
        }
    }
}
