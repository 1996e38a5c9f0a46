import ArgumentParser
import Delivery
import Foundation
import Portal

/// How mail leaves the house. A password never stands on the command line, where others on the machine can read it.
struct MailOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Folder that mail is written to as .eml files. Default: $BELLWETHER_MAIL_FOLDER, else mail in the data folder. Not used with a mail server.",
            valueName: "folder"
        )
    )
    var mailFolder: String?

    @Option(
        help: ArgumentHelp(
            "Mail server, such as smtp://user@host:587 or smtps://user@host:465. Default: $BELLWETHER_SMTP_URL.",
            discussion:
                "Its password is read from the file $BELLWETHER_SMTP_PASSWORD_FILE, or from $BELLWETHER_SMTP_PASSWORD.",
            valueName: "url"
        )
    )
    var smtpURL: String?

    @Option(
        help: ArgumentHelp("Sender's address. Default: $BELLWETHER_MAIL_FROM.", valueName: "address")
    )
    var mailFrom: String?

    @Option(
        help: ArgumentHelp(
            "Where people reach the portal, for links in mail. Default: $BELLWETHER_PUBLIC_URL.",
            valueName: "url"
        )
    )
    var publicURL: String?

    /// The way out that is configured, and what it is called.
    struct WayOut {
        let mailer: any MailSending
        let name: String
    }

    private var environment: [String: String] { ProcessInfo.processInfo.environment }

    private func setting(_ argument: String?, _ name: String) -> String? {
        let value = argument ?? environment[name]
        return value.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The portal's own address; nil when none is given. Throws an exit code for one that is none.
    func publicAddress() throws -> URL? {
        guard let text = setting(publicURL, "BELLWETHER_PUBLIC_URL") else { return nil }
        guard let url = URL(string: text), ["http", "https"].contains(url.scheme ?? ""), url.host != nil else {
            throw failure(.config, "BELLWETHER_PUBLIC_URL should be an address such as https://portal.example.org.")
        }
        return url
    }

    /// Throws an exit code that says what is wrong with the settings.
    func wayOut(dataFolder: URL) throws -> WayOut {
        let server = setting(smtpURL, "BELLWETHER_SMTP_URL")
        let from = setting(mailFrom, "BELLWETHER_MAIL_FROM") ?? (server == nil ? "portal@localhost" : nil)
        guard let from, let sender = MailAddress(from) else {
            throw failure(
                .config,
                "Say in BELLWETHER_MAIL_FROM which address mail is sent from, such as portal@example.org."
            )
        }
        guard let server else {
            let folder =
                setting(mailFolder, "BELLWETHER_MAIL_FOLDER").map { URL(filePath: $0, directoryHint: .isDirectory) }
                ?? dataFolder.appending(path: "mail", directoryHint: .isDirectory)
            return WayOut(mailer: MailFolder(folder, from: sender), name: "files in the folder \(folder.path)")
        }
        do {
            let settings = try SMTPSettings(
                url: server,
                password: try password(),
                authorities: setting(nil, "BELLWETHER_SMTP_CA")
            )
            return WayOut(mailer: SMTPMailer(settings, from: sender), name: "mail server \(settings.summary)")
        } catch let fault as SMTPSettings.Fault {
            throw failure(.config, fault.description)
        }
    }

    private func password() throws -> String? {
        guard let path = setting(nil, "BELLWETHER_SMTP_PASSWORD_FILE") else {
            return setting(nil, "BELLWETHER_SMTP_PASSWORD")
        }
        guard let text = try? String(contentsOf: URL(filePath: path), encoding: .utf8) else {
            throw failure(.noInput, "The file \(path) of the mail server's password cannot be read.")
        }
        return text.split(whereSeparator: \.isNewline).first.map(String.init)
    }
}
