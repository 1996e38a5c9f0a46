public import Knowledge

extension Instrument {
    /// Reads one instrument file.
    ///
    /// - Returns: every fault found in one reading, and the instrument when none of them is an error. A file of any content
    ///   gives a result: sizes, figures and nesting are limited.
    public static func parse(_ file: KnowledgeFile) -> (instrument: Instrument?, diagnostics: [Diagnostic]) {
        let collector = DiagnosticCollector(file: file.path)
        var instrument: Instrument?
        if isHarmless(file.text, collector), let root = YAMLValue.parse(file.text, collector: collector) {
            instrument = InstrumentReader(collector: collector).read(root)
        }
        let findings = Array(Set(collector.diagnostics)).sorted { ($0.line, $0.message) < ($1.line, $1.message) }
        return (instrument, findings)
    }

    /// Refuses what a YAML reader could be overwhelmed by (size, nesting, anchors that multiply), before it reads.
    private static func isHarmless(_ text: String, _ collector: DiagnosticCollector) -> Bool {
        guard text.utf8.count <= InstrumentLimits.bytes else {
            collector.error(
                line: 1,
                "the file is larger than \(InstrumentLimits.bytes / 1024) KiB",
                remedy: "Split it into several instruments"
            )
            return false
        }
        var line = 1
        var depth = 0
        /// Characters at the start of the line that can open blocks: each block takes at least one.
        var lead = 0
        var isLead = true
        var previous = UInt8(ascii: "\n")
        let bytes = Array(text.utf8)
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "\n"):
                line += 1
                lead = 0
                isLead = true
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth = max(0, depth - 1)
            case UInt8(ascii: "&"):
                let next = bytes.indices.contains(index + 1) ? bytes[index + 1] : UInt8(ascii: " ")
                if isSeparator(previous), !isSeparator(next) {
                    collector.error(
                        line: line,
                        "anchors (&name) are not read",
                        remedy: "Write the value out where it is needed"
                    )
                    return false
                }
            default: break
            }
            if isLead {
                lead += 1
                isLead = isSeparator(byte) || byte == UInt8(ascii: "?") || byte == UInt8(ascii: ":")
            }
            guard depth <= 40, lead <= 120 else {
                collector.error(
                    line: line,
                    "the text is nested too deep",
                    remedy: "Write each entry on its own line, indented by two"
                )
                return false
            }
            previous = byte
        }
        return true
    }

    private static func isSeparator(_ byte: UInt8) -> Bool { " \t\n\r-,[{".utf8.contains(byte) }
}
