import Foundation
import Support
import Testing

@Suite("Accounts on the command line")
struct AccountCommandTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "bellwether-\(UUID().uuidString)")

    private func run(_ arguments: String...) throws -> Program.Result {
        try Program().run(
            Program.executable,
            ["account"] + arguments + ["--data", folder.path, "--format", "json"],
            input: ""
        )
    }

    private func json(_ result: Program.Result) throws -> [String: Any] {
        #expect(result.status == 0, "\(result.errors)")
        return try #require(JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
    }

    @Test func `from an empty folder to a practice with an administrator and an invited client`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(try run("sessions").status == 66, "there is no database")
        _ = try json(
            run("create-practice", "Harbor Lane", "--slug", "harbor", "--time-zone", "America/Chicago")
        )
        let staff = [
            "create-staff", "ruth", "--email", "ruth@harbor.example", "--name", "Ruth", "--role", "administrator",
        ]
        func createStaff() throws -> Program.Result {
            try run(staff[0], staff[1], staff[2], staff[3], staff[4], staff[5], staff[6], staff[7])
        }
        #expect(try #require(try json(createStaff())["link"] as? String).contains("/staff/reset-password#"))
        #expect(try createStaff().status == 65, "the name is taken")
        let link = try #require(try json(run("reset", "ruth", "--clear-factors"))["link"] as? String)
        #expect(link.contains("#"))
        #expect(try run("reset", "nobody").status == 66)
        let client = try json(
            run("create-client", "--first-name", "Wren", "--last-name", "Example", "--birth-date", "1990-05-17")
        )
        let code = try json(run("invite", try #require(client["id"] as? String)))["code"] as? String
        #expect(code?.count == 14)
        #expect(try run("invite", "nonsense").status == 64)
        #expect(
            try run("create-client", "--first-name", "A", "--last-name", "B", "--birth-date", "1990-02-30").status == 64
        )
        #expect(try run("create-practice", "X", "--slug", "NO", "--time-zone", "Nowhere").status == 64)
        #expect(try run("sessions").output.trimmingCharacters(in: .whitespacesAndNewlines) == "[\n\n]")
        #expect(try json(run("end-sessions"))["ended"] as? Int == 0)
        #expect(try run("sessions", "--practice", "elsewhere").status == 66)
    }
}
