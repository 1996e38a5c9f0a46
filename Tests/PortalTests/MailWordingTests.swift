import Foundation
import Knowledge
import Records
import Store
import Support
import Testing

@testable import Portal

@Suite("The wording of mail")
struct MailWordingTests {
    private let prompts = RepositoryRoot.appending("Prompts")

    private func files() throws -> [KnowledgeFile] {
        try ["en", "es"].map { try KnowledgeFile.read(prompts.appending(path: "mail/\($0).yaml")) }
    }

    private static let practice = Practice(
        id: ID(now: Timestamp(milliseconds: 0), random: Array(0..<10)),
        name: "River Practice",
        slug: "river",
        timeZone: "America/Chicago",
        phone: "555-0100",
        createdAt: Timestamp(milliseconds: 0)
    )

    private func render(
        _ template: String,
        _ locale: String,
        _ parameters: [String: String],
        practice: Practice = practice
    ) throws -> MailMessage {
        try MailWording(prompts: prompts).render(
            MailRequest(template: template, to: "a@b.example", locale: locale, parameters: parameters),
            id: ID(now: Timestamp(milliseconds: 0), random: Array(0..<10)),
            practice: practice,
            date: Timestamp(milliseconds: 0)
        )
    }

    /// A value for each parameter that a template asks for.
    private func values(_ template: MailTemplate) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: template.parameters.map { parameter in
                switch parameter {
                case .link: ("link", "https://portal.example/go?a=1&b=2#secret-link")
                case .code: ("code", "424242")
                case .minutes, .hours, .days: (parameter.rawValue, "37")
                case .at: ("at", "1741014000000")
                case .device: ("device", "Firefox on <Linux>")
                }
            }
        )
    }

    @Test func `the files are without fault`() { #expect(MailWording.check(prompts: prompts) == []) }

    @Test(arguments: MailTemplate.allCases, ["en", "es"])
    func `every message is whole in both languages, and says what to do and whom to call`(
        template: MailTemplate,
        language: String
    ) throws {
        let message = try render(template.rawValue, language, values(template))
        #expect(message.language == language)
        #expect(message.senderName == "River Practice")
        for text in [message.text, message.html, message.subject] {
            #expect(!text.contains("{") || text == message.html)
        }
        for (name, value) in values(template) where name != "at" {
            #expect(message.text.contains(value), "\(name) is used")
        }
        if template.parameters.contains(.link) {
            #expect(message.html.contains("href=\"https://portal.example/go?a=1&amp;b=2#secret-link\""))
        }
        #expect(message.text.contains("555-0100") && message.html.contains("555-0100"))
        #expect(message.text.contains("River Practice"))
        #expect(
            message.text.contains(language == "en" ? " if " : "Si ") || message.text.contains("If ")
                || template == .notification
        )
        // A subject shows on a locked screen: it names nobody but the practice.
        for value in values(template).values { #expect(!message.subject.contains(value)) }
        #expect(!message.subject.isEmpty && message.subject.count < 70)
        #expect(!message.html.contains("<Linux>"))
    }

    @Test(arguments: MailTemplate.allCases)
    func `a message with a gap in it does not go out`(template: MailTemplate) throws {
        for parameter in template.parameters {
            var values = values(template)
            values[parameter.rawValue] = nil
            #expect(throws: MailFailure.permanent(reason: "the parameter \(parameter.rawValue) is missing")) {
                _ = try render(template.rawValue, "en", values)
            }
        }
    }

    @Test func `what is filled in opens no gap, no element and no line`() throws {
        let message = try render("new-device", "en", ["at": "0", "device": "{practice}<b>\r\nX: y"])
        #expect(message.text.contains("{practice}<b>"))
        #expect(!message.text.contains("\nX: y") && !message.text.contains("\r"))
        #expect(message.html.contains("{practice}&lt;b&gt;"))
    }

    @Test(arguments: ["javascript:alert(1)", "https://a.example/ b", "portal.example", ""])
    func `a link that is none does not go out`(link: String) {
        #expect(throws: MailFailure.self) { _ = try render("notification", "en", ["link": link]) }
    }

    @Test func `a practice without a telephone names none, and unknown languages read English`() throws {
        var practice = Self.practice
        practice.phone = nil
        let message = try render("notification", "fr", ["link": "https://a.example"], practice: practice)
        #expect(message.language == "en")
        #expect(!message.text.contains("Call River Practice at"))
        #expect(try render("notification", "es-MX", ["link": "https://a.example"]).language == "es")
    }

    @Test func `moments are written in the practice's time zone`() throws {
        let message = try render("new-device", "en", ["at": "1741014000000", "device": "Firefox"])
        #expect(message.text.contains("March 3, 2025"))
        #expect(message.text.contains("9:00"))
    }

    @Test func `an unknown wording does not go out`() {
        #expect(throws: MailFailure.permanent(reason: "there is no wording of that name")) {
            _ = try render("no-such", "en", [:])
        }
    }

    private static let faults: [(change: (String, String), message: String)] = [
        (("  magic-link:", "  magic-lnk:"), "no `magic-link`"),
        (("  magic-link:", "  magic-lnk:"), "unknown key `magic-lnk`"),
        (("within {minutes} minutes. Do not pass", "soon. Do not pass"), "does not use `{minutes}`"),
        (("{code}.\"", "{cod}.\""), "cannot use `{cod}`"),
        (
            ("    subject: \"Your sign-in code\"", "    subject: \"Your code {code}\""),
            "the subject cannot use `{code}`"
        ),
        (("    button: \"Sign in\"\n", ""), "has a link but no button"),
        (("language: en", "language: es"), "named for `en`"),
        (("at {phone}.", "by telephone."), "does not use `{phone}`"),
        (("Your code is {code}.", "Your code is {code."), "without its `}`"),
    ]

    @Test(arguments: faults.indices)
    func `a faulty file is told with its line and what to do`(index: Int) throws {
        let fault = Self.faults[index]
        var files = try files()
        #expect(files[0].text.contains(fault.change.0))
        files[0].text = files[0].text.replacing(fault.change.0, with: fault.change.1)
        let found = MailWording.read(files).diagnostics
        let matching = found.filter { $0.message.contains(fault.message) }
        #expect(!matching.isEmpty, "\(found)")
        for one in matching {
            #expect(one.line > 1 && one.file.hasSuffix("en.yaml") && !one.remedy.isEmpty)
        }
    }
}
