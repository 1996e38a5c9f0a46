import Foundation
import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("Which passwords are accepted")
struct PasswordRulesTests {
    private let rules = PasswordRules(commonPasswords: .embedded)
    private let context = [
        "Harbor Lane Counseling", "harbor-lane", "bellwether", "maya", "maya.torres@mail.example", "Torres",
    ]

    private func faults(_ password: String, secondFactor: Bool = true) -> [PasswordRules.Fault] {
        rules.faults(of: password, context: context, hasSecondFactor: secondFactor)
    }

    @Test(arguments: [
        "the heron stands in the shallows", "kettle-mosaic-riverbank", "nine crooked lamps", "árbol junto al río frío",
        "xK7#pw!qLd92vTz", "maya likes crooked lampposts at dusk", "我在河边看见一只苍鹭站在浅水里慢慢走",
    ])
    func `long unguessable ones are, without any rule of composition`(password: String) {
        #expect(faults(password, secondFactor: false) == [])
    }

    @Test(arguments: [(14, [PasswordRules.Fault.tooShort(minimum: 15)]), (15, [])])
    func `alone it has fifteen characters`(length: Int, expected: [PasswordRules.Fault]) {
        #expect(faults(String("vexing otter jig quilt".prefix(length)), secondFactor: false) == expected)
    }

    @Test(arguments: [(7, [PasswordRules.Fault.tooShort(minimum: 8)]), (8, [])])
    func `beside a second factor it has eight`(length: Int, expected: [PasswordRules.Fault]) {
        #expect(faults(String("vexing otter".prefix(length))) == expected)
    }

    @Test(arguments: [(256, []), (257, [PasswordRules.Fault.tooLong(maximum: 256)])])
    func `it may have 256`(length: Int, expected: [PasswordRules.Fault]) {
        let words = (0..<200).map { "\($0 * 7919 % 1009) lamp" }.joined(separator: " ")
        #expect(faults(String(words.prefix(length))) == expected)
    }

    @Test(arguments: [
        "password", "Password1", "P@ssw0rd", "p4$$w0rd!", "iloveyou2", "sunshine1!", "Sunshine2024", "dragonmonkey",
        "passwordpassword", "trustno1", "letmein123", "123password321", "Contraseña123", "MindFulness!", "welcome2026",
    ])
    func `what is tried first is refused, however it is dressed`(password: String) {
        #expect(faults(password).contains(.common), "\(password)")
    }

    @Test(arguments: [
        "aaaaaaaaaaaaaaaa", "abababababababab", "abcdefghijklmnop", "1234567890123456", "qwertyuiopasdfgh",
        "zyxwvutsrqponmlk",
        "11112222333344445555", "abcabcabcabcabcabc", "1qaz2wsx3edc4rfv", "asdfghjkl;asdfghjkl", "0987654321qwerty",
    ])
    func `repeats and runs are refused`(password: String) {
        #expect(faults(password, secondFactor: false).contains(.pattern), "\(password)")
    }

    @Test(arguments: [
        "HarborLane2026", "h4rb0rl4ne!!", "Bellwether123", "maya.torres", "MayaTorres91!", "t0rr3s_m4y4",
        "b3llw3th3r!!",
        "counseling-maya",
    ])
    func `what others know of one is refused`(password: String) {
        #expect(faults(password).contains(.personal), "\(password)")
    }

    @Test func `the list is long enough`() {
        #expect(CommonPasswords.embedded.count >= 3000)
    }

    @Test func `every refusal says what to do, and none repeats the password`() {
        let all: [PasswordRules.Fault] = [
            .tooShort(minimum: 15), .tooLong(maximum: 256), .common, .personal, .pattern, .usedBefore,
            .unusableCharacter,
        ]
        for fault in all {
            #expect(fault.message.hasSuffix("."))
            #expect(fault.remedy.hasSuffix("."))
        }
    }
}

@Suite("Hashing passwords")
struct PasswordHasherTests {
    @Test func `a burst is turned away beyond the line, and the line serves on`() async throws {
        let hasher = PasswordHasher(
            cost: .init(logRounds: 10, blockSize: 8, parallelism: 1),
            longestLine: 5,
            random: Surroundings.system.random
        )
        let outcomes = await withTaskGroup(of: Bool?.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    do {
                        _ = try await hasher.hash("some words")
                        return true
                    } catch {
                        return error is PasswordHasher.Busy ? false : nil
                    }
                }
            }
            return await group.reduce(into: [Bool?]()) { $0.append($1) }
        }
        #expect(!outcomes.contains(nil))
        #expect(outcomes.contains(false), "somebody was turned away")
        #expect(outcomes.filter { $0 == true }.count >= 5)
        #expect(try await hasher.verify("some words", against: hasher.hash("some words")))
    }

    @Test func `a hash of former days is made anew at the next sign-in`() async throws {
        let test = try await TestPortal(articles: [])
        let old = PasswordHasher(
            cost: .init(logRounds: 3, blockSize: 1, parallelism: 1),
            random: Surroundings.system.random
        )
        let hash = try await old.hash(TestPortal.password)
        try await test.execute("UPDATE portal_accounts SET password_hash = \(hash) WHERE username = 'maya'")
        _ = try await test.live()
        let row = try await test.rows("SELECT password_hash AS hash FROM portal_accounts WHERE username = 'maya'")[0]
        #expect(try row.get("hash", as: String.self).hasPrefix("scrypt$4$"))
        _ = try await test.live()
    }
}
