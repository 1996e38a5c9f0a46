import Foundation
public import Portal
import Records

/// An e-mail as it travels: RFC 5322, text and HTML side by side (RFC 2046), all of it in short lines of ASCII.
public struct InternetMessage: Sendable {
    public let sender: MailAddress
    public let recipient: MailAddress
    /// The whole message; lines end in CRLF.
    public let text: String

    public var bytes: [UInt8] { Array(text.utf8) }

    /// Throws ``Portal/MailFailure/permanent(reason:)`` when the recipient's address is none.
    public init(_ message: MailMessage, from sender: MailAddress) throws(MailFailure) {
        guard let recipient = MailAddress(message.to) else { throw .permanent(reason: "the address is not valid") }
        self.sender = sender
        self.recipient = recipient
        // In quoted-printable an equals sign is never followed by an underscore, so that this cannot occur in a part.
        let boundary = "=_\(message.id)"
        let language = message.language.filter { $0.isASCII && ($0.isLetter || $0 == "-") }
        func part(_ type: String, _ body: String) -> String {
            """
            --\(boundary)\r
            Content-Type: \(type); charset=utf-8\r
            Content-Transfer-Encoding: quoted-printable\r
            Content-Language: \(language)\r
            \r
            \(QuotedPrintable.encode(body))\r

            """
        }
        text = """
            From: \(HeaderText.phrase(message.senderName, column: 6))\r
             <\(sender)>\r
            To: \(recipient)\r
            Subject: \(HeaderText.unstructured(message.subject, column: 9))\r
            Date: \(Self.date(message.date.date))\r
            Message-ID: <\(message.id)@\(sender.domain)>\r
            Auto-Submitted: auto-generated\r
            MIME-Version: 1.0\r
            Content-Type: multipart/alternative;\r
             boundary="\(boundary)"\r
            \r

            """ + part("text/plain", message.text) + part("text/html", message.html) + "--\(boundary)--\r\n"
    }

    /// RFC 5322 § 3.3, in UTC.
    private static func date(_ date: Date) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        let parts = calendar.dateComponents([.weekday, .day, .month, .year, .hour, .minute, .second], from: date)
        let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        func name(_ names: [String], _ number: Int?) -> String {
            let index = (number ?? 1) - 1
            return names.indices.contains(index) ? names[index] : names[0]
        }
        func two(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return "\(name(days, parts.weekday)), \(two(parts.day)) \(name(months, parts.month)) \(parts.year ?? 1970) "
            + "\(two(parts.hour)):\(two(parts.minute)):\(two(parts.second)) +0000"
    }
}
