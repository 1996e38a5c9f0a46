import Foundation
public import Portal
public import Records

/// A member of staff and who they are to the services.
public struct TestStaff: Sendable {
    public let member: StaffMember
    public let principal: Principal

    public var id: ID<StaffMember> { member.id }
}

/// A client with an account, and who they are to the services.
public struct TestClient: Sendable {
    public let client: Client
    public let account: PortalAccount
    public let principal: Principal

    public var id: ID<Client> { client.id }
}

/// Who belongs to the practice of a ``TestPortal``. All names and the password are ``TestPortal/password``'s.
public struct TestPeople: Sendable {
    public let administrator: TestStaff
    public let editor: TestStaff
    public let frontDesk: TestStaff
    /// Supervises ``clinician``, is on call, and treats nobody.
    public let supervisor: TestStaff
    /// Treats ``client`` and ``sibling``.
    public let clinician: TestStaff
    /// Treats ``stranger``.
    public let otherClinician: TestStaff
    /// The client that most tests are about.
    public let client: TestClient
    /// Another client of the same clinician.
    public let sibling: TestClient
    /// A client of the other clinician.
    public let stranger: TestClient
}

/// Who belongs to the second practice, which must never meet the first.
public struct TestNeighbors: Sendable {
    public let administrator: TestStaff
    public let clinician: TestStaff
    public let client: TestClient
}

/// Signs people up.
struct Enrolment {
    let directory: PracticeDirectory
    let practice: Practice

    private var setup: Principal { .system("setup", practice: practice.id) }

    func staff(
        _ username: String,
        _ role: StaffMember.Role,
        supervisor: TestStaff? = nil,
        onCall: Bool = false
    ) async throws -> TestStaff {
        let member = try await directory.addStaff(
            to: practice.id,
            username: username,
            email: "\(username)@practice.example",
            displayName: username.capitalized,
            role: role,
            supervisor: supervisor?.id,
            onCall: onCall,
            password: TestPortal.password,
            as: setup
        )
        return TestStaff(
            member: member,
            principal: Principal(practiceID: practice.id, identity: .staff(member.id, role: role))
        )
    }

    func client(_ username: String, of clinician: TestStaff) async throws -> TestClient {
        let client = try await directory.addClient(
            to: practice,
            firstName: username.capitalized,
            lastName: "Example",
            birthDate: "1990-05-17",
            therapist: clinician.id,
            as: setup
        )
        let account = try await directory.addAccount(
            for: client,
            username: username,
            email: "\(username)@mail.example",
            password: TestPortal.password,
            as: setup
        )
        return TestClient(
            client: client,
            account: account,
            principal: Principal(practiceID: practice.id, identity: .account(account.id, ownClient: client.id))
        )
    }
}
