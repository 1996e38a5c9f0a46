internal import COpenBLAS

/// A layer y = x·Wᵀ + b. `weights` holds W row by row, a row for each output.
struct Linear {
    let inputs: Int
    let outputs: Int
    let weights: [Float]
    let bias: [Float]

    init(weights: [Float], bias: [Float], inputs: Int, outputs: Int) {
        self.inputs = inputs
        self.outputs = outputs
        self.weights = weights
        self.bias = bias
    }

    init(_ tensors: SafeTensors, _ name: String, inputs: Int, outputs: Int) throws(EncoderError) {
        self.inputs = inputs
        self.outputs = outputs
        weights = try tensors.floats("\(name).weight", shape: [outputs, inputs])
        bias = try tensors.floats("\(name).bias", shape: [outputs])
    }

    /// Several layers over the same input as one.
    init(joining layers: [Linear], inputs: Int) {
        self.inputs = inputs
        outputs = layers.reduce(0) { $0 + $1.outputs }
        weights = layers.flatMap(\.weights)
        bias = layers.flatMap(\.bias)
    }

    /// y = x·Wᵀ, or y += x·Wᵀ, for `rows` rows that lie one after another. The bias is left to the caller.
    func multiply(_ x: UnsafePointer<Float>, rows: Int, into y: UnsafeMutablePointer<Float>, adding: Bool) {
        cblas_sgemm(
            CblasRowMajor,
            CblasNoTrans,
            CblasTrans,
            Int32(truncatingIfNeeded: rows),
            Int32(truncatingIfNeeded: outputs),
            Int32(truncatingIfNeeded: inputs),
            1,
            x,
            Int32(truncatingIfNeeded: inputs),
            weights,
            Int32(truncatingIfNeeded: inputs),
            adding ? 1 : 0,
            y,
            Int32(truncatingIfNeeded: outputs)
        )
    }
}
