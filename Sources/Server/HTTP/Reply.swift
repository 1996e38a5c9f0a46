public import HTTPTypes
public import Hummingbird
public import NIOCore

/// An answer with fields of its own, for an endpoint that declares `returns: Reply<Document>.self`.
public struct Reply<Document: Codable & Sendable>: Sendable {
    public let document: Document
    /// The declared status unless given.
    public let status: HTTPResponse.Status?
    public let headers: HTTPFields

    public init(_ document: Document, status: HTTPResponse.Status? = nil, headers: HTTPFields = [:]) {
        self.document = document
        self.status = status
        self.headers = headers
    }
}

/// An answer that is not JSON: a calendar, a PDF, a page.
public struct Media: Sendable {
    public let body: ResponseBody
    /// Under which name it is saved when it is downloaded; nil when it is shown.
    public let fileName: String?
    public let headers: HTTPFields

    public init(_ body: ResponseBody, fileName: String? = nil, headers: HTTPFields = [:]) {
        self.body = body
        self.fileName = fileName
        self.headers = headers
    }

    public init(_ text: String, fileName: String? = nil, headers: HTTPFields = [:]) {
        self.init(ResponseBody(byteBuffer: ByteBuffer(string: text)), fileName: fileName, headers: headers)
    }

    /// RFC 6266, with the name in RFC 8187's form, which has no quotes to break out of.
    var disposition: String? {
        fileName.map { name in
            let safe = name.utf8.map { byte in
                let isPlain =
                    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                    || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
                return isPlain
                    ? String(UnicodeScalar(byte))
                    : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
            return "attachment; filename*=UTF-8''\(safe.joined())"
        }
    }
}

/// The body of an endpoint that takes anything but JSON, as it came. What it is and whether that will do is for the handler.
public struct Upload: Sendable {
    public let bytes: ByteBuffer
    /// As the client gave it.
    public let contentType: String?
}

extension Upload: Decodable {
    /// Always throws: an upload is not read from JSON. Conforms so that `body: Upload.self` is declared like every body.
    public init(from decoder: any Decoder) throws {
        throw DecodingError.typeMismatch(
            Upload.self,
            .init(codingPath: decoder.codingPath, debugDescription: "an upload is not JSON")
        )
    }
}

/// The body of an endpoint that takes none.
public struct NoBody: Decodable, Sendable {}

/// The query of an endpoint that takes no parameters.
public struct NoQuery: Decodable, Sendable {}

extension Response {
    static func json(_ document: some Encodable, status: HTTPResponse.Status, headers: HTTPFields = [:]) throws
        -> Response
    {
        var headers = headers
        headers[.contentType] = "application/json"
        let bytes = try JSONCoding.encode(document)
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
