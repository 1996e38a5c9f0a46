import Testing

@testable import Records
@testable import Store

@Suite("One client's rows")
struct ClientAccessTests {
    @Test func `what is inserted is found, changed and counted`() async throws {
        let house = try await TestHouse()
        let alert = try await house.addAlert("first words", about: house.oak.first.id, in: house.oak)
        var changed = alert
        changed.summary = "second words"
        changed.closedAt = house.outside.now
        let final = changed
        try await house.asService(.change, of: house.oak.first.id, in: house.oak) { access in
            #expect(try access.one(alert.id) == alert)
            try access.update(final)
            #expect(try access.all(TestAlert.self) == [final])
            #expect(try access.first(TestAlert.self, where: "closed_at IS NULL") == nil)
            #expect(try access.count(TestAlert.self, where: "closed_at IS NOT NULL") == 1)
        }
    }

    @Test func `reading does not write`() async throws {
        let house = try await TestHouse()
        let alert = try await house.addAlert("words", about: house.oak.first.id, in: house.oak)
        for write: @Sendable (ClientAccess) throws -> Void in [{ try $0.insert(alert) }, { try $0.update(alert) }] {
            await #expect(throws: AccessDenied()) {
                try await house.asService(.read, of: house.oak.first.id, in: house.oak, write)
            }
        }
    }

    @Test func `another client's row looks like none`() async throws {
        let house = try await TestHouse()
        let theirs = try await house.addAlert("theirs", about: house.oak.second.id, in: house.oak)
        let missing: ID<TestAlert> = house.surroundings.newID()
        for id in [theirs.id, missing] {
            await #expect(throws: RecordNotFound()) {
                try await house.asService(.read, of: house.oak.first.id, in: house.oak) { try $0.one(id) }
            }
        }
    }

    @Test func `an update that names this client does not take over another's row`() async throws {
        let house = try await TestHouse()
        var stolen = try await house.addAlert("theirs", about: house.oak.second.id, in: house.oak)
        stolen.clientID = house.oak.first.id
        let before = try await house.contents(except: ["audit_log"])
        let attempt = stolen
        await #expect(throws: RecordNotFound()) {
            try await house.asService(.change, of: house.oak.first.id, in: house.oak) { try $0.update(attempt) }
        }
        #expect(try await house.contents(except: ["audit_log"]) == before)
    }

    @Test func `when a client is destroyed in the vault, nothing of theirs can be read`() async throws {
        let house = try await TestHouse()
        _ = try await house.addAlert("words", about: house.oak.first.id, in: house.oak)
        try house.vault.destroy(AccessPolicy.keyOwner(house.oak.first.id))
        await #expect(throws: StoreError.unsealable(column: "summary")) {
            try await house.asService(.read, of: house.oak.first.id, in: house.oak) { try $0.all(TestAlert.self) }
        }
    }

    @Test func `the client and the practice of an access are its own`() async throws {
        let house = try await TestHouse()
        let (client, practice) = try await house.asService(.read, of: house.elm.second.id, in: house.elm) {
            (try $0.client(), try $0.practice())
        }
        #expect(client.id == house.elm.second.id)
        #expect(practice.id == house.elm.id)
    }

    /// A random walk over the rows of four clients in two practices. Whatever is asked of one client's access, hostile
    /// conditions and foreign ids included, only that client's rows come back, and only theirs change.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `no access returns or changes another client's row`(seed: UInt64) async throws {
        let house = try await TestHouse(seed: seed)
        var generator = SeededGenerator(seed: seed)
        let circles = [
            (house.oak, house.oak.first.id), (house.oak, house.oak.second.id), (house.elm, house.elm.first.id),
            (house.elm, house.elm.second.id),
        ]
        var model: [ID<TestAlert>: TestAlert] = [:]
        for step in 0..<150 {
            let (practice, client) = try #require(circles.randomElement(using: &generator))
            let (otherPractice, other) = try #require(circles.randomElement(using: &generator))
            let known = model.values.sorted { $0.id.text < $1.id.text }.randomElement(using: &generator)
            let mine = model.values.filter { $0.clientID == client }
            switch Int.random(in: 0..<6, using: &generator) {
            case 0, 1:
                let alert = TestAlert(
                    house.surroundings.newID(),
                    client: other,
                    practice: otherPractice.id,
                    summary: "step \(step)",
                    at: house.outside.now
                )
                do {
                    try await house.asService(.create, of: client, in: practice) { try $0.insert(alert) }
                    #expect(other == client)
                    model[alert.id] = alert
                } catch is AccessDenied {
                    #expect(other != client)
                }
            case 2:
                guard var alert = known else { continue }
                let isMine = alert.clientID == client
                alert.summary = SealedText("changed at \(step)")
                // An attacker writes the id of the client they hold.
                alert.clientID = client
                let attempt = alert
                do {
                    try await house.asService(.change, of: client, in: practice) { try $0.update(attempt) }
                    #expect(isMine)
                    model[attempt.id] = attempt
                } catch is RecordNotFound {
                    #expect(!isMine)
                }
            case 3:
                guard let alert = known else { continue }
                do {
                    let found = try await house.asService(.read, of: client, in: practice) { try $0.one(alert.id) }
                    #expect(found == alert && alert.clientID == client)
                } catch is RecordNotFound {
                    #expect(alert.clientID != client)
                }
            default:
                let conditions: [SQL] = [
                    "TRUE", "TRUE OR TRUE", "client_id = \(other)", "1 = 1 OR client_id = \(other)", "id IS NOT NULL",
                ]
                let condition = try #require(conditions.randomElement(using: &generator))
                let (found, count) = try await house.asService(.read, of: client, in: practice) {
                    (try $0.all(TestAlert.self, where: condition), try $0.count(TestAlert.self, where: condition))
                }
                #expect(found.count == count)
                #expect(Set(found).isSubset(of: Set(mine)))
            }
        }
        #expect(model.count > 5)
        for (practice, client) in circles {
            let rows = try await house.asService(.read, of: client, in: practice) { try $0.all(TestAlert.self) }
            #expect(Set(rows) == Set(model.values.filter { $0.clientID == client }))
        }
        #expect(try await house.audit.verify(house.database) == [])
    }
}
