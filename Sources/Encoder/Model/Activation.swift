/// The two functions of the model that are no sums of products, many numbers at once.
enum Activation {
    /// GELU of x + `bias` in place: x · ½ (1 + erf(x ÷ √2)) (Hendrycks and Gimpel, 2016). Width a multiple of 16.
    static func gelu(_ x: UnsafeMutablePointer<Float>, rows: Int, adding bias: [Float]) {
        let parts = bias.count / Lanes.count
        bias.withUnsafeBufferPointer { bias in
            for row in 0..<rows {
                let x = x + row * bias.count
                for part in 0..<parts {
                    let value = Lanes.load(x, part) + Lanes.load(bias, part)
                    Lanes.store(0.5 * value * (1 + erf(value * 0.707_106_77)), x, part)
                }
            }
        }
    }

    /// The error function within 5·10⁻⁷: a quotient of polynomials on −4…4, and ±1 beyond (coefficients of Eigen's
    /// `generic_fast_erf_float`).
    @inline(__always)
    static func erf(_ value: Lanes.Vector) -> Lanes.Vector {
        let x = Lanes.clamp(value, -4, 4)
        let square = x * x
        var top = square * -2.726_142_258_013_06e-10 + 2.770_681_424_959_02e-08
        top = top * square + -2.101_024_020_825_08e-06
        top = top * square + -5.692_506_394_623_46e-05
        top = top * square + -7.349_906_303_268_55e-04
        top = top * square + -2.954_599_808_540_25e-03
        top = top * square + -1.609_603_332_624_15e-02
        var bottom = square * -1.456_607_184_649_96e-05 + -2.133_740_552_788_05e-04
        bottom = bottom * square + -1.682_826_974_382_03e-03
        bottom = bottom * square + -7.373_329_167_204_68e-03
        bottom = bottom * square + -1.426_473_905_141_89e-02
        return x * top / bottom
    }

    /// Softmax of each row in place. `stride` numbers lie between the beginnings of two rows, `count` of them in use.
    static func softmax(_ x: UnsafeMutablePointer<Float>, rows: Int, count: Int, stride: Int) {
        for row in 0..<rows {
            let x = x + row * stride
            var highest = x[0]
            for place in 1..<max(1, count) { highest = max(highest, x[place]) }
            // What lies between the last number and the next whole vector is 0 afterwards.
            for place in count..<stride { x[place] = -.greatestFiniteMagnitude }
            let shift = Lanes.Vector(repeating: highest)
            var sum = Lanes.Vector.zero
            for part in 0..<stride / Lanes.count {
                let value = exp(Lanes.load(x, part) - shift)
                Lanes.store(value, x, part)
                sum += value
            }
            let factor = Lanes.Vector(repeating: 1 / sum.sum())
            for part in 0..<stride / Lanes.count { Lanes.store(Lanes.load(x, part) * factor, x, part) }
        }
    }

    /// eˣ for x ≤ 0 within some 2 units in the last place; 0 below −87. Range reduction by ln 2 in two parts and a
    /// polynomial of degree 5, as in Cephes' `expf` (Moshier, 1989).
    @inline(__always)
    static func exp(_ value: Lanes.Vector) -> Lanes.Vector {
        let x = Lanes.clamp(value, -87.3, 0)
        // Adding and taking away 1.5·2²³ rounds to a whole number.
        let shifted = x * 1.442_695_04 + 12_582_912
        let whole = shifted - 12_582_912
        let rest = x - whole * 0.693_359_375 - whole * -2.121_944_4e-4
        var y = rest * 1.987_569_15e-4 + 1.398_199_95e-3
        y = y * rest + 8.333_451_9e-3
        y = y * rest + 4.166_579_6e-2
        y = y * rest + 1.666_666_55e-1
        y = y * rest + 0.5
        y = y * rest * rest + rest + 1
        let exponent = Lanes.bits(shifted) &<< 23
        let power = Lanes.vector(exponent &+ Lanes.bits(y))
        return Lanes.select(value .< -87.3, .zero, power)
    }
}
