import Assistant
import Foundation
import Records

/// What an editor may read of clients' questions. Editors see no client's record (`policy.yaml`), and a question can tell who
/// asked it; so its words are shown only
/// - when the client allowed it with their feedback, or
/// - when at least ``fewestClients`` different clients asked questions of this kind. Words that fewer of them used are then
///   left out, unless they stand in the published articles anyway: names and places are not among those.
///
/// Numbers and secrets are taken out in either case. An editor can always describe the gap in words of their own.
enum QuestionDisclosure {
    static let fewestClients = 3
    private static let hidden = "[…]"

    /// At most three questions of one gap, fit to be shown.
    static func examples(of questions: [AskedQuestion], publicWords: Set<String>) -> [String] {
        let released = questions.filter(\.isReleased).map { Redactor.redact($0.text).text }
        var examples = unique(released)
        if Set(questions.map(\.client)).count >= fewestClients {
            var clients: [String: Set<ID<Client>>] = [:]
            for question in questions {
                for word in words(of: question.text) { clients[word, default: []].insert(question.client) }
            }
            let shared = Set(clients.filter { $0.value.count >= fewestClients }.keys).union(publicWords)
            examples += unique(questions.filter { !$0.isReleased }.map { masked($0.text, keeping: shared) })
        }
        // Those with the fewest gaps say most.
        let ranked = unique(examples).enumerated().sorted { first, second in
            let gaps = (first.element.ranges(of: hidden).count, second.element.ranges(of: hidden).count)
            return gaps.0 == gaps.1 ? first.offset < second.offset : gaps.0 < gaps.1
        }
        return Array(ranked.map(\.element).prefix(3))
    }

    /// The words of the published articles.
    static func words(of text: String) -> Set<String> {
        Set(text.lowercased().split { !($0.isLetter || $0.isNumber || $0 == "'" || $0 == "’") }.map(String.init))
    }

    private static func masked(_ text: String, keeping shared: Set<String>) -> String {
        let words = Redactor.redact(text).text.split(whereSeparator: \.isWhitespace).map { word -> String in
            let plain = Self.words(of: String(word))
            return plain.isSubset(of: shared) && !word.contains(where: \.isNumber) ? String(word) : hidden
        }
        var result: [String] = []
        for word in words where word != hidden || result.last != hidden { result.append(word) }
        return result.joined(separator: " ")
    }

    private static func unique(_ texts: [String]) -> [String] {
        var seen: Set<String> = []
        return texts.filter { seen.insert($0.lowercased()).inserted }
    }
}
