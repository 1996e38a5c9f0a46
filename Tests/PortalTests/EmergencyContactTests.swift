import Portal
import Records
import Store
import Support
import Testing

/// A kind of record that stands in an order which people give it.
@Suite("Emergency contacts")
struct EmergencyContactTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }
    private var records: RecordService { test.portal.records }

    @discardableResult
    private func add(_ entry: EmergencyContactEntry, as principal: Principal? = nil) async throws
        -> Record<EmergencyContact>
    {
        try await records.perform(EmergencyContact.add, entry, of: maya.id, as: principal ?? maya.principal).record
    }

    private func order(_ ids: [ID<Record<EmergencyContact>>], as principal: Principal? = nil) async throws {
        _ = try await records.order(ids, of: maya.id, as: principal ?? maya.principal)
    }

    private func names(as principal: Principal? = nil, through door: Door = .portal) async throws -> [String] {
        try await records.list(
            EmergencyContact.self,
            .whole,
            of: maya.id,
            as: principal ?? maya.principal,
            through: door
        ).map(\.name.plaintext)
    }

    @Test func `they are added, changed, ordered and removed`() async throws {
        let first = try await add(.init(name: "A", phone: "5550100"))
        let second = try await add(.init(name: "B", phone: "5550100"))
        let third = try await add(.init(name: "C", phone: "5550100"))
        #expect(try await names() == ["A", "B", "C"])
        try await order([third.id, first.id, second.id])
        #expect(try await names() == ["C", "A", "B"])
        let changed = try await records.perform(
            EmergencyContact.change,
            .init(name: " Anna ", phone: "5550101", email: "anna@mail.example"),
            on: first.id,
            of: maya.id,
            as: maya.principal
        ).record
        #expect(changed.name.plaintext == "Anna" && changed.position == 1)
        try await records.delete(third.id, of: maya.id, as: maya.principal, through: .portal)
        #expect(try await names() == ["Anna", "B"])
        try await add(.init(name: "D", phone: "5550100"))
        #expect(try await names() == ["Anna", "B", "D"])
        try await order([second.id])
        #expect(try await names() == ["B", "Anna", "D"])
        for wrong in [[first.id, first.id], [third.id, first.id, second.id]] {
            await #expect(throws: RecordFaults.self) { try await order(wrong) }
        }
        #expect(try await names() == ["B", "Anna", "D"])
    }

    @Test func `somebody moved is another version, so that nobody writes over the old one`() async throws {
        let first = try await add(.init(name: "A", phone: "5550100"))
        let second = try await add(.init(name: "B", phone: "5550100"))
        try await order([second.id])
        await #expect(throws: StaleRecord.self) {
            try await records.perform(
                EmergencyContact.change,
                .init(name: "X", phone: "5550100"),
                on: first.id,
                rev: 1,
                of: maya.id,
                as: maya.principal
            )
        }
    }

    @Test func `there is a limit`() async throws {
        for number in 0..<10 { try await add(.init(name: "\(number)", phone: "5550100")) }
        await #expect(throws: StepRefused.self) { try await add(.init(name: "x", phone: "5550100")) }
        #expect(try await names().count == 10)
    }

    @Test func `what does not hold is refused with its field`() async throws {
        for (entry, field) in [
            (EmergencyContactEntry(name: " ", phone: "5550100"), "/name"), (.init(name: "A", phone: "call"), "/phone"),
            (.init(name: "A", relation: "a\nb", phone: "5550100"), "/relation"),
            (.init(name: "A", phone: "5550100", email: "nowhere"), "/email"),
        ] {
            do {
                try await add(entry)
                Issue.record("\(field) was taken")
            } catch Refusal.invalid(let pointer, _, _) {
                #expect(pointer == field)
            }
        }
    }

    @Test func `they are sealed, and each change is an event of the profile`() async throws {
        let rosa = try await add(.init(name: "Rosa Quill", relation: "sister", phone: "3125550177"))
        try await order([rosa.id])
        try await records.delete(rosa.id, of: maya.id, as: maya.principal, through: .portal)
        try await add(.init(name: "Rosa Quill", relation: "sister", phone: "3125550177"))
        let contents = try await Contents(of: test)
        for secret in ["Rosa", "sister", "3125550177"] { #expect(!contents.holds(secret), "\(secret)") }
        #expect(try await test.count("SELECT COUNT(*) AS count FROM portal_events WHERE type = 'profile.updated'") == 4)
    }

    @Test func `the client's staff read them, strangers do not, and only the client's side writes them`() async throws {
        let rosa = try await add(.init(name: "Rosa", phone: "5550177"))
        for reader in [test.people.clinician.principal, test.people.frontDesk.principal] {
            #expect(try await names(as: reader, through: .staff) == ["Rosa"])
        }
        for stranger in [test.people.sibling.principal, test.people.otherClinician.principal] {
            await #expect(throws: AccessDenied()) { _ = try await names(as: stranger) }
            await #expect(throws: AccessDenied()) { try await order([rosa.id], as: stranger) }
            await #expect(throws: AccessDenied()) {
                try await records.delete(rosa.id, of: maya.id, as: stranger, through: .portal)
            }
        }
        await #expect(throws: RecordNotFound()) {
            let other = test.people.sibling
            try await records.delete(rosa.id, of: other.id, as: other.principal, through: .portal)
        }
    }
}
