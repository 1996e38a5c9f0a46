import Foundation
import Records

extension MailWording {
    /// The language that somebody with `locale`, such as `es-MX`, reads.
    public static func language(for locale: String) -> String {
        let language = locale.lowercased().split { $0 == "-" || $0 == "_" }.first.map(String.init) ?? ""
        return languages.contains(language) ? language : languages[0]
    }

    /// A message of `practice`, ready to go.
    ///
    /// Throws ``MailFailure/permanent(reason:)`` when there is no such wording, or when a parameter is missing, since a
    /// message with a gap in it must not go out.
    func render(_ request: MailRequest, id: ID<MailRecord>, practice: Practice, date: Timestamp) throws(MailFailure)
        -> MailMessage
    {
        let language = Self.language(for: request.locale)
        guard let template = MailTemplate(rawValue: request.template), let frame = frames[language],
            let words = words[language]?[template]
        else { throw .permanent(reason: "there is no wording of that name") }
        var values = ["practice": practice.name]
        for parameter in template.parameters {
            guard let value = request.parameters[parameter.rawValue], !value.isEmpty else {
                throw .permanent(reason: "the parameter \(parameter.rawValue) is missing")
            }
            values[parameter.rawValue] =
                Self.oneLine(
                    parameter.isMoment ? Self.moment(value, language: language, timeZone: practice.timeZone) : value
                )
        }
        let link = template.parameters.contains(.link) ? values["link"] : nil
        if let link {
            // A link is shown as it is and opened by a click.
            guard link.hasPrefix("https://") || link.hasPrefix("http://"), !link.contains(where: \.isWhitespace) else {
                throw .permanent(reason: "the link is none")
            }
        }
        if let phone = practice.phone { values["phone"] = phone }
        func fill(_ text: String) -> String { MailGaps.fill(text, values) }
        let before = words.paragraphs.map(fill)
        let after = [fill(words.notYou)] + (practice.phone == nil ? [] : [fill(frame.contact)])
        let small = [fill(frame.footer), fill(frame.emergency)]
        return MailMessage(
            id: id,
            to: request.to,
            senderName: practice.name,
            subject: fill(words.subject),
            text: ([frame.greeting] + before + (link.map { ["\(words.button ?? ""):\n\($0)"] } ?? []) + after
                + small).joined(separator: "\n\n") + "\n",
            html: MailPage(
                language: language,
                title: fill(words.subject),
                greeting: frame.greeting,
                before: before,
                button: link.map { (words.button ?? "", $0, frame.linkHint) },
                after: after,
                small: small
            ).html,
            language: language,
            date: date
        )
    }

    /// What is filled in begins no line of its own.
    private static func oneLine(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.properties.generalCategory != .control }))
    }

    /// A moment as people write it, with its time zone. What is no number stays as it is.
    private static func moment(_ text: String, language: String, timeZone: String) -> String {
        guard let milliseconds = Int64(text) else { return text }
        let style = Date.FormatStyle(
            date: .long,
            time: .shortened,
            locale: Locale(identifier: language == "en" ? "en_US" : language),
            timeZone: TimeZone(identifier: timeZone) ?? .gmt
        ).timeZone(.specificName(.short))
        return Timestamp(milliseconds: milliseconds).date.formatted(style)
            // A narrow no-break space is more than some mail programs show.
            .replacing("\u{202F}", with: " ")
    }
}

/// The plainest page that mail programs show alike: no pictures, no styles that are loaded, one column.
private struct MailPage {
    let language: String
    let title: String
    let greeting: String
    let before: [String]
    let button: (label: String, link: String, hint: String)?
    let after: [String]
    let small: [String]

    var html: String {
        let action =
            button.map { button in
                """
                <p style="margin:24px 0"><a href="\(escape(button.link))" style="display:inline-block;padding:12px 24px;\
                border-radius:8px;background:#1d6a66;color:#ffffff;text-decoration:none">\(escape(button.label))</a></p>
                <p style="color:#566470">\(escape(button.hint))<br>\(escape(button.link))</p>
                """
            } ?? ""
        return """
            <!DOCTYPE html>
            <html lang="\(language)">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>\(escape(title))</title></head>
            <body style="margin:0;background:#faf8f4;color:#22303a;font:18px/1.6 system-ui,sans-serif">
            <div style="max-width:38em;margin:0 auto;padding:24px">
            \(paragraphs([greeting] + before))
            \(action)
            \(paragraphs(after))
            <hr style="border:0;border-top:1px solid #d8d3c8">
            \(paragraphs(small, style: " style=\"color:#566470;font-size:16px\""))
            </div>
            </body>
            </html>

            """
    }

    private func paragraphs(_ texts: [String], style: String = "") -> String {
        texts.map { "<p\(style)>\(escape($0))</p>" }.joined(separator: "\n")
    }

    private func escape(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("'", with: "&#39;")
    }
}
