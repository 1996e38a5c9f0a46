/// Picks a language by `Accept-Language` (RFC 9110 § 12.5.4).
enum LanguagePreference {
    /// - Parameters:
    ///   - accepted: the field, such as `es-MX, es;q=0.9, en;q=0.5`.
    ///   - languages: what there is to choose from, by language subtag; the first is the answer when nothing fits.
    static func choose(_ accepted: String?, among languages: [String]) -> String {
        let ranges = (accepted ?? "").prefix(512).split(separator: ",").map { range in
            let parts = range.split(separator: ";").map { $0.filter { !$0.isWhitespace }.lowercased() }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            return (language: parts.first?.prefix { $0 != "-" } ?? "", quality: quality)
        }
        let usable = ranges.enumerated().filter {
            $0.element.quality > 0 && languages.contains(String($0.element.language))
        }
        let best = usable.min { ($1.element.quality, $0.offset) < ($0.element.quality, $1.offset) }
        return best.map { String($0.element.language) } ?? languages.first ?? "en"
    }
}
