/// Takes a page as its parser tells it, tag by tag, and keeps what an article can hold. Not for sharing.
final class PageReader {
    /// The parser's line.
    var position: () -> Int = { 1 }
    private let isPortalPath: (String) -> Bool

    private(set) var language: String?
    private var pageTitle = ""
    private var drops: [ImportedPage.Dropped] = []
    private var dropIndex: [DropKey: Int] = [:]
    private var classes: [String: PageStyle] = [:]
    private var styles: [String: PageStyle] = [:]
    private var sheet = ""

    private struct DropKey: Hashable {
        let kind: ImportedPage.Dropped.Kind
        let detail: String
    }

    /// An open element, with what it changed.
    private struct Open {
        let name: String
        var look: InlineText.Look
        var isSkipping: Bool
        var isBlock = false
        var isCell = false
    }

    private var open: [Open] = []
    private var look: InlineText.Look { open.last?.look ?? .init() }
    private var isSkipping: Bool { open.last?.isSkipping ?? false }
    /// Lists that are open, innermost last.
    private var lists: [(isNumbered: Bool, depth: Int)] = []
    private var tables: [PageTable] = []
    private var blocks: [PageBlock] = []

    private var text = InlineText()
    private var kind = Kind.paragraph
    private var breaks = 0
    /// Text that was not taken up yet.
    private var waiting: [UInt8] = []
    private var openTitles = 0
    private var openItems = 0
    private var wordMark: String?

    private enum Kind: Equatable {
        case paragraph
        case heading(Int)
        case item(isNumbered: Bool)
        case wordItem
    }

    /// Most different things that are told to have been left out.
    private static let mostDrops = 300

    init(isPortalPath: @escaping (String) -> Bool) {
        self.isPortalPath = isPortalPath
    }

    // MARK: - What was left out

    func drop(_ kind: ImportedPage.Dropped.Kind, _ detail: String = "", line: Int? = nil) {
        let detail = String(detail.unicodeScalars.prefix(200).map { $0.value < 0x20 ? " " : Character($0) })
        let key = DropKey(kind: kind, detail: drops.count < Self.mostDrops ? detail : "")
        if let known = dropIndex[key] {
            drops[known].count += 1
        } else {
            dropIndex[key] = drops.count
            drops.append(.init(kind: kind, detail: key.detail, line: line ?? position(), count: 1))
        }
    }

    /// Reading ended before the end of the page.
    func stop() { drop(.unread) }

    func comment() {
        takeText()
        drop(.comment)
    }

    // MARK: - Elements

    private static let skipped: [String: ImportedPage.Dropped.Kind] = [
        "script": .script, "noscript": .script, "template": .script, "style": .style, "iframe": .frame, "frame": .frame,
        "frameset": .frame, "object": .frame, "embed": .frame, "applet": .frame, "portal": .frame, "select": .form,
        "textarea": .form, "button": .form, "datalist": .form, "svg": .media, "canvas": .media, "video": .media,
        "audio": .media, "math": .media, "map": .media, "nav": .pageFrame, "footer": .pageFrame, "aside": .pageFrame,
        "xml": .comment,
    ]
    private static let blockNames: Set<String> = [
        "p", "div", "section", "article", "main", "header", "hgroup", "figure", "figcaption", "blockquote", "address",
        "pre", "center", "details", "summary", "dl", "dt", "dd", "form", "fieldset", "legend", "body", "hr", "noframes",
    ]

