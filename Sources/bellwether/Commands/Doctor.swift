import ArgumentParser
import Foundation
import Portal

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Examine the installation: database, audit chain, keys, work, spool, mail and language model.",
        discussion: "Exits with 65 when something is broken."
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var mail: MailOptions
    @OptionGroup var languageModel: ModelOptions
    @OptionGroup var output: OutputOptions

    private struct Document: Encodable {
        let verdict: Examined.Verdict
        let examined: [Examined]
    }

    func run() async throws {
        let portal = try await data.openPortal(knowledge)
        let model = try languageModel.languageModel()
        let wayOut = try mail.wayOut(dataFolder: portal.configuration.dataFolder)
        let examined: [Examined]
        do {
            examined =
                try await portal.examine() + [
                    portal.examineMail(wayOut: wayOut.name), portal.examineModel(server: model?.server),
                ]
        } catch {
            throw storeFailure(error)
        }
        let verdicts = examined.map(\.verdict)
        let verdict: Examined.Verdict =
            verdicts.contains(.broken) ? .broken : verdicts.contains(.attention) ? .attention : .sound
        switch output.format {
        case .json: printLine(try json(Document(verdict: verdict, examined: examined)))
        case .table:
            printLine(
                table(["subject", "verdict", "detail"], examined.map { [$0.subject, $0.verdict.rawValue, $0.detail] })
            )
            for finding in examined { if let remedy = finding.remedy { printLine("\(finding.subject): \(remedy).") } }
        }
        try portal.close()
        if verdict == .broken { throw ExitCode(Sysexit.dataError.rawValue) }
    }
}
