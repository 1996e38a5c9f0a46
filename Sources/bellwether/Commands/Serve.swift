import ArgumentParser
import Delivery
import Foundation
import Logging
import Portal
import Records
import Server
import ServiceLifecycle
import Store
import UnixSignals

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the portal.",
        discussion: """
            Stops on SIGTERM or SIGINT once the requests under way are answered. With --tls-certificate, reads certificate and \
            key again on SIGHUP.
            """
    )

    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on.")
    var port = 8080

    @OptionGroup var transport: TransportOptions

    @Flag(help: "Create a fictional demo practice if there is no practice yet, and say how to sign in.")
    var demo = false

    @OptionGroup var data: DataOptions
    @OptionGroup var mail: MailOptions
    @OptionGroup var languageModel: ModelOptions
    @OptionGroup var knowledge: KnowledgeOptions

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("The port is a number from 0 to 65535.") }
        try transport.validate(host: host)
    }

    func run() async throws {
        var configuration = try data.configuration(knowledge)
        configuration.publicAddress = try mail.publicAddress() ?? configuration.publicAddress
        configuration.qrCodes = QRCodes()
        configuration.languageModel = try languageModel.languageModel()
        let wayOut = try mail.wayOut(dataFolder: configuration.dataFolder)
        var options = HTTPServerOptions()
        options.host = host
        options.port = port
        try transport.apply(to: &options)
        if demo { try await createDemo(configuration) }
        let portal = try await DataOptions.open(configuration)
        var logger = Logger(label: "bellwether")
        logger.logLevel = .info
        let application = try buildApplication(
            portal: portal,
            options: options,
            logger: logger
        )
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: BackgroundWork(portal: portal, mailer: wayOut.mailer, logger: logger)),
                    .init(service: application),
                ]
                    + (options.certificate.map { certificate in
                        [.init(service: CertificateRenewal(certificate: certificate, logger: logger))]
                    } ?? []),
                gracefulShutdownSignals: [.sigterm, .sigint],
                logger: logger
            )
        )
        announce(configuration, mail: wayOut.name, encoder: portal.encoder)
        try await group.run()
        try portal.close()
    }

    private func announce(_ configuration: PortalConfiguration, mail: String, encoder: EncoderState) {
        let address = "\(transport.scheme)://\(host):\(port)"
        printLine("Bellwether serves on \(address)")
        printLine("  the API is described at \(address)/api/openapi.json")
        printLine(
            "  data is in \(configuration.dataFolder.path); keep a copy of \(configuration.masterKeyFile.path) apart from it"
        )
        printLine("  mail goes to \(mail)")
        printLine("  \(encoder.summary)")
        printLine(
            configuration.languageModel.map {
                "  answers may be worded by \($0.name) at \($0.server), where practice and client agreed to it"
            } ?? "  answers quote the articles; no language model is set up"
        )
        if case .broken(let error) = encoder { printLine("    \(error)") }
        let notes = Self.demoNotes(configuration)
        if let text = try? String(contentsOf: notes, encoding: .utf8) { printLine(text) }
    }

    private static func demoNotes(_ configuration: PortalConfiguration) -> URL {
        configuration.dataFolder.appending(path: "demo-accounts.txt")
    }

    private func createDemo(_ configuration: PortalConfiguration) async throws {
        let practice: DemoPractice?
        do {
            practice = try await DemoPractice.create(configuration)
        } catch {
            throw storeFailure(error)
        }
        guard let practice else { return }
        let people = practice.signIns.map { "    \($0.username)  \($0.who)" }.joined(separator: "\n")
        let text = """
            The fictional practice \(practice.name). Sign in as one of
            \(people)
            with the password \(practice.password)
            """
        let notes = Self.demoNotes(configuration)
        guard
            FileManager.default.createFile(
                atPath: notes.path,
                contents: Data(text.utf8),
                attributes: [.posixPermissions: 0o600]
            )
        else {
            throw failure(.cantCreate, "\(notes.path) cannot be written. Remove the data folder and try again.")
        }
    }
}