    func start(_ name: String, _ attributes: [String: String]) {
        takeText()
        if name == "title" { openTitles += 1 }
        if name == "li" { openItems += 1 }
        var element = Open(name: name, look: look, isSkipping: isSkipping)
        defer { open.append(element) }
        for attribute in attributes.keys.sorted() where attribute.hasPrefix("on") {
            drop(.eventHandler, attribute)
        }
        if name == "html", let declared = attributes["lang"] ?? attributes["xml:lang"] {
            language = String(declared.lowercased().prefix { $0 != "-" && $0 != "_" })
        }
        guard !element.isSkipping else { return }
        let style = style(attributes)
        if style.isHidden || attributes["hidden"] != nil || attributes["aria-hidden"]?.lowercased() == "true" {
            if name != "html", name != "body" {
                drop(name == "img" ? .trackingPixel : .hiddenText, name == "img" ? Self.host(attributes["src"]) : "")
                element.isSkipping = true
                return
            }
        }
        if let kind = Self.skipped[name] ?? (Self.isOfficeDrawing(name) ? .media : nil) {
            drop(kind, kind == .frame ? Self.host(attributes["src"] ?? attributes["data"]) : "")
            element.isSkipping = true
            return
        }
        if style.isWordListMark {
            wordMark = wordMark ?? ""
            return
        }
        emphasize(name, style, &element.look)
        begin(name, attributes, style, &element)
    }

    private func begin(_ name: String, _ attributes: [String: String], _ style: PageStyle, _ element: inout Open) {
        switch name {
        case "a": element.look.link = link(attributes["href"]) ?? element.look.link
        case "img": image(attributes, style)
        case "br": breaks += 1
        case "input":
            if attributes["type"]?.lowercased() != "hidden" { drop(.form) }
        case "h1", "h2", "h3", "h4", "h5", "h6":
            flush()
            element.isBlock = true
            element.look = .init()
            kind = .heading(Int(name.dropFirst()) ?? 2)
        case "ul", "ol", "menu", "dir":
            if lists.isEmpty {
                flush()
            } else {
                flush()
                drop(.nestedList)
            }
            lists.append((name == "ol", open.count))
        case "li":
            flush()
            element.isBlock = true
            kind = .item(isNumbered: lists.last?.isNumbered ?? false)
        case "table":
            flush()
            tables.append(PageTable(line: position()))
        case "tr":
            flushCell()
            if !tables.isEmpty { tables[tables.count - 1].rows.append([]) }
        case "td", "th":
            flushCell()
            guard let table = tables.indices.last else { return }
            if tables[table].rows.isEmpty { tables[table].rows.append([]) }
            tables[table].rows[tables[table].rows.count - 1].append(.init(isHeading: name == "th"))
            element.isCell = true
        case _ where Self.blockNames.contains(name):
            if name == "form" { drop(.form) }
            element.isBlock = true
            beginBlock(attributes, style)
            if name == "dt" { element.look.isBold = true }
        default: break
        }
    }

    private func beginBlock(_ attributes: [String: String], _ style: PageStyle) {
        // Within a point, paragraphs follow on.
        if case .item = kind, tables.isEmpty {
            text.append(" ", look)
            return
        }
        flush()
        let classes = attributes["class"]?.lowercased() ?? ""
        if style.isWordListItem || classes.hasPrefix("msolistparagraph") {
            kind = style.isWordListItem ? .wordItem : .paragraph
        } else if classes == "msotitle" {
            kind = .heading(1)
        } else if classes.hasPrefix("msoheading"), let level = Int(classes.suffix(1)), (1...6).contains(level) {
            kind = .heading(level)
        }
    }

    func end(_ name: String) {
        takeText()
        if name == "title" { openTitles -= 1 }
        if name == "li" { openItems -= 1 }
        guard let element = open.popLast(), !element.isSkipping else {
            if name == "style" { readSheet() }
            return
        }
        switch name {
        case "ul", "ol", "menu", "dir":
            flush()
            if lists.popLast() != nil, let outer = lists.last, openItems > 0 {
                kind = .item(isNumbered: outer.isNumbered)
            }
        case "table":
            flush()
            endTable()
        case "tr", "td", "th": flushCell()
        case "li": flush()
        default:
            guard element.isBlock else { return }
            if case .item = kind, name != "li", tables.isEmpty { text.append(" ", look) } else { flush() }
        }
    }

    private func endTable() {
        guard let table = tables.popLast() else { return }
        if !table.isLayout { drop(.table, line: table.line) }
        for block in table.blocks { append(block) }
    }

