public import Logging
import Records
public import ServiceLifecycle

/// Does the queued work and stores what was spooled, for as long as the server runs.
public struct BackgroundWork: Service {
    private let portal: Portal
    private let mailer: any MailSending
    private let logger: Logger

    /// How often the queue is looked at. An idle look is one read.
    private static let interval: Duration = .milliseconds(500)
    /// The spool is looked at once in so many rounds.
    private static let roundsPerSpool = 20

    public init(portal: Portal, mailer: any MailSending, logger: Logger) {
        self.portal = portal
        self.mailer = mailer
        self.logger = logger
    }

    public func run() async throws {
        let runner = portal.workRunner(mailer: mailer) { [logger] item, error in
            logger.warning(
                "A piece of work failed",
                metadata: [
                    "work.kind": "\(item.kind)", "work.id": "\(item.id)", "work.attempts": "\(item.attempts)",
                    "error": "\(error)",
                ]
            )
        }
        await cancelWhenGracefulShutdown {
            async let outside: Void = rounds { _ in try await runner.drain(.outside) }
            await rounds { round in
                await portal.oversight.refusals.settle()
                try await runner.drain(.inside)
                guard round % Self.roundsPerSpool == 0 else { return }
                try await portal.chat.drainSpool()
                try await portal.articles.refresh()
                await signAudit()
            }
            await outside
        }
        await portal.oversight.refusals.settle(all: true)
    }

    private func rounds(_ body: @Sendable (_ round: Int) async throws -> Void) async {
        var round = 0
        while !Task.isCancelled {
            do {
                try await body(round)
            } catch is CancellationError {
                break
            } catch {
                logger.error("The work queue could not be read", metadata: ["error": "\(type(of: error))"])
            }
            round += 1
            try? await Task.sleep(for: Self.interval)
        }
    }

    /// The audit is signed from time to time. A folder that cannot be written stops nothing else.
    private func signAudit() async {
        do {
            _ = try await portal.oversight.checkpoints.writeWhenDue()
        } catch let error as AuditTailCut {
            logger.critical("The audit lost rows", metadata: ["error": "\(error)"])
        } catch {
            logger.warning("The audit's checkpoint could not be written", metadata: ["error": "\(type(of: error))"])
        }
    }
}
