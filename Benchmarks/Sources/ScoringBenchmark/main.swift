// Scores random PHQ-9 answer sets through the public interface (total, band, criteria, cut point, flags), on one core, and
// prints scorings per second of processor time, which other work on the machine does not change much.
// Usage: ScoringBenchmark [folder of instruments [rounds]]

import Assessment
import Foundation
import Measuring

let folder = CommandLine.arguments.dropFirst().first ?? "../Instruments"
let library: InstrumentLibrary
do {
    library = try InstrumentLibrary(directory: URL(filePath: folder, directoryHint: .isDirectory))
} catch {
    print(error)
    exit(66)
}
guard let instrument = library["PHQ-9"] else {
    print("\(folder) holds no PHQ-9")
    exit(66)
}
let scorer = Scorer(instrument)

let setCount = 4096
var random = Random(seed: 9)
var expected = 0
let answerSets = (0..<setCount).map { _ in
    var values: [String: Answer] = [:]
    for item in 1...9 {
        let value = Int.random(in: 0...3, using: &random)
        expected += value
        values[String(item)] = .value(value)
    }
    return Responses(values)
}

let rounds = max(1, Int(CommandLine.arguments.dropFirst(2).first ?? "") ?? 100)
var times: [Double] = []
for _ in 1...10 {
    var checksum = 0.0
    var flags = 0
    var syndromes = 0
    let start = clock()
    let elapsed = ContinuousClock().measure {
        for _ in 0..<rounds {
            for responses in answerSets {
                guard case .scored(let report) = scorer.score(responses), let total = report.total else { continue }
                checksum += total.value ?? 0
                flags += report.flags.count
                syndromes += report.criterion("major_depressive_syndrome") == true ? 1 : 0
            }
        }
    }
    let seconds = Double(clock() - start) / Double(CLOCKS_PER_SEC)
    guard checksum == Double(expected * rounds) else {
        print("wrong checksum: \(checksum), expected \(expected * rounds)")
        exit(70)
    }
    print(
        "checksum \(Int(checksum)), flags \(flags), syndromes \(syndromes), \(seconds) s on the processor, \(elapsed) by the clock"
    )
    times.append(seconds)
}
times.sort()
let best = Double(setCount * rounds) / times[0]
let median = Double(setCount * rounds) / times[times.count / 2]
print("\(Int(median)) scorings per second in the median round, \(Int(best)) in the best")
