import Logging
import Server
import ServiceLifecycle
import UnixSignals

/// Takes up a renewed certificate on SIGHUP, as the programs that renew them send it, without a restart.
struct CertificateRenewal: Service {
    let certificate: ServerCertificate
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                try certificate.reload()
                logger.notice("certificate renewed")
            } catch {
                logger.error(
                    "certificate not renewed; the one from before stays in use",
                    metadata: ["fault": "\(error)"]
                )
            }
        }
    }
}
