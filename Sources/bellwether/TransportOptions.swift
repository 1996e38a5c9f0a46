import ArgumentParser
import Foundation
import Server

/// How what is sent to the server is kept from others on the way.
struct TransportOptions: ParsableArguments {
    @Option(help: "PEM file of the certificate chain to speak HTTPS with.", completion: .file())
    var tlsCertificate: String?

    @Option(help: "PEM file of the certificate's private key, without a pass phrase.", completion: .file())
    var tlsKey: String?

    @Option(
        parsing: .upToNextOption,
        help: "Addresses or blocks, such as 10.0.0.0/8, of your own proxies that speak HTTPS in front of this server."
    )
    var trustedProxy: [String] = []

    @Flag(help: "Speak plain HTTP on an address that others can reach, without a proxy. For development only.")
    var insecure = false

    var scheme: String { tlsCertificate == nil ? "http" : "https" }

    func validate(host: String) throws {
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("Give both --tls-certificate and --tls-key, or neither.")
        }
        for proxy in trustedProxy where AddressBlock(proxy) == nil {
            throw ValidationError("\(proxy) is no address and no block of addresses, such as 192.0.2.7 or 10.0.0.0/8.")
        }
        guard tlsCertificate != nil || !trustedProxy.isEmpty || insecure || isLoopback(host) else {
            throw ValidationError(
                """
                Plain HTTP on \(host) would send health data readable to others on the way. Give --tls-certificate and \
                --tls-key, or --trusted-proxy with the address of your HTTPS proxy; for development, --insecure.
                """
            )
        }
    }

    private func isLoopback(_ host: String) -> Bool {
        host == "localhost" || NetworkAddress(host)?.isLoopback == true
    }

    func apply(to options: inout HTTPServerOptions) throws {
        options.trustedProxies = trustedProxy.compactMap { AddressBlock($0) }
        options.isStrictTransport = tlsCertificate != nil || !trustedProxy.isEmpty
        guard let tlsCertificate, let tlsKey else { return }
        do {
            options.certificate = try ServerCertificate(
                certificate: URL(filePath: tlsCertificate),
                key: URL(filePath: tlsKey)
            )
        } catch {
            throw failure(.config, error.description)
        }
    }
}
