// Times what a chat message waits for, on one core: the crisis screen, a whole reply over the shipped articles, and search
// in a corpus of at least 10,000 passages, with the time that building its index takes. The messages are those of the
// labelled sets; the large corpus is the shipped articles again and again, with part of their words replaced.
// Usage: AnsweringBenchmark [home folder [passages]]

import Assistant
import Foundation
import Measuring
import Retrieval

struct LabelledMessage: Decodable {
    let text: String
}

let home = URL(filePath: CommandLine.arguments.dropFirst().first ?? "..", directoryHint: .isDirectory)
let wantedPassages = max(1, Int(CommandLine.arguments.dropFirst(2).first ?? "") ?? 10_000)

func messages(_ file: String) throws -> [String] {
    let lines = try Data(contentsOf: home.appending(path: "Tests/Evaluation/\(file)")).split(
        separator: UInt8(ascii: "\n")
    )
    return try lines.map { try JSONDecoder().decode(LabelledMessage.self, from: Data($0)).text }
}

/// The article under another name, every third longer word replaced by one of 50,000 made-up words.
func variant(of article: Article, number: Int, random: inout Random) -> Article {
    let body = article.body.split(separator: " ", omittingEmptySubsequences: false).map { word in
        word.count > 4 && word.allSatisfy(\.isLetter) && Int.random(in: 0..<3, using: &random) == 0
            ? "w" + String(Int.random(in: 0..<50_000, using: &random), radix: 26) : String(word)
    }
    return Article(
        id: "\(article.id)-\(number)",
        title: "\(article.title) \(number)",
        questions: article.questions,
        body: body.joined(separator: " ")
    )
}

do {
    let prompts = try Prompts(directory: home.appending(path: "Prompts", directoryHint: .isDirectory))
    let shipped = try Corpus(directory: home.appending(path: "Corpus", directoryHint: .isDirectory)).articles
    let lexicon = try Lexicon(directory: home.appending(path: "Prompts/search", directoryHint: .isDirectory))
    let questions = try messages("answers.jsonl")
    let all = try messages("development/crisis.jsonl") + messages("development/guardrails.jsonl") + questions

    let screen = CrisisScreen(prompts)
    var screening = Times()
    for text in all { _ = screening.measure { screen.screen(text) } }
    print("crisis screen: \(screening.summary)")

    let index = SearchIndex(articles: shipped, lexicon: lexicon)
    let assistant = Assistant(prompts: prompts, index: index)
    var replying = Times()
    for text in all { _ = replying.measure { assistant.reply(to: text, in: ReplyContext(now: 0)) } }
    print("reply over \(index.passageCount) passages: \(replying.summary)")

    var random = Random(seed: 7)
    var articles = shipped
    let copies = (wantedPassages + index.passageCount - 1) / max(1, index.passageCount)
    for number in 1..<max(2, copies) {
        articles += shipped.map { variant(of: $0, number: number, random: &random) }
    }
    var indexing = Times()
    var large = index
    for _ in 1...5 { large = indexing.measure { SearchIndex(articles: articles, lexicon: lexicon) } }
    print("index of \(large.passageCount) passages: \(indexing.summary)")

    var searching = Times()
    for text in questions { _ = searching.measure { large.search(text) } }
    print("search in \(large.passageCount) passages: \(searching.summary)")
} catch {
    print(error)
    exit(66)
}
