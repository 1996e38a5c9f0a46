import ArgumentParser
import Assessment
import Foundation
import Knowledge

struct ScoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "score",
        abstract: "Score the answers to a questionnaire.",
        discussion: """
            ANSWERS is a list in the order of the items, such as 1,2,0,1 (an empty place, - or null is unanswered), or \
            JSON: [1, 2, null] or {"1": 1, "9": null}. `-` reads them from standard input. Put -- before a list that \
            begins with a dash.

            With --batch each line of a file is one form, {"id": "a", "instrument": "PHQ-9", "responses": {"1": 0}}, and \
            gives one line of JSON. A faulty row gives the outcome "error" with its line; the rest go on.

            Results are screening information, never a diagnosis.
            """
    )

    @Argument(help: "Code of the instrument, such as PHQ-9.")
    var instrument: String?

    @Argument(help: "The answers, or - for standard input.")
    var answers: String?

    @Option(help: ArgumentHelp("Score every row of this file; - for standard input.", valueName: "file.jsonl"))
    var batch: String?

    @Option(
        name: .customLong("cut-point"),
        help: ArgumentHelp("Value of a cut point, such as cut_point=31; may be repeated.", valueName: "id=value")
    )
    var cutPoints: [String] = []

    @Option(help: "Language of the texts, such as en or es.")
    var language = "en"

    @OptionGroup var knowledge: KnowledgeOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if batch != nil {
            guard instrument == nil, cutPoints.isEmpty else {
                throw ValidationError(
                    "--batch takes the instrument from each row; leave out INSTRUMENT, ANSWERS and --cut-point."
                )
            }
        } else if instrument == nil || answers == nil {
            throw ValidationError("Name an instrument and its answers, or use --batch.")
        }
    }

    func run() throws {
        if let batch { return try scoreBatch(batch) }
        guard let code = instrument, let answers else { return }
        let instrument = try knowledge.instrument(code)
        let scorer = Scorer(instrument, settings: try settings(for: instrument))
        let text = answers == "-" ? try KnowledgeFile.input(answers).text : answers
        let document: ScoreDocument
        do {
            document = ScoreDocument(
                try Responses(reading: text, for: instrument),
                scorer: scorer,
                language: language
            )
        } catch {
            document = ScoreDocument(instrument: instrument, errors: [error])
        }
        switch output.format {
        case .json: printLine(try json(document))
        case .table: show(document, of: instrument)
        }
        if document.outcome == .error {
            let faults = document.errors.map { ($0.item.map { "item \($0): " } ?? "") + $0.message }
            throw failure(.dataError, faults.joined(separator: "\n"))
        }
    }

    private func settings(for instrument: Instrument) throws -> ScoringSettings {
        var settings = ScoringSettings()
        for written in cutPoints {
            let parts = written.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, let value = Double(parts[1]), value.isFinite,
                instrument.cutPoint(String(parts[0])) != nil
            else {
                let known = instrument.cutPoints.map { "\($0.id)=\($0.value.plain)" }.joined(separator: ", ")
                throw failure(.dataError, "\(written) is no cut point of \(instrument.code); it has \(known).")
            }
            settings.cutPoints[String(parts[0])] = value
        }
        return settings
    }

    private func scoreBatch(_ path: String) throws {
        let batch = BatchScoring(library: try knowledge.instrumentLibrary(), language: language)
        let file = try KnowledgeFile.input(path)
        var rows = 0
        var errors = 0
        // Only these end a row: a text may hold other line separators as they are.
        let lines = file.text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
        for (index, row) in lines.enumerated() {
            if row.allSatisfy(\.isWhitespace) { continue }
            let document = batch.score(row, line: index + 1)
            rows += 1
            if document.outcome == .error { errors += 1 }
            printLine(try json(document, pretty: false))
        }
        if errors > 0 {
            FileHandle.standardError.write(Data("bellwether: \(errors) of \(rows) rows could not be scored.\n".utf8))
        }
    }

    // MARK: - For people

    private func show(_ document: ScoreDocument, of instrument: Instrument) {
        var rows: [[String]] = [["Instrument", "\(instrument.code), version \(instrument.version)"]]
        rows.append(["Outcome", document.outcome.rawValue])
        if let range = document.range, document.outcome != .error {
            let note = document.prorated > 0 ? ", \(document.prorated) answers replaced by the mean" : ""
            rows.append(["Total", document.total.map { "\($0.plain) (\(span(range)))\(note)" } ?? "not known"])
            if document.total == nil { rows.append(["Still possible", document.possible.map(span) ?? ""]) }
        }
        if let band = document.severityCode.flatMap({ code in instrument.total?.bands.first { $0.code == code } }) {
            rows.append(["Severity", band.label.text(in: language)])
        }
        for scale in instrument.scores.dropFirst() {
            guard let value = document.subscales[scale.id] else { continue }
            rows.append([
                scale.title.text(in: language), value.map { "\($0.plain) (\(span(scale.range)))" } ?? "not known",
            ])
        }
        for criterion in instrument.criteria {
            guard let met = document.criteria[criterion.id] else { continue }
            rows.append([criterion.title.text(in: language), said(met)])
        }
        for cutPoint in instrument.cutPoints {
            guard let result = document.cutPoints[cutPoint.id] else { continue }
            let side = cutPoint.side == .from ? "from" : "below"
            rows.append(["\(cutPoint.title.text(in: language)) (\(side) \(result.value.plain))", said(result.met)])
        }
        for flag in document.flags {
            rows.append(["Flag (\(flag.level.rawValue))", "item \(flag.item) = \(flag.value): \(flag.reason)"])
        }
        for id in document.unknownFlags {
            let item = instrument.flags.first { $0.id == id }?.item ?? ""
            rows.append(["Flag not known", "item \(item) is unanswered (\(id))"])
        }
        if !document.missing.isEmpty { rows.append(["Unanswered items", document.missing.joined(separator: ", ")]) }
        if !document.ignored.isEmpty { rows.append(["Left out, not asked", document.ignored.joined(separator: ", ")]) }
        let width = rows.map { $0[0].count }.max() ?? 0
        for row in rows { printLine(row[0] + String(repeating: " ", count: width - row[0].count + 2) + row[1]) }
        if let interpretation = document.interpretation {
            for text in [interpretation.client, interpretation.clinician].compactMap(\.self) {
                printLine()
                printLine(text)
            }
        }
    }

    private func span(_ range: ScoreRange) -> String { "\(range.min.plain) to \(range.max.plain)" }

    private func said(_ met: Bool?) -> String { met.map { $0 ? "yes" : "no" } ?? "not known" }
}
