import Hummingbird

/// The path of an endpoint, such as `/api/v1/clients/{client}/assessments`. A parameter is a whole segment, or a segment
/// with a fixed ending: `{token}.ics`.
struct PathTemplate: Sendable, Hashable {
    enum Segment: Sendable, Hashable {
        case literal(String)
        case parameter(String, ending: String)
    }

    let text: String
    let segments: [Segment]

    /// Nil unless `text` is a template: begins with a slash, does not end with one, and every brace is part of a parameter.
    init?(_ text: String) {
        guard text == "/" || (text.hasPrefix("/") && !text.hasSuffix("/") && !text.contains("//")) else { return nil }
        var segments: [Segment] = []
        for part in text.split(separator: "/") {
            guard let segment = Segment(part) else { return nil }
            segments.append(segment)
        }
        self.text = text
        self.segments = segments
        guard Set(parameters).count == parameters.count else { return nil }
    }

    var parameters: [String] {
        segments.compactMap { if case .parameter(let name, _) = $0 { name } else { nil } }
    }

    /// The template with its parameters nameless: two templates with the same match the same paths.
    var pattern: String {
        "/"
            + segments.map { segment in
                switch segment {
                case .literal(let literal): literal
                case .parameter(_, let ending): "{}\(ending)"
                }
            }.joined(separator: "/")
    }

    var routerPath: RouterPath { RouterPath(text) }

    /// The area of the service that the path belongs to: `portal/chat`, `clients`, `system`.
    var area: String {
        let words = segments.compactMap { if case .literal(let literal) = $0 { literal } else { nil } }
        guard words.first == "api", words.count > 2 else { return "system" }
        return words[2] == "portal" && words.count > 3 ? "portal/\(words[3])" : words[2]
    }

    /// `portalChatConversationsByConversationMessages`
    var camelCase: String {
        segments.drop { $0 == .literal("api") || $0 == .literal("v1") }.map { segment in
            switch segment {
            case .literal(let literal): Self.capitalized(literal)
            case .parameter(let name, let ending): "By" + Self.capitalized(name) + Self.capitalized(ending)
            }
        }.joined()
    }

    private static func capitalized(_ text: String) -> String {
        text.split { !$0.isLetter && !$0.isNumber }.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }
}

extension PathTemplate.Segment {
    init?(_ part: Substring) {
        guard part.contains(where: { $0 == "{" || $0 == "}" }) else {
            // What the router would read as a pattern of its own.
            guard !part.contains("*"), part.first != ":" else { return nil }
            self = .literal(String(part))
            return
        }
        guard part.first == "{", let end = part.firstIndex(of: "}") else { return nil }
        let name = part[part.index(after: part.startIndex)..<end]
        let ending = part[part.index(after: end)...]
        guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLowercase || $0 == "_") }),
            !ending.contains(where: { "{}*".contains($0) })
        else { return nil }
        self = .parameter(String(name), ending: String(ending))
    }
}
