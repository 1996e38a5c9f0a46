/// What a style says about a text's emphasis, and whether a reader sees it. Nothing else of it counts.
struct PageStyle: Hashable {
    /// Nil where the style does not say.
    var isBold: Bool?
    var isItalic: Bool?
    var isHidden = false
    /// The level of a point in Word's way of writing lists.
    var isWordListItem = false
    /// The mark of such a point, which is not part of its text.
    var isWordListMark = false

    init() {}

    /// Reads declarations such as `font-weight:700;font-style:italic`.
    init(_ declarations: some StringProtocol) {
        for declaration in declarations.lowercased().split(separator: ";") {
            let parts = declaration.split(separator: ":", maxSplits: 1).map { part in
                part.filter { !$0.isWhitespace }
            }
            guard parts.count == 2 else { continue }
            let value = parts[1].replacing("!important", with: "")
            switch parts[0] {
            case "font-weight": isBold = value.hasPrefix("bold") || (Int(value) ?? 0) >= 600
            case "font-style": isItalic = value == "italic" || value == "oblique"
            case "display": isHidden = isHidden || value == "none"
            case "visibility": isHidden = isHidden || value == "hidden"
            case "mso-hide": isHidden = isHidden || value == "all"
            case "font-size": isHidden = isHidden || value == "0" || value == "0px" || value == "0pt"
            case "mso-list":
                if value == "ignore" { isWordListMark = true } else { isWordListItem = value.hasPrefix("l") }
            default: break
            }
        }
    }

    mutating func add(_ other: PageStyle) {
        isBold = other.isBold ?? isBold
        isItalic = other.isItalic ?? isItalic
        isHidden = isHidden || other.isHidden
        isWordListItem = isWordListItem || other.isWordListItem
        isWordListMark = isWordListMark || other.isWordListMark
    }

    /// Longest style sheet that is looked at, in UTF-8 bytes.
    static let longestSheet = 262_144

    /// The styles of single classes, such as `.c3{font-weight:700}`, in which Google Docs writes its emphasis.
    static func classes(in sheet: String) -> [String: PageStyle] {
        var classes: [String: PageStyle] = [:]
        for rule in sheet.split(separator: "}") {
            guard let brace = rule.lastIndex(of: "{") else { continue }
            let style = PageStyle(rule[rule.index(after: brace)...])
            guard style != PageStyle() else { continue }
            let selectors = rule[..<brace].split(separator: "{").last ?? ""
            for selector in selectors.split(separator: ",") {
                let name = selector.split(whereSeparator: \.isWhitespace)
                guard name.count == 1, let dot = name[0].firstIndex(of: ".") else { continue }
                let called = name[0][name[0].index(after: dot)...]
                guard !called.contains(where: { ".:#>[".contains($0) }) else { continue }
                classes[String(called), default: PageStyle()].add(style)
            }
        }
        return classes
    }
}
