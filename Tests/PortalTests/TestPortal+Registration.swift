import Records
import Store
import Support
import Testing

@testable import Portal

extension TestPortal {
    static let newPassword = "nine crooked lamps by the sea"

    private var admin: Principal { people.administrator.principal }

    /// A client of Cora's without portal access, born on 17 May 1990 unless told otherwise.
    func newClient(_ name: String = "Wren", birthDate: String = "1990-05-17") async throws -> Client {
        try await portal.directory.addClient(
            to: practice,
            firstName: name,
            lastName: "Example",
            birthDate: birthDate,
            therapist: people.clinician.id,
            portalEnabled: false,
            as: admin
        )
    }

    /// Invites by mail, and returns the code in it.
    func invitedByMail(_ client: Client, _ address: String = "wren@mail.example") async throws -> String {
        _ = try await portal.invitations.invite(client.id, by: .email, email: address, as: admin)
        return try await mailedSecret(.invitation, to: address)
    }

    /// Begins to register, and returns the token to go on with.
    func startedRegistration(of client: Client) async throws -> String {
        let code = try await invitedByMail(client)
        return try await portal.registration.start(code: code, birthDate: nil, origin: .init(ip: "192.0.2.7")).token
    }

    func standing(of client: Client, as staff: Principal? = nil) async throws -> PortalStanding.State {
        try await portal.accounts.standing(of: client.id, as: staff ?? admin).state
    }
}
