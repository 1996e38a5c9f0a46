public import NIOCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// An IP address, by its bytes: 4 for IPv4, 16 for IPv6. An IPv4 address that is written as IPv6 is the IPv4 address.
public struct NetworkAddress: Sendable, Hashable, CustomStringConvertible {
    let bytes: [UInt8]
    public let description: String

    /// Nil for text that is no address.
    public init?(_ text: String) {
        guard text.utf8.count <= 45, let address = try? SocketAddress(ipAddress: text, port: 0) else { return nil }
        self.init(address)
    }

    /// Nil for a Unix socket, which has no address.
    public init?(_ address: SocketAddress) {
        switch address {
        case .v4(let address):
            // After family and port. By offset, since which module `sin_addr` belongs to depends on what else is built.
            bytes = withUnsafeBytes(of: address.address) { Array($0.dropFirst(4).prefix(4)) }
        case .v6(let address):
            let all = withUnsafeBytes(of: address.address) { Array($0.dropFirst(8).prefix(16)) }
            let isMapped = all.prefix(10).allSatisfy { $0 == 0 } && all[10...11].allSatisfy { $0 == 0xFF }
            bytes = isMapped ? Array(all.suffix(4)) : all
        case .unixDomainSocket: return nil
        }
        description =
            bytes.count == 4
            ? bytes.map(String.init).joined(separator: ".") : address.ipAddress ?? "unknown"
    }

    /// Whether it is this machine itself.
    public var isLoopback: Bool {
        bytes.count == 4 ? bytes[0] == 127 : bytes.dropLast().allSatisfy { $0 == 0 } && bytes.last == 1
    }

    /// What counts as one place: an IPv4 address; of IPv6 the first half, which is what one connection is given to choose
    /// from (RFC 6177).
    var place: [UInt8] { bytes.count == 4 ? bytes : Array(bytes.prefix(8)) }
}

/// A block of addresses in CIDR notation, such as `10.0.0.0/8`, or one address.
public struct AddressBlock: Sendable, Hashable {
    private let bytes: [UInt8]
    private let prefix: Int

    /// Nil for text that is no block.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = NetworkAddress(String(first)) else { return nil }
        let length = parts.count == 2 ? Int(parts[1]) : address.bytes.count * 8
        guard let length, (0...(address.bytes.count * 8)).contains(length) else { return nil }
        bytes = address.bytes
        prefix = length
    }

    func contains(_ address: NetworkAddress) -> Bool {
        guard address.bytes.count == bytes.count else { return false }
        return zip(address.bytes, bytes).enumerated().allSatisfy { index, pair in
            let bits = min(8, max(0, prefix - index * 8))
            let mask = UInt8(truncatingIfNeeded: 0xFF00 >> bits)
            return pair.0 & mask == pair.1 & mask
        }
    }
}
