import Delivery
import Foundation
import Portal
import Records
import Support
import Testing

/// Messages as Python's mail parser reads them.
@Suite("Mail as it travels")
struct InternetMessageTests {
    private struct Seen: Decodable {
        let headers: [[String]]
        let fromName: String
        let fromAddress: String
        let to: [String]
        let subject: String
        let date: String
        let type: String
        let text: String
        let html: String
        let languages: [String]
        let defects: [String]
        let longestLine: Int
        let bareLineFeeds: Int
    }

    private func read(_ message: MailMessage) throws -> Seen {
        let folder = try TestFolder()
        let file = folder.url.appending(path: "message.eml")
        let sender = try #require(Sample.sender)
        try Data(InternetMessage(message, from: sender).bytes).write(to: file)
        return try JSONDecoder().decode(
            Seen.self,
            from: Data(try Python.run(peer("read_mail.py"), file.path).utf8)
        )
    }

    private static let names = [
        "from", "to", "subject", "date", "message-id", "auto-submitted", "mime-version", "content-type",
    ]

    @Test func `a mail program reads what was written`() throws {
        let seen = try read(Sample.message())
        #expect(seen.headers.map { $0[0] } == Self.names)
        #expect(seen.fromName == "Test Practice")
        #expect(seen.fromAddress == "portal@practice.example")
        #expect(seen.to == ["maya@mail.example"])
        #expect(seen.subject == "Your sign-in link")
        #expect(seen.date == "2025-03-03T15:00:00+00:00")
        #expect(seen.type == "multipart/alternative")
        #expect(seen.text == "Hello,\n\nHere is the link.\n")
        #expect(seen.html == "<p>Hello,</p>\n")
        #expect(seen.languages == ["es", "es"])
        #expect(seen.headers.contains { $0 == ["message-id", "<\(Sample.message().id)@practice.example>"] })
        #expect(seen.defects == [])
    }

    @Test(arguments: [
        "Está listo: ¿quién lo pidió? Añádalo ya", "日本語の件名はここにあります。とても長いので何行にもなります。本当に長い件名です。",
        "=?UTF-8?Q?not_encoded?=", String(repeating: "word ", count: 60) + "end", String(repeating: "x", count: 300),
        "👩‍👩‍👧‍👦 family 👩‍👩‍👧‍👦 family 👩‍👩‍👧‍👦", "a \"quoted\" \\ name, with: all (of) <it>", "",
    ])
    func `any text survives as subject, name and body, in short lines`(text: String) throws {
        let seen = try read(Sample.message(senderName: text + "!", subject: text, text: text + "\n", html: text + "\n"))
        #expect(seen.subject == text)
        #expect(seen.fromName == text + "!")
        #expect(seen.text == text + "\n")
        #expect(seen.html == text + "\n")
        #expect(seen.longestLine <= 78)
        #expect(seen.bareLineFeeds == 0)
        #expect(seen.defects == [])
    }

    @Test func `lines of every length, dots and blanks arrive as they were`() throws {
        let lines = (0...160).map { String(repeating: "ñ=", count: $0 / 2) + String(repeating: "x", count: $0 % 7) }
        let text =
            (lines + [".", "..", " indented", "trailing ", "\t", "From here", "--=_x"]).joined(separator: "\n") + "\n"
        let seen = try read(Sample.message(text: text, html: text))
        #expect(seen.text == text)
        #expect(seen.html == text)
        #expect(seen.longestLine <= 76)
    }

    @Test(arguments: ["\r\nBcc: thief@evil.example", "\nX: y", "\r\n\r\nbody", "\u{2028}X: y", "\u{0}", "\u{85}X: y"])
    func `nothing in a subject or a name begins a header`(attack: String) throws {
        let seen = try read(Sample.message(senderName: "Practice\(attack)", subject: "Hello\(attack)"))
        #expect(seen.headers.map { $0[0] } == Self.names)
        #expect(seen.to == ["maya@mail.example"])
        #expect(!seen.text.contains("Bcc"))
    }

    @Test(arguments: [
        "maya@mail.example\r\nBcc: thief@evil.example", "maya@mail.example, thief@evil.example", "maya@mail.example>",
        "<maya@mail.example>", "maya mail.example", "maya@@mail.example", "@mail.example", "maya@", "",
        "maya@-mail.example",
        "maya@mail..example", ".maya@mail.example", "ma ya@mail.example", "maya@mail.example\u{0}", "maña@mail.example",
        "\"maya\"@mail.example", "maya@[127.0.0.1]", String(repeating: "a", count: 65) + "@mail.example",
    ])
    func `what is no plain address gets nothing`(address: String) throws {
        let sender = try #require(Sample.sender)
        #expect(throws: MailFailure.permanent(reason: "the address is not valid")) {
            _ = try InternetMessage(Sample.message(to: address), from: sender)
        }
    }

    @Test(arguments: ["a@b", "first.last+tag@mail.example", "o'brien@mail-2.example", "x_y@xn--maa-8ma.example"])
    func `ordinary addresses are fine`(address: String) { #expect(MailAddress(address)?.description == address) }
}
