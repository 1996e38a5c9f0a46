/// Why a folder cannot serve as a sentence encoder.
public enum EncoderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A file of the folder is missing or cannot be read.
    case unreadable(file: String)
    /// A file is not what its name says.
    case malformed(file: String, reason: String)
    /// A file is sound, but asks for something that this encoder does not do.
    case unsupported(file: String, reason: String)
    /// A tensor of the weights is missing, damaged or of the wrong kind.
    case tensor(name: String, file: String, reason: String)

    public var description: String {
        switch self {
        case .unreadable(let file): "\(file): the file is missing or cannot be read"
        case .malformed(let file, let reason): "\(file): \(reason)"
        case .unsupported(let file, let reason): "\(file): \(reason), which this encoder does not support"
        case .tensor(let name, let file, let reason): "\(file): tensor \(name): \(reason)"
        }
    }
}
