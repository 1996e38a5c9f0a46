import Foundation
import HTMLImport
public import Knowledge
public import Records
import Retrieval

/// An HTML page that became a draft: what was left out of it, and what is still to be done before it can be published.
public struct ImportedDraft: Sendable {
    public let slug: String
    public let draft: ArticleDraft
    /// Everything that was left out, with the line of the page.
    public let dropped: [Diagnostic]
    public let check: ContentCheckReport
}

extension ArticleEditing {
    /// Largest page that is taken in, in bytes.
    public static let longestPage = ImportedPage.longest

    /// Makes a draft of an HTML page, from the web or a word processor. Nothing of the page runs and nothing is fetched; the
    /// draft has the page's words in the format of articles, and goes the way of every other draft.
    ///
    /// Throws `Refusal.invalid` for a file that holds no text or too much, and `Refusal.conflict` when there is an article of
    /// this name already.
    ///
    /// - Parameters:
    ///   - file: name of the file, which is noted as the source.
    ///   - slug: name of the article; made from its title unless given.
    ///   - language: `en` or `es`; as the page says unless given, and English when it does not.
    public func takePage(
        _ bytes: [UInt8],
        file: String,
        slug: String? = nil,
        language: String? = nil,
        as principal: Principal
    ) async throws -> ImportedDraft {
        try await gate.open("IMPORT_PAGE", as: principal) { _ in }
        let paths = checker(surroundings.now()).rules.portalPaths
        let page: ImportedPage
        do {
            page = try ImportedPage.read(bytes) { address in
                paths.contains(String(address.prefix { $0 != "#" && $0 != "?" }))
                    || address.hasPrefix("/portal/library/")
            }
        } catch {
            throw Refusal.invalid(pointer: "", message: "\(error)", remedy: "Send one HTML page with text in it")
        }
        let name = file.split(whereSeparator: { $0 == "/" || $0 == "\\" }).last.map { String($0.prefix(100)) } ?? "page"
        let title = page.title ?? String(name.prefix { $0 != "." })
        let slug = slug ?? Self.slug(of: title)
        let declared = page.language.flatMap { ["en", "es"].contains($0) ? $0 : nil }
        let reviewBy = surroundings.now().adding(.seconds(365 * 86_400)).day(in: .gmt)
        let source = """
            ---
            id: \(slug)
            title: \(Self.quoted(title))
            language: \(language ?? declared ?? "en")
            audience: clients
            topics: []
            questions: []
            links: []
            review_by: \(reviewBy)
            sources:
              - \(Self.quoted("Imported from \(name)"))
            ---
            \(page.markdown)
            """
        let draft = try await create(source, note: "Imported from \(name)", as: principal)
        return ImportedDraft(
            slug: slug,
            draft: draft,
            dropped: page.diagnostics(file: name),
            check: try await report(on: draft, slug, principal.practiceID)
        )
    }

    /// Lower-case letters, digits and hyphens.
    private static func slug(of title: String) -> String {
        let folded = title.folding(options: [.diacriticInsensitive, .caseInsensitive], locale: nil)
        let words = folded.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let slug = words.prefix(6).joined(separator: "-").prefix(60)
        return slug.isEmpty ? "imported-page" : String(slug)
    }

    /// A text in YAML's double quotation marks.
    private static func quoted(_ text: String) -> String {
        let clean = text.unicodeScalars.filter { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) }
        let escaped = String(String.UnicodeScalarView(clean)).replacing("\\", with: "\\\\").replacing(
            "\"",
            with: "\\\""
        )
        return "\"\(escaped)\""
    }
}
