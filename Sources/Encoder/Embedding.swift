public import Foundation

/// The meaning of a text as a vector: texts that mean nearly the same have vectors that point nearly the same way.
///
/// Those that a ``SentenceEncoder`` makes have length 1. Vectors of different encoders cannot be compared: keep
/// ``SentenceEncoder/identity`` beside those that are stored.
public struct Embedding: Sendable, Hashable {
    public let values: [Float]

    public init(values: [Float]) { self.values = values }

    /// Number of components.
    public var dimension: Int { values.count }

    /// The dot product. Of two vectors of length 1 it is their cosine. 0 when the dimensions differ.
    public func dot(_ other: Embedding) -> Float {
        guard dimension == other.dimension else { return 0 }
        var sum: Float = 0
        for (a, b) in zip(values, other.values) { sum += a * b }
        return sum
    }

    /// How alike the two are, −1…1, whatever their lengths. 0 when the dimensions differ or one has length 0.
    public func cosine(_ other: Embedding) -> Float {
        let lengths = (dot(self) * other.dot(other)).squareRoot()
        return lengths > 0 ? dot(other) / lengths : 0
    }

    /// The components as 32-bit floats, little endian, for storage.
    public var data: Data {
        var data = Data(capacity: values.count * 4)
        for value in values {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
        return data
    }

    /// Reads what ``data`` wrote. Nil when the bytes are not a whole number of finite 32-bit floats.
    public init?(data: Data) {
        guard data.count.isMultiple(of: 4) else { return nil }
        var values: [Float] = []
        values.reserveCapacity(data.count / 4)
        var bits: UInt32 = 0
        for (place, byte) in data.enumerated() {
            bits |= UInt32(byte) << UInt32(8 * (place % 4))
            guard place % 4 == 3 else { continue }
            let value = Float(bitPattern: bits)
            guard value.isFinite else { return nil }
            values.append(value)
            bits = 0
        }
        self.values = values
    }
}
