import ArgumentParser
import Assistant
import Foundation
import Knowledge
import Retrieval

struct Ask: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Ask the assistant a question, as a client would.",
        discussion: "The reply is made from the files alone: no account, no conversation, nothing is stored."
    )

    @Option(help: ArgumentHelp("Language of the reply, en or es.", valueName: "tag"))
    var language = "en"

    @Option(help: ArgumentHelp("Country whose crisis lines are shown.", valueName: "code"))
    var region = "US"

    @Argument(help: ArgumentHelp("What a client would type.", valueName: "question"))
    var question: [String]

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        var context = ReplyContext(language: language, now: Date().timeIntervalSince1970)
        context.audience = Set(Audience.allCases)
        context.region = region
        let reply = try knowledge.assistant().reply(to: question.joined(separator: " "), in: context)
        switch output.format {
        case .json: printLine(try json(reply))
        case .table: printLine(Self.page(reply, isSpanish: reply.crisis?.language == "es" || language == "es"))
        }
    }

    /// The reply as a person reads it: the crisis panel, the words and quotations, where they are from, next steps.
    private static func page(_ reply: Reply, isSpanish: Bool) -> String {
        var blocks: [String] = []
        if let panel = reply.crisisPanel {
            let line = String(repeating: "=", count: 66)
            blocks.append([line, panel.plainText, line].joined(separator: "\n"))
        }
        if let disclosure = reply.disclosure { blocks.append(disclosure) }
        for (place, paragraph) in reply.paragraphs.enumerated() {
            guard let number = paragraph.citation, reply.citations.indices.contains(number) else {
                blocks.append(paragraph.text)
                continue
            }
            let citation = reply.citations[number]
            let next = reply.paragraphs.dropFirst(place + 1).first?.citation
            // One line for all the passages of an article.
            let isLast =
                next.map {
                    !reply.citations.indices.contains($0) || reply.citations[$0].articleID != citation.articleID
                } ?? true
            blocks.append(paragraph.text + (isLast ? "\n\n" + (isSpanish ? "De: " : "From: ") + citation.title : ""))
        }
        if !reply.suggestions.isEmpty { blocks.append(reply.suggestions.map { "  ? \($0)" }.joined(separator: "\n")) }
        if !reply.links.isEmpty {
            blocks.append(reply.links.map { "  > \($0.label)  \($0.path)" }.joined(separator: "\n"))
        }
        if let draft = reply.draftMessage {
            blocks.append((isSpanish ? "Mensaje preparado: " : "Message begun: ") + draft)
        }
        return blocks.joined(separator: "\n\n")
    }
}
