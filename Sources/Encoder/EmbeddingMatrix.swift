internal import COpenBLAS

/// Many embeddings of one dimension, ready to be compared with one all at once.
public struct EmbeddingMatrix: Sendable {
    public let count: Int
    public let dimension: Int
    private let values: [Float]

    /// Those of another dimension than the first count as having nothing in common with any text.
    public init(_ embeddings: [Embedding]) {
        count = embeddings.count
        dimension = embeddings.first?.dimension ?? 0
        var values: [Float] = []
        values.reserveCapacity(count * dimension)
        for embedding in embeddings {
            if embedding.dimension == dimension {
                values.append(contentsOf: embedding.values)
            } else {
                values.append(contentsOf: repeatElement(0, count: dimension))
            }
        }
        self.values = values
    }

    /// The dot product of each with `embedding`, in order: the cosines, where all have length 1.
    public func similarities(to embedding: Embedding) -> [Float] {
        guard count > 0, dimension > 0, embedding.dimension == dimension,
            let rows = Int32(exactly: count), let columns = Int32(exactly: dimension)
        else { return [Float](repeating: 0, count: count) }
        return [Float](unsafeUninitializedCapacity: count) { result, initialized in
            cblas_sgemv(
                CblasRowMajor,
                CblasNoTrans,
                rows,
                columns,
                1,
                values,
                columns,
                embedding.values,
                1,
                0,
                result.baseAddress,
                1
            )
            initialized = count
        }
    }
}
