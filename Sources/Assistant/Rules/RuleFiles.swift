import Encoder
import Foundation
import Knowledge

/// The rule files, crisis texts and resources of a Prompts folder, with everything that is wrong with them.
struct RuleFiles {
    let ruleSet: RuleSet
    let sources: RuleSources
    let reading: StatisticalReading
    /// Nil when the folder has none.
    let head: TokenHead?
    let crisisTexts: CrisisTexts
    let resources: ResourceDirectory
    let diagnostics: [Diagnostic]
    /// FNV-1a (32 bits) over the texts, in hexadecimal: tells versions apart, is no protection.
    let digest: String

    init(directory: URL) throws(KnowledgeError) {
        func folder(_ name: String) throws(KnowledgeError) -> [KnowledgeFile] {
            try KnowledgeFile.readAll(
                below: directory.appending(path: name, directoryHint: .isDirectory),
                extensions: ["yaml"]
            )
        }
        let crisis = try folder("crisis")
        let guardrails = try folder("guardrails")
        var wording: [KnowledgeFile] = []
        for language in ["en", "es"] {
            wording.append(try KnowledgeFile.read(directory.appending(path: "crisis-replies.\(language).yaml")))
        }
        let resourceFile = try KnowledgeFile.read(directory.appending(path: "resources.yaml"))

        let tiers = CrisisTier.allCases.map(\.rawValue).filter { $0 != CrisisTier.none.rawValue }
        // One rule set for both screens, so that a message is read once.
        let rulesRead = RuleReader.read([
            RuleReader.Folder(files: crisis, levels: tiers),
            RuleReader.Folder(
                files: guardrails,
                levels: GuardrailAction.allCases.map(\.rawValue),
                screen: .guardrails
            ),
        ])
        sources = RuleSources(crisis: crisis, guardrails: guardrails)
        let texts = CrisisTexts.read(wording)
        let resourcesRead = ResourceDirectory.read(resourceFile)
        ruleSet = rulesRead.ruleSet
        crisisTexts = texts.texts
        resources = resourcesRead.directory
        let ofWording = texts.diagnostics + resourcesRead.diagnostics
        let unknown = rulesRead.ruleSet.rules.filter {
            $0.screen == .guardrails && GuardrailCategory(rawValue: $0.category) == nil
        }.map {
            rule in
            Diagnostic(
                file: rule.file,
                line: rule.line,
                message: "rule `\(rule.id)` has the unknown category `\(rule.category)`",
                remedy: "Choose one of: \(GuardrailCategory.allCases.map(\.rawValue).joined(separator: ", "))"
            )
        }
        let classFile = try KnowledgeFile.read(directory.appending(path: "readings/classes.yaml"))
        let weightFile = try KnowledgeFile.read(directory.appending(path: "readings/weights.tsv"))
        var ofReading: [Diagnostic] = []
        reading = StatisticalReading(classes: classFile, weights: weightFile, diagnostics: &ofReading)
        let headData = Self.data(directory.appending(path: Self.headPath), &ofReading)
        head = Self.head(headData, &ofReading)
        diagnostics = rulesRead.diagnostics + ofWording + unknown + ofReading
        var hash = TextDigest()
        for file in crisis + guardrails + wording + [resourceFile, classFile, weightFile] { hash.add(file.text) }
        hash.add(bytes: headData ?? Data())
        digest = String(hash.text.prefix(8))
    }

    private static let headPath = "readings/head.safetensors"

    /// Nil when there is no such file. One that cannot be read is a fault, not a reading less.
    private static func data(_ url: URL, _ diagnostics: inout [Diagnostic]) -> Data? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        do {
            return try Data(contentsOf: url)
        } catch {
            diagnostics.append(
                Diagnostic(file: headPath, line: 1, message: "the file cannot be read", remedy: "Check its permissions")
            )
            return nil
        }
    }

    private static func head(_ data: Data?, _ diagnostics: inout [Diagnostic]) -> TokenHead? {
        guard let data else { return nil }
        do throws(EncoderError) {
            return try TokenHead(data: data, file: headPath)
        } catch {
            diagnostics.append(
                Diagnostic(
                    file: headPath,
                    line: 1,
                    message: error.description,
                    remedy: "Train anew with Scripts/train-head"
                )
            )
            return nil
        }
    }
}

/// The rule files as they were read, so that a practice's own rules are read with the same words.
struct RuleSources: Sendable {
    let crisis: [KnowledgeFile]
    let guardrails: [KnowledgeFile]
}
