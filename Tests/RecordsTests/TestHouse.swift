import Foundation
import Testing

@testable import Records
@testable import Store

/// Two practices with their staff and clients, on a fresh database with the real schema, in a folder that is gone when the
/// test is over.
final class TestHouse: Sendable {
    let folder: URL
    let outside: TestSurroundings
    let database: Database
    let vault: KeyVault
    let audit: AuditLog
    let policy: AccessPolicy
    let gate: ClientGate

    let oak: TestPractice
    let elm: TestPractice

    var surroundings: Surroundings { outside.surroundings }

    init(seed: UInt64 = 1) async throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "bellwether-records-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        outside = TestSurroundings(seed: seed)
        let surroundings = outside.surroundings
        database = try Database(url: folder.appending(path: "test.sqlite"))
        try await Migrator(try Self.migrations()).migrate(database, now: outside.now.milliseconds)
        let master = try #require(MasterKey(bytes: Array(0..<32)))
        vault = try KeyVault(url: folder.appending(path: "keys.sqlite"), master: master, random: surroundings.random)
        audit = AuditLog(key: master.derived(for: "audit"))
        policy = AccessPolicy(audit: audit, vault: vault, surroundings: surroundings)
        gate = ClientGate(database: database, policy: policy, surroundings: surroundings)
        oak = try await TestPractice("oak", in: database, surroundings: surroundings)
        elm = try await TestPractice("elm", in: database, surroundings: surroundings)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// The portal's own, read from their files.
    private static func migrations() throws -> [Migration] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Portal/Migrations").standardized
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "sql" }
            .map { file in
                let parts = file.deletingPathExtension().lastPathComponent.split(separator: "_", maxSplits: 1)
                return Migration(
                    version: try #require(parts.first.flatMap { Int($0) }),
                    name: parts.last.map(String.init) ?? "",
                    script: try String(contentsOf: file, encoding: .utf8)
                )
            }
    }

    /// Another connection to the same file, as another process has it.
    func secondConnection() throws -> Database { try Database(url: folder.appending(path: "test.sqlite")) }

    func count(_ table: SQL.Name, where condition: SQL = "TRUE") async throws -> Int {
        try await database.read { try $0.count("SELECT COUNT(*) AS count FROM \(table) WHERE \(condition)") }
    }

    /// Every row of every table as text, but for the named ones: equal before and after means that nothing changed.
    func contents(except left: Set<String> = []) async throws -> [String] {
        try await database.read { transaction in
            let tables: [String] = try transaction.rows(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
            .map { try $0.get("name") }
            return try tables.filter { !left.contains($0) }.flatMap { table in
                try transaction.rows("SELECT * FROM \(SQL.Name(column: table)) ORDER BY rowid").map { row in
                    "\(table): \(row.columns.sorted { $0.key < $1.key })"
                }
            }
        }
    }

    /// Changes `clients` as the practice would.
    func change(_ client: ID<Client>, _ assignment: SQL) async throws {
        try await database.write { try $0.execute("UPDATE clients SET \(assignment) WHERE id = \(client)") }
    }
}

/// One practice: a member of staff in each role, a second clinician, and two clients with accounts.
struct TestPractice: Sendable {
    let id: ID<Practice>
    let staff: [StaffMember.Role: ID<StaffMember>]
    /// A clinician who treats the second client.
    let otherClinician: ID<StaffMember>
    /// Treated by the clinician.
    let first: TestClient
    /// Treated by the other clinician.
    let second: TestClient

    struct TestClient: Sendable {
        let id: ID<Client>
        let account: ID<PortalAccountTag>
    }

    init(_ slug: String, in database: Database, surroundings: Surroundings) async throws {
        (id, staff, otherClinician, first, second) = try await database.write { transaction in
            let now = surroundings.now()
            let practice = Practice(
                id: surroundings.newID(),
                name: slug,
                slug: slug,
                timeZone: "America/Chicago",
                createdAt: now
            )
            try transaction.insert(practice, into: "practices")

            func hire(_ role: StaffMember.Role, _ name: String) throws -> ID<StaffMember> {
                let member = StaffMember(
                    id: surroundings.newID(),
                    practiceID: practice.id,
                    email: "\(name)@\(slug).example",
                    username: name,
                    displayName: name,
                    role: role,
                    createdAt: now
                )
                try transaction.insert(member, into: StaffMember.table)
                return member.id
            }
            func admit(_ name: String, to therapist: ID<StaffMember>?) throws -> TestClient {
                let client = Client(
                    id: surroundings.newID(),
                    practiceID: practice.id,
                    firstName: name,
                    lastName: slug,
                    birthDate: "1990-02-28",
                    timeZone: "America/Chicago",
                    primaryTherapistID: therapist,
                    portalEnabled: true,
                    createdAt: now
                )
                try transaction.insert(client, into: Client.table)
                let account: ID<PortalAccountTag> = surroundings.newID()
                try transaction.execute(
                    """
                    INSERT INTO portal_accounts
                        (id, practice_id, kind, client_id, username, email, status, locale, created_at, updated_at)
                    VALUES (\(account), \(practice.id), 'CLIENT', \(client.id), \(name), \(name), 'ACTIVE', 'en', \(now), \(now))
                    """
                )
                return TestClient(id: client.id, account: account)
            }

            var staff: [StaffMember.Role: ID<StaffMember>] = [:]
            for role in StaffMember.Role.allCases { staff[role] = try hire(role, role.rawValue.lowercased()) }
            let other = try hire(.clinician, "other")
            return (
                practice.id, staff, other, try admit("first", to: staff[.clinician]), try admit("second", to: other)
            )
        }
    }

    func principal(_ role: StaffMember.Role) throws -> Principal {
        Principal(practiceID: id, identity: .staff(try #require(staff[role]), role: role))
    }

    var otherClinicianPrincipal: Principal {
        Principal(practiceID: id, identity: .staff(otherClinician, role: .clinician))
    }

    func principal(_ client: TestClient) -> Principal {
        Principal(practiceID: id, identity: .account(client.account, ownClient: client.id))
    }

    /// Somebody with an account who is nobody's client, such as a proxy.
    func proxy(_ surroundings: Surroundings) -> Principal {
        Principal(practiceID: id, identity: .account(surroundings.newID(), ownClient: nil))
    }
}
