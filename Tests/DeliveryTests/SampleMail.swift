import Delivery
import Portal
import Records

/// A message to send.
enum Sample {
    static let sender = MailAddress("portal@practice.example")

    static func message(
        to: String = "maya@mail.example",
        senderName: String = "Test Practice",
        subject: String = "Your sign-in link",
        text: String = "Hello,\n\nHere is the link.\n",
        html: String = "<p>Hello,</p>\n"
    ) -> MailMessage {
        MailMessage(
            id: ID(now: Timestamp(milliseconds: 1_741_014_000_000), random: Array(1...10)),
            to: to,
            senderName: senderName,
            subject: subject,
            text: text,
            html: html,
            language: "es",
            date: Timestamp(milliseconds: 1_741_014_000_000)
        )
    }
}
