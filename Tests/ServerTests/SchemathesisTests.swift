import Foundation
import HummingbirdTesting
import Portal
import Records
import Support
import Testing

@testable import Server

/// Every operation of the OpenAPI document, fuzzed by schemathesis as somebody who is signed in and knows real ids.
@Suite("Fuzzed by the document of the API")
struct SchemathesisTests {
    /// Ends the session that everything is sent with, or the record that everything is about.
    private static let endings = [
        "logout", "session/end", "sessions", "end-all", "login", "/auth/password", "/auth/reset",
    ]

    @Test(arguments: ["nobody", "maya", "gwen", "cora", "finn", "ada"])
    func `nothing that anybody sends makes a fault, and every answer is as the document says`(name: String) async throws
    {
        let server = try await TestServer()
        let folder = try TestFolder()
        try await server.serve(.live) { caller in
            let stage = try await RecordStage(server, caller)
            let token: String?
            switch name {
            case "nobody": token = nil
            case "maya": token = try await caller.asClient(name).token
            case "gwen": token = try await guardian(name, server, caller).token
            default: token = try await caller.asStaff(name).token
            }
            let configuration = folder.url.appending(path: "schemathesis.toml")
            try Self.configuration(stage.ids, token: token).write(to: configuration, atomically: true, encoding: .utf8)
            let port = try #require(caller.client.port)
            let run = Python.process(
                "schemathesis",
                [
                    "--config-file", configuration.path, "run", "http://127.0.0.1:\(port)/api/openapi.json",
                    "--phases", "fuzzing", "--max-examples", "5", "--checks",
                    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance",
                    "--exclude-path-regex", Self.endings.joined(separator: "|"), "--no-color", "--max-failures", "5",
                ]
            )
            run.currentDirectoryURL = folder.url
            let (status, output) = try await Self.finish(run, in: folder)
            #expect(status == 0, "\(output.suffix(16000))")
            let tested = output.firstMatch(of: /Tested: (\d+)/).flatMap { Int($0.1) }
            #expect(try #require(tested) > 150, "\(output.suffix(6000))")
        }
    }

    /// A parent who acts for Maya, a child of nine.
    private func guardian(_ name: String, _ server: TestServer, _ caller: Caller) async throws -> Caller {
        let house = server.house
        let year = try #require(Int(house.clock.now.day(in: house.practice.zone).prefix(4)))
        try await house.setBirthDate("\(year - 9)-01-01", of: house.people.client.id)
        try await house.relate(try await house.addProxy(name), to: house.people.client.id, as: .parent)
        let parent = try await caller.asClient(name)
        let turned = try await parent.post(
            "/api/v1/portal/auth/session/acting-client",
            ["client_id": .string(house.people.client.id.text)]
        )
        #expect(turned.status == 200)
        return parent
    }

    /// Real ids in the paths, so that what is behind them is reached, and the session of whoever sends.
    private static func configuration(_ ids: [String: String], token: String?) -> String {
        var text = ""
        if let token { text += "headers = { Authorization = \"Bearer \(token)\" }\n" }
        text += "[parameters]\n"
        for (name, id) in ids.sorted(by: { $0.key < $1.key }) where !name.hasPrefix("/") {
            text += "\"path.\(name)\" = \"\(id)\"\n"
        }
        for (name, id) in ids.sorted(by: { $0.key < $1.key }) where name.hasPrefix("/") {
            text += "[[operations]]\ninclude-path-regex = \"\(name)/\"\nparameters = { \"path.record\" = \"\(id)\" }\n"
        }
        return text
    }

    /// Waits for a process without holding a thread, since the server answers on the same ones.
    private static func finish(_ process: Process, in folder: TestFolder) async throws -> (Int32, String) {
        let output = folder.url.appending(path: "out")
        try Data().write(to: output)
        process.standardOutput = try FileHandle(forWritingTo: output)
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in continuation.resume() }
            do { try process.run() } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        return (process.terminationStatus, try String(contentsOf: output, encoding: .utf8))
    }
}
