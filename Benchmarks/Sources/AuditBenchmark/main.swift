// Times what the audit adds to a chat message: messages sent through the whole service, on a fresh database on disk, and
// transactions that append as many audit rows as a message does. Usage: AuditBenchmark [home folder [messages]]

import Foundation
import Portal
import Records
import Store

let home = URL(filePath: CommandLine.arguments.dropFirst().first ?? "..", directoryHint: .isDirectory)
let count = max(1, Int(CommandLine.arguments.dropFirst(2).first ?? "") ?? 500)
let folder = FileManager.default.temporaryDirectory.appending(path: "bellwether-audit-\(UUID().uuidString)")
defer { try? FileManager.default.removeItem(at: folder) }

func milliseconds(_ work: () async throws -> Void) async throws -> Double {
    var times: [Double] = []
    for _ in 0..<count {
        let start = ContinuousClock.now
        try await work()
        times.append((ContinuousClock.now - start) / .milliseconds(1))
    }
    return times.sorted()[times.count / 2]
}

let portal = try await Portal.open(
    PortalConfiguration(
        dataFolder: folder,
        instruments: home.appending(path: "Instruments", directoryHint: .isDirectory),
        prompts: home.appending(path: "Prompts", directoryHint: .isDirectory),
        corpus: home.appending(path: "Corpus", directoryHint: .isDirectory)
    )
)
let practice = try await portal.directory.addPractice(name: "Benchmark", slug: "b", timeZone: "UTC", phone: nil)
let setup = Principal.system("benchmark", practice: practice.id)
let client = try await portal.directory.addClient(
    to: practice,
    firstName: "A",
    lastName: "B",
    birthDate: "1990-01-01",
    therapist: nil,
    as: setup
)
let account = try await portal.directory.addAccount(
    for: client,
    username: "client",
    email: "client@mail.example",
    password: "the heron stands in the shallows",
    as: setup
)
try await portal.publishCorpus()
let principal = Principal(practiceID: practice.id, identity: .account(account.id, ownClient: client.id))
let conversation = try await portal.chat.open(for: client.id, as: principal, locale: "en")

func rows() async throws -> Int {
    try await portal.database.read { try $0.count("SELECT COUNT(*) AS count FROM audit_log") }
}

let before = try await rows()
let message = try await milliseconds {
    _ = try await portal.chat.send(
        "how do I move my appointment to next week?",
        to: conversation.id,
        nonce: nil,
        of: client.id,
        as: principal
    )
}
let perMessage = (try await rows() - before) / count

func transaction(appending number: Int) async throws -> Double {
    try await milliseconds {
        try await portal.database.write { transaction in
            try transaction.execute("UPDATE clients SET updated_at = updated_at + 1 WHERE id = \(client.id)")
            for _ in 0..<number {
                try portal.audit.append(
                    AuditEntry(
                        principal: principal,
                        clientID: client.id,
                        relation: .`self`,
                        purpose: .ownCare,
                        action: "CHAT.CHANGE",
                        entity: "chat_conversations",
                        entityID: conversation.id.text,
                        outcome: .ok
                    ),
                    at: portal.surroundings.now(),
                    in: transaction
                )
            }
        }
    }
}
// Against a transaction that writes one row, since the wait for the disk is the message's own.
let bare = try await transaction(appending: 0)
let audited = try await transaction(appending: max(1, perMessage))
let share = 100 * (audited - bare) / message
print("a message: median \(message) ms, with \(perMessage) audit rows")
print("these rows: median \(audited - bare) ms, \((share * 10).rounded() / 10) % of the message")
let start = ContinuousClock.now
let inspection = try await portal.audit.inspect(portal.database)
let seconds = (ContinuousClock.now - start) / .seconds(1)
print("verifying: \(Int(Double(inspection.rows) / seconds)) rows a second, \(inspection.findings.count) findings")
try portal.close()
