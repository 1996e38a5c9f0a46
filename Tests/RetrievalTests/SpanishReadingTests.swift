import Foundation
import Knowledge
import Testing

@testable import Retrieval

@Suite("Spanish reading level")
struct SpanishReadingTests {
    @Test(arguments: [
        ("sol", 1), ("casa", 2), ("ciudad", 2), ("aéreo", 4), ("país", 2), ("guitarra", 3), ("pingüino", 3),
        ("quien", 1),
        ("leer", 2), ("oído", 3), ("hay", 1), ("ley", 1), ("yo", 1), ("cuestionario", 4), ("verificación", 5),
        ("día", 2), ("baúl", 2), ("construir", 2), ("ahí", 2), ("Ñandú", 2), ("“Ajustes”,", 3),
        ("n\u{303}an\u{303}o", 2),
    ])
    func `syllables are counted as they are spoken`(_ word: String, _ count: Int) {
        #expect(ReadingLevel.spanishSyllables(word[...]) == count)
    }

    private static let easy = String(
        repeating: "Abra la página de su cita. Lea el día y la hora. Si no puede ir, toque el botón rojo. ",
        count: 4
    )
    private static let hard = String(
        repeating:
            "La cumplimentación administrativa correspondiente condiciona considerablemente la autorización institucional "
            + "subsiguiente, independientemente de consideraciones organizativas excepcionales. ",
        count: 4
    )

    @Test func `ease follows Fernández Huerta's formula`() throws {
        // 10 words of 19 syllables in 2 sentences, five times: 206.84 − 60 × 1.9 − 1.02 × 5.
        let text = String(repeating: "Mi casa tiene puertas verdes. Su perro come muchas manzanas. ", count: 5)
        let syllables = text.split(separator: " ").reduce(0) { $0 + ReadingLevel.spanishSyllables($1) }
        #expect(syllables == 5 * 19)
        let ease = try #require(ReadingLevel.ease(of: [text]))
        #expect(abs(ease - (206.84 - 60 * 1.9 - 1.02 * 5)) < 1e-9)
        #expect(ReadingLevel.ease(of: ["Pocas palabras."]) == nil)
        #expect(try #require(ReadingLevel.ease(of: [Self.easy])) > 80)
        #expect(try #require(ReadingLevel.ease(of: [Self.hard])) < 40)
    }

    private func check(_ body: String, blocks: Bool) -> [Diagnostic] {
        let text = """
            ---
            id: cita
            title: Su cita
            language: es
            audience: clients
            topics: [appointments]
            questions: [uno, dos, tres, cuatro, cinco, seis]
            links: []
            review_by: 2027-05-31
            sources: [Manual]
            ---
            \(body)
            """
        return Corpus.check(
            files: [KnowledgeFile(path: "es/cita.md", text: text)],
            portalPaths: [],
            liveFields: [],
            phoneNumbers: [],
            blocksHardReading: blocks
        )
    }

    @Test func `a Spanish article that is too hard is held back, and its hardest sentence named`() throws {
        #expect(check(Self.easy, blocks: true).isEmpty)
        let body = "\(Self.easy)\n\n\(Self.hard)\n\nEste es el final de todo el texto."
        let finding = try #require(check(body, blocks: true).first)
        #expect(finding.severity == .error)
        #expect(finding.message.contains("Fernández Huerta") && finding.message.contains("La cumplimentación"))
        #expect(finding.line == 14)
        #expect(check(body, blocks: false).first?.severity == .warning)
    }

    @Test func `every Spanish article of the repository reads like sixth grade or easier`() throws {
        let root = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let files = try KnowledgeFile.readAll(below: root.appending(path: "Corpus/es"), extensions: ["md"])
        #expect(files.count > 70)
        for file in files {
            let article = try #require(Article.parse(file).article)
            let texts = article.sections.flatMap(\.blocks).flatMap { block -> [String] in
                switch block {
                case .paragraph(let text): [text.plain]
                case .list(let items), .steps(let items): items.map(\.plain)
                }
            }
            #expect(try #require(ReadingLevel.ease(of: texts)) >= ReadingLevel.lowestEase, "\(file.path)")
        }
    }
}
