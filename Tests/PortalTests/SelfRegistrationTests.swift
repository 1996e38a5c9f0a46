import Foundation
import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Registering without an invitation")
struct SelfRegistrationTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var admin: Principal { test.people.administrator.principal }
    private var portal: Portal { test.portal }

    private let birthDate = "1990-05-17"

    private func start(_ code: String, birthDate: String? = nil) async throws -> (
        token: String, registration: Registration
    ) {
        try await portal.registration.start(code: code, birthDate: birthDate, origin: .init(ip: "192.0.2.7"))
    }

    private func claim(_ first: String, _ last: String = "Example", _ birth: String? = nil, _ email: String)
        async throws
    {
        try await portal.selfRegistration.claim(
            ClaimedDetails(firstName: first, lastName: last, birthDate: birth ?? birthDate, email: email),
            practice: nil,
            origin: .init()
        )
    }

    @Test func `a claim that fits goes to the address on record, any other to the staff, and neither shows`()
        async throws
    {
        let client = try await test.newClient()
        try await portal.accounts.setPortalEnabled(true, for: client.id, as: admin)
        try await test.execute("UPDATE clients SET email = 'wren@mail.example' WHERE id = \(client.id)")
        try await claim("WREN", "example", nil, "Wren@mail.example")
        _ = try await start(try await test.mailedSecret(.invitation, to: "wren@mail.example"))
        for (first, birth, email) in [
            ("Wren", "1990-05-18", "wren@mail.example"), ("Wren", birthDate, "other@mail.example"),
            ("Nobody", birthDate, "nobody@mail.example"), ("Maya", birthDate, "maya@mail.example"),
        ] { try await claim(first, "Example", birth, email) }
        #expect(try await test.mail(to: "other@mail.example").isEmpty)
        #expect(try await test.mail(to: "nobody@mail.example").isEmpty)
        #expect(try await test.mail(to: "maya@mail.example").isEmpty)
        let requests = try await portal.selfRegistration.requests(as: admin)
        #expect(requests.count == 4)
        #expect(try await Contents(of: test).holds("nobody@mail.example") == false)
    }

    @Test func `staff say which client it is, once`() async throws {
        let client = try await test.newClient()
        try await claim("Wren", "Sample", nil, "wren@new.example")
        let request = try #require(try await portal.selfRegistration.requests(as: admin).first)
        await #expect(throws: AccessDenied.self) {
            try await portal.selfRegistration.approve(request.id, as: client.id, by: test.people.clinician.principal)
        }
        await #expect(throws: RecordNotFound.self, "the practice next door") {
            try await portal.selfRegistration.reject(request.id, by: test.neighbors.administrator.principal)
        }
        try await portal.selfRegistration.approve(request.id, as: client.id, by: admin)
        _ = try await start(try await test.mailedSecret(.invitation, to: "wren@new.example"))
        await #expect(throws: RecordNotFound.self) { try await portal.selfRegistration.reject(request.id, by: admin) }
    }
}
