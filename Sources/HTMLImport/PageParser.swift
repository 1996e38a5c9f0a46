import CLibXML2

/// Runs libxml2's HTML parser over a page and tells a ``PageReader`` what it comes upon. The parser repairs what is not
/// closed or wrongly nested; it fetches nothing, knows HTML's own entities only, and builds no tree.
struct PageParser {
    /// Bytes given to the parser at a time.
    private static let step = 4096
    /// Longest tag with its attributes, in bytes: libxml2 compares every attribute of a tag with all before it.
    private static let longestTag = 16_384
    /// Bound on end tags times open elements: libxml2 looks through all open elements for each end tag.
    private static let mostWork = 100_000_000

    /// - Parameter bytes: valid UTF-8 without NUL.
    static func run(_ bytes: [UInt8], _ reader: PageReader) {
        xmlInitParser()
        var handler = htmlSAXHandler()
        handler.startElement = { context, name, attributes in
            guard let reader = PageParser.reader(context), let name else { return }
            reader.start(String(cString: name), PageParser.attributes(attributes))
        }
        handler.endElement = { context, name in
            guard let reader = PageParser.reader(context), let name else { return }
            reader.end(String(cString: name))
        }
        handler.characters = { context, text, count in
            guard let reader = PageParser.reader(context), let text, count > 0 else { return }
            reader.characters(UnsafeBufferPointer(start: text, count: Int(count)))
        }
        handler.ignorableWhitespace = handler.characters
        handler.cdataBlock = { context, text, count in
            guard let reader = PageParser.reader(context), let text, count > 0 else { return }
            reader.raw(String(decoding: UnsafeBufferPointer(start: text, count: Int(count)), as: UTF8.self))
        }
        handler.comment = { context, _ in PageParser.reader(context)?.comment() }

        withExtendedLifetime(reader) {
            guard
                let parser = htmlCreatePushParserCtxt(
                    &handler,
                    Unmanaged.passUnretained(reader).toOpaque(),
                    nil,
                    0,
                    nil,
                    XML_CHAR_ENCODING_UTF8
                )
            else { return reader.stop() }
            reader.position = { parser.pointee.input.map { Int($0.pointee.line) } ?? 1 }
            defer {
                reader.position = { 1 }
                htmlFreeParserCtxt(parser)
            }
            let options =
                HTML_PARSE_RECOVER.rawValue | HTML_PARSE_NOERROR.rawValue | HTML_PARSE_NOWARNING.rawValue
                | HTML_PARSE_NONET.rawValue | HTML_PARSE_IGNORE_ENC.rawValue
            htmlCtxtUseOptions(parser, Int32(bitPattern: UInt32(options)))
            if !feed(bytes, to: parser, reader) { reader.stop() }
            htmlParseChunk(parser, nil, 0, 1)
        }
    }

    /// False when the page is built so that reading on would take too long.
    private static func feed(_ bytes: [UInt8], to parser: htmlParserCtxtPtr, _ reader: PageReader) -> Bool {
        var work = 0
        var start = 0
        while start < bytes.count {
            let end = min(start + step, bytes.count)
            let slice = bytes[start..<end]
            // Before 2.10 libxml2 forgot, between two pieces, whether it was within quotes.
            if LIBXML_VERSION < 21_000, Self.isInTag(parser) { parser.pointee.checkIndex = 0 }
            _ = slice.withUnsafeBytes { buffer in
                htmlParseChunk(parser, buffer.bindMemory(to: CChar.self).baseAddress, Int32(buffer.count), 0)
            }
            guard let input = parser.pointee.input else { return false }
            var endTags = 1
            for index in slice.indices.dropFirst() where slice[index] == 0x2F && slice[index - 1] == 0x3C {
                endTags += 1
            }
            work += endTags * Int(max(1, parser.pointee.nameNr))
            if work > mostWork { return false }
            if Self.isInTag(parser), let cursor = input.pointee.cur, input.pointee.end - cursor > longestTag {
                return false
            }
            start = end
        }
        return true
    }

    /// Whether what was not read yet begins with an unfinished tag.
    private static func isInTag(_ parser: htmlParserCtxtPtr) -> Bool {
        guard let input = parser.pointee.input, let cursor = input.pointee.cur, let limit = input.pointee.end,
            limit - cursor > 1
        else { return false }
        // Comments, declarations and instructions are looked through once, however long they are.
        return cursor[0] == 0x3C && cursor[1] != 0x21 && cursor[1] != 0x3F
    }

    private static func reader(_ context: UnsafeMutableRawPointer?) -> PageReader? {
        context.map { Unmanaged<PageReader>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Names and values in turn, up to a null. Only what the reader looks at is copied.
    private static func attributes(_ pointer: UnsafeMutablePointer<UnsafePointer<xmlChar>?>?) -> [String: String] {
        guard let pointer else { return [:] }
        var attributes: [String: String] = [:]
        var index = 0
        while let name = pointer[index] {
            attributes[String(cString: name)] = pointer[index + 1].map { String(cString: $0) } ?? ""
            index += 2
        }
        return attributes
    }
}
