internal import COpenBLAS

/// A BERT encoder: tokens in, one vector for each token out.
///
/// Texts are computed together without padding: their tokens lie one after another in one matrix, which each layer
/// multiplies at once; only attention looks at each text alone.
struct BertModel {
    let shape: ModelConfiguration
    private let words: [Float]
    private let positions: [Float]
    /// Every token is of type 0.
    private let type: [Float]
    private let normalization: Normalization
    private let layers: [BertLayer]

    init(_ tensors: SafeTensors, shape: ModelConfiguration) throws(EncoderError) {
        let prefix = tensors.holds("bert.embeddings.word_embeddings.weight") ? "bert." : ""
        let width = shape.hidden
        self.shape = shape
        words = try tensors.floats("\(prefix)embeddings.word_embeddings.weight", shape: [shape.vocabulary, width])
        positions = try tensors.floats(
            "\(prefix)embeddings.position_embeddings.weight",
            shape: [shape.positions, width]
        )
        let types = try tensors.floats("\(prefix)embeddings.token_type_embeddings.weight", shape: [shape.types, width])
        type = Array(types.prefix(width))
        normalization = try Normalization(
            tensors,
            "\(prefix)embeddings.LayerNorm",
            width: width,
            epsilon: shape.epsilon
        )
        var layers: [BertLayer] = []
        for number in 0..<shape.layers {
            layers.append(try BertLayer(tensors, "\(prefix)encoder.layer.\(number)", shape: shape))
        }
        self.layers = layers
    }

    /// One vector of length 1 for each text and, where a head is given, what that reads in it.
    ///
    /// - Parameter texts: ids below the vocabulary's size, at most as many a text as the model has positions, at least one.
    func read(
        _ texts: [[Int32]],
        pooling: SentenceConfiguration.Pooling,
        head: TokenHead? = nil
    ) -> [SentenceEncoder.Reading] {
        let tokens = texts.reduce(0) { $0 + $1.count }
        let space = Workspace(tokens: tokens, longest: texts.map(\.count).max() ?? 0, shape: shape)
        let rows = Workspace.rows(tokens)
        var projected = [Float](repeating: 0, count: rows * (head?.width ?? 0))
        embed(texts, into: space)
        for (place, layer) in layers.enumerated() {
            attend(layer, texts: texts, tokens: tokens, rows: rows, space)
            layer.intermediate.multiply(space.hidden, rows: rows, into: space.intermediate, adding: false)
            Activation.gelu(space.intermediate, rows: tokens, adding: layer.intermediate.bias)
            layer.output.multiply(space.intermediate, rows: rows, into: space.hidden, adding: true)
            layer.outputNormalization.apply(space.hidden, rows: tokens, adding: layer.output.bias)
            head?.take(space.hidden, ofLayer: place + 1, rows: rows, into: &projected)
        }
        var row = 0
        return texts.map { text in
            defer { row += text.count }
            return SentenceEncoder.Reading(
                embedding: pool(space.hidden + row * shape.hidden, tokens: text.count, pooling),
                scores: head?.scores(projected, firstRow: row, tokens: text.count) ?? []
            )
        }
    }

    private func embed(_ texts: [[Int32]], into space: borrowing Workspace) {
        let width = shape.hidden
        var row = 0
        for text in texts {
            for (position, id) in text.enumerated() {
                let target = space.hidden + row * width
                let word = Int(id) * width
                let place = position * width
                for column in 0..<width { target[column] = words[word + column] + positions[place + column] }
                row += 1
            }
        }
        normalization.apply(space.hidden, rows: row, adding: type)
    }

    private func attend(
        _ layer: BertLayer,
        texts: [[Int32]],
        tokens: Int,
        rows: Int,
        _ space: borrowing Workspace
    ) {
        let width = 3 * shape.hidden
        layer.projection.multiply(space.hidden, rows: rows, into: space.projected, adding: false)
        layer.projection.bias.withUnsafeBufferPointer { bias in
            for row in 0..<tokens {
                let target = space.projected + row * width
                for part in 0..<width / Lanes.count {
                    Lanes.store(Lanes.load(target, part) + Lanes.load(bias, part), target, part)
                }
            }
        }
        var row = 0
        for text in texts {
            for head in 0..<shape.heads {
                attend(
                    space.projected + row * width + head * shape.headSize,
                    tokens: text.count,
                    into: space.context + row * shape.hidden + head * shape.headSize,
                    scores: space.scores
                )
            }
            row += text.count
        }
        layer.attentionOutput.multiply(space.context, rows: rows, into: space.hidden, adding: true)
        layer.attentionNormalization.apply(space.hidden, rows: tokens, adding: layer.attentionOutput.bias)
    }

    /// softmax(q·kᵀ ÷ √size)·v of one head of one text (Vaswani and others, 2017).
    private func attend(
        _ query: UnsafeMutablePointer<Float>,
        tokens: Int,
        into context: UnsafeMutablePointer<Float>,
        scores: UnsafeMutablePointer<Float>
    ) {
        let key = query + shape.hidden
        let value = key + shape.hidden
        let count = Int32(truncatingIfNeeded: tokens)
        let size = Int32(truncatingIfNeeded: shape.headSize)
        let width = Int32(truncatingIfNeeded: 3 * shape.hidden)
        let stride = Workspace.stride(tokens)
        let step = Int32(truncatingIfNeeded: stride)
        let scale = 1 / Float(shape.headSize).squareRoot()
        cblas_sgemm(
            CblasRowMajor,
            CblasNoTrans,
            CblasTrans,
            count,
            count,
            size,
            scale,
            query,
            width,
            key,
            width,
            0,
            scores,
            step
        )
        Activation.softmax(scores, rows: tokens, count: tokens, stride: stride)
        let hidden = Int32(truncatingIfNeeded: shape.hidden)
        cblas_sgemm(
            CblasRowMajor,
            CblasNoTrans,
            CblasNoTrans,
            count,
            size,
            count,
            1,
            scores,
            step,
            value,
            width,
            0,
            context,
            hidden
        )
    }

    private func pool(
        _ rows: UnsafeMutablePointer<Float>,
        tokens: Int,
        _ pooling: SentenceConfiguration.Pooling
    ) -> Embedding {
        let width = shape.hidden
        var sum = [Float](repeating: 0, count: width)
        let pooled =
            switch pooling {
            case .mean: tokens
            case .first: min(1, tokens)
            }
        for row in 0..<pooled {
            for column in 0..<width { sum[column] += rows[row * width + column] }
        }
        // The mean's divisor falls out when the length becomes 1.
        let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return Embedding(values: length > 0 ? sum.map { $0 / length } : sum)
    }
}