    private func emphasize(_ name: String, _ style: PageStyle, _ look: inout InlineText.Look) {
        switch name {
        case "b", "strong": look.isBold = true
        case "i", "em", "cite", "dfn", "var": look.isItalic = true
        default: break
        }
        // Google Docs puts everything into <b style="font-weight:normal">.
        if let isBold = style.isBold { look.isBold = isBold }
        if let isItalic = style.isItalic { look.isItalic = isItalic }
        if case .heading = kind { (look.isBold, look.isItalic) = (false, false) }
    }

    private func style(_ attributes: [String: String]) -> PageStyle {
        var style = PageStyle()
        if !classes.isEmpty, let names = attributes["class"] {
            for name in names.split(separator: " ").prefix(20) {
                if let known = classes[String(name)] { style.add(known) }
            }
        }
        if let own = attributes["style"] { style.add(read(own)) }
        return style
    }

    /// The same few styles stand on every paragraph of a page.
    private func read(_ style: String) -> PageStyle {
        if let known = styles[style] { return known }
        let read = PageStyle(style)
        if styles.count < 1000 { styles[style] = read }
        return read
    }

    private static func isOfficeDrawing(_ name: String) -> Bool {
        ["v:", "w:", "m:"].contains { name.hasPrefix($0) }
    }

    // MARK: - Text

    /// Text, of which the parser tells a little at a time.
    func characters(_ bytes: UnsafeBufferPointer<UInt8>) { waiting.append(contentsOf: bytes) }

    private func takeText() {
        guard !waiting.isEmpty else { return }
        let piece = String(decoding: waiting, as: UTF8.self)
        waiting.removeAll(keepingCapacity: true)
        take(piece)
    }

    private func take(_ piece: String) {
        guard openTitles == 0 else {
            if pageTitle.utf8.count < 500 { pageTitle += piece.prefix(500) }
            return
        }
        guard !isSkipping else {
            if open.last?.name == "style" { addToSheet(piece) }
            return
        }
        if open.last?.name == "head" { return }
        if wordMark != nil, kind == .wordItem, text.isEmpty, isInMark {
            wordMark = (wordMark ?? "") + piece
            return
        }
        add(piece)
    }

    /// Whether the text is within the mark of a point in Word's way.
    private var isInMark: Bool {
        guard let mark = wordMark else { return false }
        return mark.isEmpty || open.last?.name == "span"
    }

    private func add(_ piece: String) {
        let (clean, invisible) = Self.visible(piece)
        if invisible > 0 { drop(.invisibleCharacter) }
        if breaks > 1, case .item = kind {
            text.append(" ", look)
        } else if breaks > 1, !clean.allSatisfy(\.isWhitespace), !text.isEmpty {
            let before = kind
            flush()
            if case .heading = before { kind = .paragraph } else { kind = before }
        } else if breaks > 0 {
            text.append(" ", look)
        }
        breaks = 0
        guard clean.contains("{{") else { return text.append(clean, look) }
        drop(.liveField)
        text.append(clean.replacing("{{", with: "{ {"), look)
    }

    /// The text of scripts and style sheets.
    func raw(_ piece: String) {
        takeText()
        addToSheet(piece)
    }

    private func addToSheet(_ piece: String) {
        if open.last?.name == "style", sheet.utf8.count < PageStyle.longestSheet { sheet += piece }
    }

    private func readSheet() {
        for (name, style) in PageStyle.classes(in: sheet) { classes[name, default: PageStyle()].add(style) }
        sheet = ""
    }

