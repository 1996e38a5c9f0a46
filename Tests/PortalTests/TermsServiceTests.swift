import Foundation
import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Terms of use and privacy notice")
struct TermsServiceTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var admin: Principal { test.people.administrator.principal }
    private var portal: Portal { test.portal }

    @Test func `a new version of the terms is asked for again`() async throws {
        let maya = test.people.client.principal
        #expect(try await portal.terms.outstanding(for: maya).isEmpty)
        let first = try await portal.terms.publish(.terms, locale: "en", title: "Terms", body: "One.", as: admin)
        #expect(try await portal.terms.outstanding(for: maya).map(\.id) == [first.id])
        try await portal.terms.accept([first.id], as: maya)
        try await portal.terms.accept([first.id], as: maya)
        #expect(try await portal.terms.outstanding(for: maya).isEmpty)
        let second = try await portal.terms.publish(.terms, locale: "en", title: "Terms", body: "Two.", as: admin)
        #expect(second.version == 2)
        #expect(try await portal.terms.outstanding(for: maya).map(\.id) == [second.id])
        await #expect(throws: Refusal.self) { try await portal.terms.accept([first.id], as: maya) }
        await #expect(throws: AccessDenied.self) {
            try await portal.terms.publish(
                .terms,
                locale: "en",
                title: "T",
                body: "B",
                as: test.people.clinician.principal
            )
        }
    }

    @Test func `a translation of a version is that version, and in whatever language it was read it is accepted`()
        async throws
    {
        let maya = test.people.client.principal
        func publish(_ locale: String) async throws -> LegalDocument {
            try await portal.terms.publish(.privacy, locale: locale, title: "Privacy", body: locale, as: admin)
        }
        let english = try await publish("en")
        try await portal.terms.accept([english.id], as: maya)
        let spanish = try await publish("es")
        #expect(spanish.version == english.version)
        try await test.execute("UPDATE portal_accounts SET locale = 'es' WHERE username = 'maya'")
        #expect(try await portal.terms.outstanding(for: maya).isEmpty)
        let next = try await publish("en")
        #expect(next.version == 2)
        #expect(
            try await portal.terms.outstanding(for: maya).map(\.id) == [next.id],
            "another language is no way around it"
        )
        let translated = try await publish("es")
        #expect(translated.version == 2)
        #expect(try await portal.terms.outstanding(for: maya).map(\.id) == [translated.id])
        await #expect(throws: Refusal.self) { try await portal.terms.requireAccepted(by: maya) }
        try await portal.terms.accept([translated.id], as: maya)
        try await portal.terms.requireAccepted(by: maya)
        try await portal.terms.requireAccepted(by: test.people.clinician.principal)
    }
}
