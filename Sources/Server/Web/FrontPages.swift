import Assistant
import Hummingbird
import Portal
import Records

/// The pages that anybody sees: what this is, and where help is right now. They need no script and no session.
struct FrontPages: Sendable {
    let portal: Portal

    var endpoints: [Endpoint] {
        [
            page("/", "What this is") { language in try await front(language) },
            page("/help-now", "Where to get help now") { language in help(language) },
            Route(.get, "/style.css", "The pages' look", access: .anyone)
                .returns(media: "text/css; charset=utf-8") { _ in
                    Media(Self.style, headers: [.cacheControl: "public, max-age=3600"])
                },
        ]
    }

    private func page(_ path: String, _ summary: String, _ body: @escaping @Sendable (String) async throws -> String)
        -> Endpoint
    {
        Route(.get, path, summary, requirements: ["CRIS-01"], access: .anyone)
            .returns(media: "text/html; charset=utf-8") { call in
                Media(
                    try await body(call.language),
                    headers: [
                        .contentSecurityPolicy:
                            "default-src 'none'; style-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
                    ]
                )
            }
    }

    private func front(_ language: String) async throws -> String {
        let name = try await portal.directory.practices().first?.name ?? "Bellwether"
        return frame(
            language,
            title: name,
            """
            <h1>\(escape(name))</h1>
            <p>\(language == "es" ? "Este es el portal de clientes del consultorio. Aquí puede hacer preguntas sobre su atención y contestar los cuestionarios que le pide su terapeuta." : "This is the practice’s client portal. Here you can ask questions about your care and answer the questionnaires that your therapist asks for.")</p>
            <p>\(escape(portal.chat.disclosure(language: language, practiceName: name)))</p>
            <p class="quiet">\(language == "es" ? "Para programas" : "For programs"): <a href="/api/openapi.json">API</a></p>
            """
        )
    }

    private func help(_ language: String) -> String {
        let panel = portal.safetyNet.panel(for: .high, language: language, region: "US")
        let resources = PanelDocument(panel).resources.map { resource in
            var ways: [String] = []
            if let call = resource.call {
                ways.append(
                    "<a href=\"tel:\(escape(call.filter { $0.isNumber || $0 == "+" }))\">\(language == "es" ? "Llamar" : "Call") \(escape(call))</a>"
                )
            }
            if let text = resource.text { ways.append("\(language == "es" ? "Texto" : "Text"): \(escape(text))") }
            if let chat = resource.chat { ways.append(escape(chat)) }
            let hours = resource.hours.map { "<p class=\"quiet\">\(escape($0))</p>" } ?? ""
            return "<li><h2>\(escape(resource.name))</h2><p>\(ways.joined(separator: " · "))</p>\(hours)</li>"
        }
        return frame(
            language,
            title: language == "es" ? "Ayuda ahora" : "Help now",
            """
            <h1>\(language == "es" ? "Ayuda ahora" : "Help now")</h1>
            <p>\(language == "es" ? "Si hay peligro para la vida, llame al 911. Si piensa en el suicidio o necesita hablar con alguien, llame o escriba al 988 a cualquier hora." : "If a life is in danger, call 911. If you are thinking of suicide or need somebody to talk to, call or text 988 at any hour.")</p>
            <ul class="resources">\(resources.joined(separator: "\n"))</ul>
            <p>\(language == "es" ? "Nadie del consultorio vigila este portal para emergencias. No espere una respuesta aquí." : "Nobody at the practice watches this portal for emergencies. Please do not wait for an answer here.")</p>
            """
        )
    }

    private func frame(_ language: String, title: String, _ body: String) -> String {
        """
        <!DOCTYPE html>
        <html lang="\(language == "es" ? "es" : "en")">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>\(escape(title))</title>
        <link rel="stylesheet" href="/style.css">
        </head>
        <body>
        <a class="skip" href="#content">\(language == "es" ? "Ir al contenido" : "Skip to content")</a>
        <header><a class="home" href="/">\(language == "es" ? "Inicio" : "Home")</a><a class="help" href="/help-now">\(language == "es" ? "Ayuda ahora" : "Help now")</a></header>
        <main id="content">
        \(body)
        </main>
        </body>
        </html>
        """
    }

    private func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;").replacing(
            "\"",
            with: "&quot;"
        )
    }

    private static let style = """
        :root { color-scheme: light dark; --page: #faf8f4; --surface: #ffffff; --ink: #22303a; --muted: #566470;
          --line: #d8d3c8; --link: #155e75; --help: #8c2438; --on-help: #ffffff; --focus: #b4541a; }
        @media (prefers-color-scheme: dark) { :root { --page: #14191d; --surface: #1c2328; --ink: #e9e6df; --muted: #a9b4bb;
          --line: #364148; --link: #8ecbe0; --help: #f2a3ae; --on-help: #2a0d12; --focus: #f0a36b; } }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--ink); font: 18px/1.6 system-ui, sans-serif; }
        header { display: flex; justify-content: space-between; align-items: center; padding: 12px 16px; border-bottom: 1px solid var(--line); }
        main { max-width: 66ch; margin: 0 auto; padding: 32px 16px 72px; }
        h1 { font-size: 1.73em; line-height: 1.25; font-weight: 650; margin: 0 0 16px; }
        h2 { font-size: 1.2em; font-weight: 650; margin: 0 0 4px; }
        a { color: var(--link); }
        a:focus-visible { outline: 3px solid var(--focus); outline-offset: 2px; border-radius: 8px; }
        .home { min-height: 48px; display: inline-flex; align-items: center; }
        .help { min-height: 48px; display: inline-flex; align-items: center; padding: 0 24px; border-radius: 8px;
          background: var(--help); color: var(--on-help); font-weight: 650; text-decoration: none; }
        .skip { position: absolute; left: -999px; }
        .skip:focus { left: 16px; top: 8px; background: var(--surface); padding: 8px 12px; }
        .quiet { color: var(--muted); font-size: 0.9em; }
        .resources { list-style: none; margin: 24px 0 0; padding: 0; display: grid; gap: 16px; }
        .resources li { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 16px 24px; }
        .resources p { margin: 0; }
        .resources p a { display: inline-flex; align-items: center; min-height: 48px; font-weight: 650; }
        """
}
