public import Foundation
import HummingbirdTLS
import NIOCore
import NIOSSL
import Synchronization

/// A certificate chain and its private key, read from PEM files, and read again when they are renewed.
public struct ServerCertificate: Sendable {
    private let certificate: URL
    private let key: URL
    private let inUse: InUse
    let configuration: TLSConfiguration

    /// The files cannot be used to speak HTTPS.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// What new connections are shown.
    private final class InUse: Sendable {
        private let pair: Mutex<NIOSSLContextConfigurationOverride>

        init(_ pair: NIOSSLContextConfigurationOverride) { self.pair = Mutex(pair) }

        var present: NIOSSLContextConfigurationOverride {
            get { pair.withLock { $0 } }
            set { pair.withLock { $0 = newValue } }
        }
    }

    /// Throws ``Fault``, which names the file and the remedy and nothing of what is in it.
    ///
    /// - Parameters:
    ///   - certificate: the server's own certificate first, then those that lead up to the authority.
    ///   - key: without a pass phrase.
    public init(certificate: URL, key: URL) throws(Fault) {
        self.certificate = certificate
        self.key = key
        let (configuration, pair) = try Self.read(certificate, key)
        let inUse = InUse(pair)
        self.inUse = inUse
        var renewable = configuration
        renewable.sslContextCallback = { _, promise in promise.succeed(inUse.present) }
        self.configuration = renewable
    }

    /// Reads the files again. Connections from now on are shown what is in them; those that are open go on.
    ///
    /// Throws ``Fault`` for files that cannot be used; the certificate from before stays in use then.
    public func reload() throws(Fault) { inUse.present = try Self.read(certificate, key).pair }

    private static func read(_ certificate: URL, _ key: URL) throws(Fault) -> (
        configuration: TLSConfiguration, pair: NIOSSLContextConfigurationOverride
    ) {
        let chain: [NIOSSLCertificate]
        do {
            chain = try NIOSSLCertificate.fromPEMFile(certificate.path)
        } catch {
            throw Fault(description: "\(certificate.path) cannot be read as a PEM certificate chain.")
        }
        guard !chain.isEmpty else {
            throw Fault(description: "\(certificate.path) holds no certificate.")
        }
        let privateKey: NIOSSLPrivateKey
        do {
            privateKey = try NIOSSLPrivateKey(file: key.path, format: .pem)
        } catch {
            throw Fault(description: "\(key.path) cannot be read as a PEM private key without a pass phrase.")
        }
        var pair = NIOSSLContextConfigurationOverride()
        pair.certificateChain = chain.map { .certificate($0) }
        pair.privateKey = .privateKey(privateKey)
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) },
            privateKey: .privateKey(privateKey)
        )
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["http/1.1"]
        do {
            // Reads both together, and so finds a key that does not belong to the certificate.
            _ = try NIOSSLContext(configuration: configuration)
        } catch {
            throw Fault(
                description:
                    "The key \(key.path) does not belong to the certificate \(certificate.path), or neither can be used."
            )
        }
        return (configuration, pair)
    }
}
