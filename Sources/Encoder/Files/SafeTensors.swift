internal import COpenBLAS
internal import Foundation

/// A safetensors file: a table of named tensors, then their bytes.
///
/// Layout (https://github.com/huggingface/safetensors): the length of the table as 64 bits, little endian; the table as
/// JSON; the bytes. Nothing in the table is believed before it is checked.
struct SafeTensors {
    /// The format's own limit.
    static let longestTable = 100_000_000

    let file: String
    private let data: Data
    /// Where the tensors' bytes begin in `data`.
    private let start: Int
    private let entries: [String: Entry]
    /// What the file says of itself: names and texts.
    let metadata: [String: String]

    init(_ data: Data, file: String) throws(EncoderError) {
        guard data.count >= 8 else { throw .malformed(file: file, reason: "it is shorter than 8 bytes") }
        var length: UInt64 = 0
        for (place, byte) in data.prefix(8).enumerated() { length |= UInt64(byte) << UInt64(8 * place) }
        guard length <= UInt64(Self.longestTable) else {
            throw .malformed(file: file, reason: "its table claims \(length) bytes")
        }
        let end = 8 + Int(length)
        guard end <= data.count else { throw .malformed(file: file, reason: "it ends within its table") }
        let first = data.startIndex
        let table = try ModelFolder.decode(Table.self, from: data[(first + 8)..<(first + end)], file: file)
        entries = table.entries
        metadata = table.metadata
        self.file = file
        self.data = data
        start = first + end
    }

    func holds(_ name: String) -> Bool { entries[name] != nil }

    /// The extents of a tensor; nil when there is none of this name.
    func shape(of name: String) -> [Int]? { entries[name]?.shape }

    /// The tensor's numbers, row by row, as 32-bit floats. Throws unless it is there, whole, of this shape, and F32 or F16.
    func floats(_ name: String, shape: [Int]) throws(EncoderError) -> [Float] {
        func fault(_ reason: String) -> EncoderError { .tensor(name: name, file: file, reason: reason) }
        guard let entry = entries[name] else { throw fault("it is missing") }
        guard entry.shape == shape else { throw fault("its shape is \(entry.shape), not \(shape)") }
        let width: Int
        switch entry.dtype {
        case "F32": width = 4
        case "F16": width = 2
        default: throw fault("its numbers are \(entry.dtype), not F32 or F16")
        }
        var size = width
        for extent in shape {
            let (product, overflow) = size.multipliedReportingOverflow(by: extent)
            guard extent >= 0, !overflow else { throw fault("its size overflows") }
            size = product
        }
        guard entry.data_offsets.count == 2 else { throw fault("it has not two offsets") }
        let (begin, end) = (entry.data_offsets[0], entry.data_offsets[1])
        guard begin >= 0, begin <= end, end <= data.endIndex - start else { throw fault("it lies outside of the file") }
        guard end - begin == size else { throw fault("it has \(end - begin) bytes, not \(size)") }
        let bytes = data[(start + begin)..<(start + end)]
        let floats = width == 4 ? Self.singles(bytes) : Self.halves(bytes)
        guard Self.areFinite(floats) else { throw fault("it holds numbers that are not finite") }
        return floats
    }

    private static func singles(_ bytes: Data) -> [Float] {
        let floats = [Float](unsafeUninitializedCapacity: bytes.count / 4) { buffer, initialized in
            initialized = bytes.copyBytes(to: buffer) / 4
        }
        // A no-op where the machine is little endian, as nearly all are.
        return UInt16(littleEndian: 1) == 1
            ? floats : floats.map { Float(bitPattern: UInt32(littleEndian: $0.bitPattern)) }
    }

    private static func halves(_ bytes: Data) -> [Float] {
        bytes.withUnsafeBytes { raw in
            (0..<raw.count / 2).map { place in
                HalfFloat.single(
                    UInt16(littleEndian: raw.loadUnaligned(fromByteOffset: place * 2, as: UInt16.self))
                )
            }
        }
    }

    /// The sum of their magnitudes is finite only if all are.
    private static func areFinite(_ floats: [Float]) -> Bool {
        Int32(exactly: floats.count).map { cblas_sasum($0, floats, 1).isFinite } ?? false
    }

    // Named as in the file.
    // swift-format-ignore: AlwaysUseLowerCamelCase
    private struct Entry: Decodable {
        let dtype: String
        let shape: [Int]
        let data_offsets: [Int]
    }

    private struct Table: Decodable {
        var entries: [String: Entry] = [:]
        var metadata: [String: String] = [:]

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Name.self)
            for name in container.allKeys {
                if name.stringValue == "__metadata__" {
                    metadata = try container.decode([String: String].self, forKey: name)
                } else {
                    entries[name.stringValue] = try container.decode(Entry.self, forKey: name)
                }
            }
        }
    }

    private struct Name: CodingKey {
        let stringValue: String
        let intValue: Int? = nil
        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}