    /// Without control characters, soft hyphens, and marks that have no width or turn the direction.
    private static func visible(_ text: String) -> (text: String, invisible: Int) {
        var kept = String.UnicodeScalarView()
        var invisible = 0
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: kept.append(" ")
            case 0x00...0x1F, 0x7F...0x9F, 0xAD, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x206F, 0xFEFF,
                0xFFF9...0xFFFB,
                0xE0000...0xE007F:
                invisible += 1
            default: kept.append(scalar)
            }
        }
        return (String(kept), invisible)
    }

    // MARK: - Blocks

    /// Ends the block that is being gathered.
    private func flush() {
        defer {
            text = InlineText()
            kind = .paragraph
            breaks = 0
            wordMark = nil
        }
        guard !text.isEmpty else { return }
        switch kind {
        case .paragraph: append(.paragraph(text))
        case .heading(let level): append(.heading(level: level, text, line: position()))
        case .item(let isNumbered): append(.item(isNumbered: isNumbered, text))
        case .wordItem:
            let isNumbered = wordMark?.contains { $0.isNumber } ?? false
            append(.item(isNumbered: isNumbered, text))
        }
    }

    private func flushCell() { flush() }

    private func append(_ block: PageBlock) {
        guard let table = tables.indices.last else { return blocks.append(block) }
        if tables[table].rows.isEmpty { tables[table].rows.append([]) }
        let row = tables[table].rows.count - 1
        if tables[table].rows[row].isEmpty { tables[table].rows[row].append(.init()) }
        tables[table].rows[row][tables[table].rows[row].count - 1].blocks.append(block)
    }

    // MARK: - Links and images

    /// The page of the portal that an address names; nil for any other, which is told.
    private func link(_ address: String?) -> String? {
        guard let address else { return nil }
        // Browsers pass over control characters and white space within a scheme.
        let bare = String(
            String.UnicodeScalarView(address.unicodeScalars.filter { $0.value > 0x20 && $0.value != 0x7F })
        )
        let lowered = bare.lowercased()
        if bare.isEmpty { return nil }
        if ["javascript:", "data:", "vbscript:", "file:", "blob:"].contains(where: lowered.hasPrefix) {
            drop(.dangerousLink, String(lowered.prefix { $0 != ":" }) + ":")
            return nil
        }
        if bare.hasPrefix("#") {
            drop(.pageLink, bare)
            return nil
        }
        let isClean = !bare.contains { "()[]<>\"\\ ".contains($0) }
        if bare.hasPrefix("/"), !bare.hasPrefix("//"), isClean, isPortalPath(bare) { return bare }
        drop(.outsideLink, bare)
        return nil
    }

    private func image(_ attributes: [String: String], _ style: PageStyle) {
        func pixels(_ name: String) -> Int? { attributes[name].flatMap { Int($0.prefix { $0.isNumber }) } }
        let isTiny = (pixels("width") ?? 99) <= 2 || (pixels("height") ?? 99) <= 2
        if isTiny { return drop(.trackingPixel, Self.host(attributes["src"])) }
        let words = attributes["alt"].map { $0.split(whereSeparator: \.isWhitespace).joined(separator: " ") } ?? ""
        drop(.image, words.isEmpty ? "without a description" : "described as “\(words.prefix(150))”")
    }

    /// The host of an address, or its beginning.
    private static func host(_ address: String?) -> String {
        guard let address else { return "" }
        let start = address.firstRange(of: "//")?.upperBound ?? address.startIndex
        return String(address[start...].prefix { $0 != "/" && $0 != "?" && $0 != "#" && $0 != "," }.prefix(100))
    }

    // MARK: - The page

    func page(guess: String?) throws(HTMLImportError) -> ImportedPage {
        takeText()
        flush()
        while !tables.isEmpty { endTable() }
        let first = blocks.indices.filter { index in
            if case .heading(1, _, _) = blocks[index] { true } else { false }
        }
        var title = pageTitle.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        if first.count == 1, let only = first.first {
            title = blocks[only].text.plain
            blocks.remove(at: only)
        }
        let levels = Set(
            blocks.compactMap { block -> Int? in
                if case .heading(let level, _, _) = block { level } else { nil }
            }
        )
        let writer = PageWriter(blocks, levels: levels.sorted())
        for line in writer.movedHeadings { drop(.headingLevel, line: line) }
        if let guess { drop(.characterSet, guess, line: 1) }
        guard !writer.lines.isEmpty else { throw .empty }
        return ImportedPage(
            title: title.isEmpty ? nil : String(title.prefix(200)),
            language: language,
            markdown: writer.lines.joined(separator: "\n") + "\n",
            dropped: drops
        )
    }
}
