public import Foundation
import HummingbirdTLS
import NIOSSL

/// A certificate chain and its private key, read from PEM files.
public struct ServerCertificate: Sendable {
    let configuration: TLSConfiguration

    /// The files cannot be used to speak HTTPS.
    public struct Fault: Error, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// Throws ``Fault``, which names the file and the remedy and nothing of what is in it.
    ///
    /// - Parameters:
    ///   - certificate: the server's own certificate first, then those that lead up to the authority.
    ///   - key: without a pass phrase.
    public init(certificate: URL, key: URL) throws(Fault) {
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
        self.configuration = configuration
    }
}
