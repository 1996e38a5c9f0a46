internal import Foundation

/// Reads the files of a sentence-transformers folder.
struct ModelFolder {
    static let weights = "model.safetensors"
    static let tokenizer = "tokenizer.json"

    let url: URL

    func data(_ file: String) throws(EncoderError) -> Data {
        do {
            return try Data(contentsOf: url.appending(path: file))
        } catch {
            throw .unreadable(file: url.appending(path: file).path)
        }
    }

    func holds(_ file: String) -> Bool {
        FileManager.default.fileExists(atPath: url.appending(path: file).path)
    }

    func json<Value: Decodable>(_ type: Value.Type, from file: String) throws(EncoderError) -> Value {
        try Self.decode(type, from: data(file), file: file)
    }

    /// Nil when the folder does not have the file.
    func optionalJSON<Value: Decodable>(_ type: Value.Type, from file: String) throws(EncoderError) -> Value? {
        holds(file) ? try json(type, from: file) : nil
    }

    static func decode<Value: Decodable>(_ type: Value.Type, from data: Data, file: String) throws(EncoderError)
        -> Value
    {
        do {
            return try JSONDecoder().decode(type, from: data)
        } catch {
            throw .malformed(file: file, reason: reason(error))
        }
    }

    private static func reason(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "it is not JSON" }
        func name(_ path: [any CodingKey]) -> String { path.map(\.stringValue).joined(separator: ".") }
        return switch error {
        case .keyNotFound(let key, let context): "\(name(context.codingPath + [key])) is missing"
        case .valueNotFound(_, let context): "\(name(context.codingPath)) is null"
        case .typeMismatch(_, let context): "\(name(context.codingPath)) is not of the expected kind"
        case .dataCorrupted(let context) where !context.codingPath.isEmpty:
            "\(name(context.codingPath)) is out of range"
        case .dataCorrupted: "it is not JSON"
        @unknown default: "it is not JSON"
        }
    }
}
