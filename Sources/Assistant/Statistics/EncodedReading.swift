internal import Encoder
import Foundation

/// What the sentence encoder's layers tell of a message, beside the counted words of ``StatisticalReading``: the same
/// outcomes, of how things are said rather than of which words. Trained by `Scripts/train-head`, shipped as
/// `Prompts/readings/head.safetensors`.
struct EncodedReading: Sendable {
    let encoder: SentenceEncoder
    let head: TokenHead

    /// How much it counts against the words, which count one.
    private static let weight: Float = 2
    /// Stretches that are encoded at most, those first in which the words say most: a paste of ten thousand words takes no
    /// longer than this many sentences.
    private static let mostStretches = 12

    /// Nil when the head is of another encoder, or tells other outcomes than ``StatisticalReading``.
    init?(encoder: SentenceEncoder, head: TokenHead) {
        let outcomes = StatisticalReading.Crisis.allCases.count + StatisticalReading.Request.allCases.count
        guard encoder.fits(head), head.outputs == outcomes else { return nil }
        self.encoder = encoder
        self.head = head
    }

    /// The readings of the stretches of `views` with the encoder's say in them.
    ///
    /// - Parameter text: the message, in which the pieces of a view have their places.
    func join(_ results: [[StatisticalReading.Result]], of views: [ScreenedText.View], in text: String)
        -> [[StatisticalReading.Result]]
    {
        var places: [(view: Int, stretch: Int)] = []
        for (view, stretches) in results.enumerated() {
            places += stretches.indices.filter { !stretches[$0].range.isEmpty }.map { (view, $0) }
        }
        if places.count > Self.mostStretches {
            func weight(_ place: (view: Int, stretch: Int)) -> Float {
                let result = results[place.view][place.stretch]
                return max(result.danger, 1 - result.requests[0])
            }
            // The sort is stable only by the place itself, which keeps it deterministic.
            places.sort { (weight($1), $0.view, $0.stretch) < (weight($0), $1.view, $1.stretch) }
            places.removeLast(places.count - Self.mostStretches)
        }
        let bytes = Array(text.utf8)
        let texts = places.map { views[$0.view].written(results[$0.view][$0.stretch].range, in: bytes) }
        var joined = results
        for (place, reading) in zip(places, encoder.read(texts, with: head)) {
            joined[place.view][place.stretch].join(reading.scores, weight: Self.weight)
        }
        return joined
    }
}

extension StatisticalReading.Result {
    /// Takes the mean with other shares, given as scores of the outcomes, that count `weight` times.
    fileprivate mutating func join(_ scores: [Float], weight: Float) {
        func shares(_ scores: ArraySlice<Float>) -> SIMD8<Float> {
            var powers = SIMD8<Float>(repeating: 0)
            let top = scores.max() ?? 0
            for (place, score) in scores.enumerated() { powers[place] = Float(exp(Double(score - top))) }
            return powers / powers.sum()
        }
        guard scores.count == 14 else { return }
        crisis = (crisis + shares(scores[..<7]) * weight) / (1 + weight)
        requests = (requests + shares(scores[7...]) * weight) / (1 + weight)
    }
}
