/// One layer of a BERT encoder (Devlin and others, 2018): attention and a feed-forward net, each added to what came in
/// and normalized.
struct BertLayer {
    /// Query, key and value as one.
    let projection: Linear
    let attentionOutput: Linear
    let attentionNormalization: Normalization
    let intermediate: Linear
    let output: Linear
    let outputNormalization: Normalization

    init(_ tensors: SafeTensors, _ name: String, shape: ModelConfiguration) throws(EncoderError) {
        var parts: [Linear] = []
        for part in ["query", "key", "value"] {
            parts.append(
                try Linear(
                    tensors,
                    "\(name).attention.self.\(part)",
                    inputs: shape.hidden,
                    outputs: shape.hidden
                )
            )
        }
        projection = Linear(joining: parts, inputs: shape.hidden)
        attentionOutput = try Linear(
            tensors,
            "\(name).attention.output.dense",
            inputs: shape.hidden,
            outputs: shape.hidden
        )
        attentionNormalization = try Normalization(
            tensors,
            "\(name).attention.output.LayerNorm",
            width: shape.hidden,
            epsilon: shape.epsilon
        )
        intermediate = try Linear(
            tensors,
            "\(name).intermediate.dense",
            inputs: shape.hidden,
            outputs: shape.intermediate
        )
        output = try Linear(tensors, "\(name).output.dense", inputs: shape.intermediate, outputs: shape.hidden)
        outputNormalization = try Normalization(
            tensors,
            "\(name).output.LayerNorm",
            width: shape.hidden,
            epsilon: shape.epsilon
        )
    }
}
