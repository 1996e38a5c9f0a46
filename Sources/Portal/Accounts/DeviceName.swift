/// What a mail calls the device that somebody signed in on.
///
/// A program can say anything of itself, and the mail is read by somebody who trusts the practice: so of its own words
/// only a plain product name is passed on, never a sentence or an address.
enum DeviceName {
    /// In the order in which they are looked for: most browsers name those that they descend from, too.
    private static let browsers = [
        ("Edg", "Edge"), ("OPR", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari"),
    ]
    private static let systems = [
        ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Macintosh", "Mac"),
        ("CrOS", "Chromebook"), ("Linux", "Linux"),
    ]

    /// Such as `Firefox, Windows`, or `curl/8.5` for a program that is no browser; `?` for one that says nothing usable.
    static func of(userAgent: String?) -> String {
        guard let userAgent else { return "?" }
        func known(_ names: [(String, String)]) -> String? { names.first { userAgent.contains($0.0) }?.1 }
        let parts = [known(browsers), known(systems)].compactMap { $0 }
        if !parts.isEmpty { return parts.joined(separator: ", ") }
        let product = userAgent.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || "/._-".contains($0)) }.prefix(30)
        return product.isEmpty ? "?" : String(product)
    }
}
