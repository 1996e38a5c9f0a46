import Foundation
import Support
import Testing

/// The audit, the keys and deletion from the command line, beside a server that runs.
@Suite("Oversight commands", .serialized)
struct OversightCommandTests {
    private func python(_ script: String, _ arguments: String...) throws -> String {
        let result = try Program().run(URL(filePath: "/usr/bin/env"), ["python3", "-c", script] + arguments)
        try #require(result.status == 0, "\(result.errors)")
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private func query(_ data: URL, _ sql: String) throws -> String {
        try python(
            "import sqlite3,sys; print('\\n'.join(str(r[0]) for r in sqlite3.connect(sys.argv[1]).execute(sys.argv[2])))",
            data.appending(path: "bellwether.sqlite").path,
            sql
        )
    }

    private func tamper(_ data: URL, _ sql: String) throws {
        _ = try python(
            "import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()",
            data.appending(path: "bellwether.sqlite").path,
            "DROP TRIGGER audit_log_is_never_updated; DROP TRIGGER audit_log_is_never_deleted; \(sql)"
        )
    }

    @Test func `keys rotate, a client is deleted and the audit is verified while the server runs`() async throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "bellwether-oversight-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: data) }
        let port = try freePort()
        let server = try await Program().serve(data: data, port: port, demo: true)
        defer { server.terminate() }
        func run(_ arguments: String...) throws -> Program.Result {
            try Program().run(Program.executable, arguments + ["--data", data.path])
        }
        let notes = try String(contentsOf: data.appending(path: "demo-accounts.txt"), encoding: .utf8)
        let password = try #require(notes.split(separator: " ").last).trimmingCharacters(in: .whitespacesAndNewlines)
        func signIn(_ name: String, _ door: String) async throws -> HTTP {
            let answer = try await HTTP(port: port).post(
                "/api/v1/\(door)/login",
                #"{"username": "\#(name)", "password": "\#(password)"}"#
            )
            return HTTP(port: port, token: try #require(answer.json["token"] as? String, "\(answer.text)"))
        }
        let maya = try await signIn("maya", "portal/auth")
        let scores = try await maya.get("/api/v1/portal/assessments/trends?instrument=PHQ-9").text
        #expect(scores.contains("PHQ-9"))

        let new = data.appending(path: "new.key").path
        #expect(try run("keys", "rotate", "--all").status == 0)
        #expect(try run("keys", "rotate", "--master", new).status == 0)
        #expect(try await maya.get("/api/v1/portal/assessments/trends?instrument=PHQ-9").text == scores)
        #expect(try await maya.post("/api/v1/portal/assessments", #"{"instrument": "GAD-7"}"#).status == 201)

        let jordan = try query(data, "SELECT id FROM clients WHERE first_name = 'Jordan'")
        let session = try await signIn("jordan", "portal/auth")
        let deleted = try run("client", "delete", jordan, "--reason", "CLIENT_REQUEST")
        #expect(deleted.status == 0 && deleted.output.contains("assessment_responses"), "\(deleted.errors)")
        #expect(try await session.get("/api/v1/portal/assessments").status == 401)
        #expect(try run("client", "delete", jordan, "--reason", "CLIENT_REQUEST").status == 66)
        #expect(try run("client", "delete", jordan, "--reason", "BOREDOM").status == 64)
        #expect(try run("keys", "rotate").status == 64)
        // The server seals anew what the old keys sealed; until it has, they stay.
        var status: Int32 = 69
        for _ in 0..<60 where status == 69 { status = try run("keys", "retire").status }
        #expect(status == 0)
        let progress = try run("keys", "--format", "json").output
        #expect(progress.contains("\"outdatedValues\" : 0") && progress.contains("\"withOldKeys\" : 0"), "\(progress)")
        #expect(try await maya.get("/api/v1/portal/assessments/trends?instrument=PHQ-9").text == scores)
        #expect(try run("keys", "rotate", "--client", jordan).status == 66)
        #expect(try run("doctor").status == 0)
    }

    @Test func `the audit is signed, exported, and every kind of meddling has exit code 65`() async throws {
        let data = FileManager.default.temporaryDirectory.appending(path: "bellwether-audit-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: data) }
        let server = try await Program().serve(data: data, port: try freePort(), demo: true)
        server.terminate()
        server.waitUntilExit()
        func run(_ arguments: String...) throws -> Program.Result {
            try Program().run(Program.executable, arguments + ["--data", data.path])
        }
        #expect(try run("audit", "checkpoint").status == 0)
        let sound = try run("audit", "verify", "--format", "json")
        #expect(sound.status == 0, "\(sound.output)")
        let keys = try #require(try JSONSerialization.jsonObject(with: Data(sound.output.utf8)) as? [String: Any]).keys
        #expect(Set(keys) == ["checkpoints", "findings", "newest", "rows"])

        let folder = data.appending(path: "audit-checkpoints")
        let key = try String(contentsOf: folder.appending(path: "public-key.txt"), encoding: .utf8)
            .trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(try Program().run("audit", "signatures", folder.path, "--public-key", key).status == 0)
        let other = Data(repeating: 9, count: 32).base64EncodedString()
        #expect(try Program().run("audit", "signatures", folder.path, "--public-key", other).status == 65)
        #expect(try run("audit", "verify", "--checkpoints", data.appending(path: "none").path).status == 66)

        let export = try run("audit", "export", "--from", "2020-01-01", "--format", "csv")
        let rows = try query(data, "SELECT COUNT(*) FROM audit_log")
        #expect(export.status == 0 && export.output.split(separator: "\n").count == (Int(rows) ?? 0) + 1)
        #expect(try run("audit", "export", "--to", "2020-01-01").output == "")

        try tamper(data, "DELETE FROM audit_log WHERE seq > (SELECT MAX(seq) - 5 FROM audit_log)")
        let cut = try run("audit", "verify")
        #expect(cut.status == 65 && cut.output.contains("cut off at the end"), "\(cut.output)")
        #expect(try run("audit", "checkpoint").status == 65)
        #expect(try run("doctor").status == 65)
    }
}
