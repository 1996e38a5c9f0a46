internal import COpenBLAS
public import Foundation

/// A trained classifier over what the layers of a ``SentenceEncoder`` know of each token of a text.
///
/// The states of some layers are projected, summed, and gathered over the tokens twice: by several attentions, each of which
/// looks for words of its own (multi-head attention pooling, Lin and others, 2017), and as a mean. GELU, then one linear
/// layer gives the scores. The middle layers tell much more about how something is said (who, not, when) than the vector
/// that the encoder makes for search.
///
/// The file is safetensors: `layers.N.weight`, a matrix for each layer N that is read (1 is the first), whose rows are the
/// attentions, then the values that they gather, then the parts of the mean; `bias`, `output.weight`, `output.bias`; and as
/// metadata `encoder` (``SentenceEncoder/weightsDigest``), `attentions` and `mean`, the counts of rows of each kind.
public struct TokenHead: Sendable {
    /// The ``SentenceEncoder/weightsDigest`` that it was trained on.
    public let encoder: String
    /// Number of scores for each text.
    public var outputs: Int { output.outputs }

    let hidden: Int
    /// Numbers for each token.
    let width: Int
    /// The highest layer that is read.
    let lastLayer: Int
    private let layers: [Int: Linear]
    private let bias: [Float]
    private let output: Linear
    private let attentions: Int
    /// Values of each attention.
    private let values: Int
    private let mean: Int

    /// Limits of what a sound file holds.
    private static let mostLayers = 48
    private static let mostRows = 4096

    /// - Throws: an ``EncoderError`` that names the tensor and what is wrong with it.
    public init(data: Data, file: String) throws(EncoderError) {
        let tensors = try SafeTensors(data, file: file)
        func count(_ name: String, among range: ClosedRange<Int>) throws(EncoderError) -> Int {
            guard let number = tensors.metadata[name].flatMap({ Int($0) }), range.contains(number) else {
                throw .malformed(file: file, reason: "`\(name)` of its metadata is no number from \(range)")
            }
            return number
        }
        guard let encoder = tensors.metadata["encoder"] else {
            throw .malformed(file: file, reason: "its metadata does not name an encoder")
        }
        self.encoder = encoder
        let attentions = try count("attentions", among: 1...256)
        let mean = try count("mean", among: 0...Self.mostRows)
        let numbers = (1...Self.mostLayers).filter { tensors.holds("layers.\($0).weight") }
        guard let first = numbers.first, let last = numbers.last,
            let shape = tensors.shape(of: "layers.\(first).weight"), shape.count == 2,
            (1...Self.mostRows).contains(shape[0]), (1...Self.mostRows).contains(shape[1])
        else { throw .malformed(file: file, reason: "it holds no matrix for a layer") }
        let gathered = shape[0] - attentions - mean
        guard gathered > 0, gathered.isMultiple(of: attentions) else {
            throw .malformed(file: file, reason: "its \(shape[0]) rows are not made for \(attentions) attentions")
        }
        hidden = shape[1]
        width = shape[0]
        lastLayer = last
        self.attentions = attentions
        self.mean = mean
        values = gathered / attentions
        var layers: [Int: Linear] = [:]
        for number in numbers {
            layers[number] = Linear(
                weights: try tensors.floats("layers.\(number).weight", shape: shape),
                bias: [],
                inputs: shape[1],
                outputs: shape[0]
            )
        }
        self.layers = layers
        bias = try tensors.floats("bias", shape: [gathered + mean])
        guard let outputs = tensors.shape(of: "output.weight")?.first, (1...Self.mostRows).contains(outputs) else {
            throw .tensor(name: "output.weight", file: file, reason: "it is missing")
        }
        output = try Linear(tensors, "output", inputs: gathered + mean, outputs: outputs)
    }

    /// Adds what this layer's states say, one row for each token.
    func take(_ states: UnsafePointer<Float>, ofLayer number: Int, rows: Int, into projected: inout [Float]) {
        guard let layer = layers[number], projected.count == rows * width else { return }
        projected.withUnsafeMutableBufferPointer { buffer in
            guard let target = buffer.baseAddress else { return }
            layer.multiply(states, rows: rows, into: target, adding: true)
        }
    }

    /// The scores of one text, whose tokens' rows begin at `firstRow`.
    func scores(_ projected: [Float], firstRow: Int, tokens: Int) -> [Float] {
        let rows = firstRow..<(firstRow + tokens)
        guard tokens > 0, rows.upperBound * width <= projected.count else { return output.bias }
        var gathered = [Float](repeating: 0, count: attentions * values + mean)
        for attention in 0..<attentions {
            let highest = rows.reduce(-Float.infinity) { max($0, projected[$1 * width + attention]) }
            let shares = rows.map { exp(projected[$0 * width + attention] - highest) }
            let all = shares.reduce(0, +)
            for (share, row) in zip(shares, rows) {
                let start = row * width + attentions + attention * values
                for value in 0..<values {
                    gathered[attention * values + value] += projected[start + value] * share / all
                }
            }
        }
        let start = attentions + attentions * values
        for row in rows {
            for part in 0..<mean {
                gathered[attentions * values + part] += projected[row * width + start + part] / Float(tokens)
            }
        }
        for place in gathered.indices {
            let value = gathered[place] + bias[place]
            gathered[place] = 0.5 * value * (1 + erf(value * 0.707_106_77))
        }
        return (0..<output.outputs).map { row in
            var sum = output.bias[row]
            for place in gathered.indices { sum += output.weights[row * output.inputs + place] * gathered[place] }
            return sum
        }
    }
}
