/// Layer normalization (Ba, Kiros and Hinton, 2016): each row gets mean 0 and variance 1, then scale and shift.
struct Normalization {
    private let scale: [Float]
    private let shift: [Float]
    private let epsilon: Float

    init(_ tensors: SafeTensors, _ name: String, width: Int, epsilon: Float) throws(EncoderError) {
        scale = try tensors.floats("\(name).weight", shape: [width])
        shift = try tensors.floats("\(name).bias", shape: [width])
        self.epsilon = epsilon
    }

    /// Normalizes x + `bias` in place, row by row. The width is a multiple of ``Lanes/count``.
    func apply(_ x: UnsafeMutablePointer<Float>, rows: Int, adding bias: [Float]) {
        let width = scale.count
        let parts = width / Lanes.count
        scale.withUnsafeBufferPointer { scale in
            shift.withUnsafeBufferPointer { shift in
                bias.withUnsafeBufferPointer { bias in
                    for row in 0..<rows {
                        let x = x + row * width
                        var sum = Lanes.Vector.zero
                        for part in 0..<parts {
                            let value = Lanes.load(x, part) + Lanes.load(bias, part)
                            Lanes.store(value, x, part)
                            sum += value
                        }
                        let mean = Lanes.Vector(repeating: sum.sum() / Float(width))
                        var squares = Lanes.Vector.zero
                        for part in 0..<parts {
                            let value = Lanes.load(x, part) - mean
                            squares += value * value
                        }
                        let variance = squares.sum() / Float(width)
                        let factor = Lanes.Vector(repeating: 1 / (variance + epsilon).squareRoot())
                        for part in 0..<parts {
                            let value = (Lanes.load(x, part) - mean) * factor
                            Lanes.store(value * Lanes.load(scale, part) + Lanes.load(shift, part), x, part)
                        }
                    }
                }
            }
        }
    }
}
