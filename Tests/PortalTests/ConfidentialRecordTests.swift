import Portal
import Records
import Store
import Support
import Testing

/// What those see of declared records who are shown only what is not confidential.
@Suite("Confidential records")
struct ConfidentialRecordTests {
    let test: TestPortal

    init() async throws { test = try await TestPortal(articles: []) }

    private var maya: TestClient { test.people.client }
    private var cora: TestStaff { test.people.clinician }
    private var records: RecordService { test.portal.records }

    /// Of every kind one record that is confidential and, where there may be, one that is not.
    private func prepare() async throws {
        let now = test.clock.now
        for isConfidential in [true, false] {
            _ = try await records.perform(
                Appointment.book,
                .init(startsAt: now, endsAt: now.adding(.seconds(3600)), isConfidential: isConfidential),
                of: maya.id,
                as: cora.principal
            )
            _ = try await records.perform(
                HomeworkAssignment.assign,
                .init(title: "Reading", homeworkType: .reading, isConfidential: isConfidential),
                of: maya.id,
                as: cora.principal
            )
        }
        for (note, shared) in [(nil, true), ("Slept badly.", true), (nil, false)] as [(SealedText?, Bool)] {
            _ = try await records.perform(
                MoodEntry.log,
                MoodEntry(mood: 5, note: note, entryAt: now),
                shared: shared,
                of: maya.id,
                as: maya.principal
            )
        }
        _ = try await records.perform(
            JournalEntry.write,
            JournalEntry(body: "We walked to the lake.", entryAt: now),
            shared: true,
            of: maya.id,
            as: maya.principal
        )
        _ = try await records.perform(
            EmergencyContact.add,
            .init(name: "Rosa", phone: "555 0177"),
            of: maya.id,
            as: maya.principal
        )
    }

    /// How many records `principal` sees; nil where they see none of the kind at all.
    private func seen<Kind: RecordKind>(_ kind: Kind.Type, _ principal: Principal) async throws -> Int? {
        do {
            return try await records.list(kind, .init(limit: 10), of: maya.id, as: principal, through: .portal).count
        } catch is AccessDenied {
            return nil
        }
    }

    /// Appointments, homework, moods, journal, contacts.
    private func seen(_ principal: Principal) async throws -> [Int?] {
        [
            try await seen(Appointment.self, principal), try await seen(HomeworkAssignment.self, principal),
            try await seen(MoodEntry.self, principal), try await seen(JournalEntry.self, principal),
            try await seen(EmergencyContact.self, principal),
        ]
    }

    private static let everything: [Int?] = [2, 2, 3, 1, 1]
    private static let rules: [(age: Int, rule: GuardianAccess?, seen: [Int?])] = [
        (9, nil, everything),
        (9, .partial, [1, 1, 1, nil, 1]),
        (9, GuardianAccess.none, [nil, nil, nil, nil, nil]),
        // Partial by the policy; the journal is the young person's own, whatever the rule.
        (12, nil, [2, 1, 1, nil, 1]),
        (13, .full, [2, 2, 3, nil, 1]),
        // A summary shows nothing of a record.
        (14, nil, [1, nil, nil, nil, 1]),
        (14, .partial, [1, 1, 1, nil, 1]),
        (17, .full, [1, 1, 1, nil, 1]),
        (17, .summary, [nil, nil, nil, nil, nil]),
        (17, GuardianAccess.none, [nil, nil, nil, nil, nil]),
        (18, .full, [nil, nil, nil, nil, nil]),
    ]

    @Test(arguments: rules.indices)
    func `a parent sees what the policy, the practice's rule and the record let them`(index: Int) async throws {
        let (age, rule, expected) = Self.rules[index]
        try await prepare()
        let year = try #require(Int(test.clock.now.day(in: test.practice.zone).prefix(4)))
        let gwen = try await test.addProxy("gwen")
        try await test.setBirthDate("\(year - 9)-01-01", of: maya.id)
        try await test.relate(gwen, to: maya.id, as: .parent)
        try await test.setBirthDate("\(year - age)-01-01", of: maya.id)
        if let rule {
            for area in [DataArea.appointments, .homework, .wellness, .journal, .profile] {
                try await test.execute(
                    """
                    INSERT INTO jurisdiction_rules
                        (id, practice_id, jurisdiction, data_area, min_age, max_age, guardian_access, minor_consent_ok,
                         effective_from, created_at, updated_at)
                    VALUES (\(test.surroundings.newID(Client.self)), \(test.practice.id), 'US', \(area), 0, 17,
                            \(rule), 0, '2000-01-01', 1, 1)
                    """
                )
            }
        }
        let acting = gwen.principal.acting(for: maya.id)
        #expect(try await seen(acting) == expected, "\(age) \(rule?.rawValue ?? "no rule")")
        #expect(try await seen(maya.principal) == Self.everything, "their own is theirs at any age")
    }

    @Test func `what is confidential is not reached by its id either, nor changed`() async throws {
        try await prepare()
        let year = try #require(Int(test.clock.now.day(in: test.practice.zone).prefix(4)))
        let gwen = try await test.addProxy("gwen")
        try await test.setBirthDate("\(year - 15)-01-01", of: maya.id)
        try await test.relate(gwen, to: maya.id, as: .parent)
        let acting = gwen.principal.acting(for: maya.id)
        for appointment in try await records.list(
            Appointment.self,
            .init(limit: 10),
            of: maya.id,
            as: maya.principal,
            through: .portal
        ) {
            func read() async throws -> Bool {
                try await records.record(appointment.id, of: maya.id, as: acting, through: .portal).isConfidential
            }
            if appointment.isConfidential {
                await #expect(throws: RecordNotFound()) { _ = try await read() }
            } else {
                #expect(try await read() == false)
            }
        }
    }

    @Test func `a sister who reads along sees homework that is not confidential`() async throws {
        try await prepare()
        let sister = try await test.addProxy("sister")
        _ = try await test.portal.relationships.letIn(
            .family,
            email: sister.email,
            areas: [.homework],
            until: nil,
            of: maya.id,
            as: maya.principal
        )
        #expect(try await seen(sister.principal.acting(for: maya.id)) == [nil, 1, nil, nil, nil])
    }

    @Test func `a kind that says nothing of it is confidential altogether`() {
        func openly<Kind: RecordKind>(_ kind: Kind.Type) -> Bool { Record<Kind>.visibility(.nonconfidential) != nil }
        let open = RecordKinds.all.filter { openly($0) }.map { "\($0)" }
        #expect(open == ["Appointment", "EmergencyContact", "HomeworkAssignment", "MoodEntry"])
    }
}
