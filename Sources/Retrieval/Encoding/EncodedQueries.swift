import Encoder
import Synchronization

/// The vectors of the texts that one message is looked up by: hand it along with every search for that message, and no text
/// is encoded twice. Belongs to one index.
public final class EncodedQueries: Sendable {
    private let known = Mutex<[String: Embedding]>([:])

    public init() {}

    /// The vectors of `queries`, in their order. Those that are not known yet are made together.
    func vectors(of queries: [String], by evidence: any SecondEvidence) -> [Embedding] {
        var vectors = known.withLock { known in queries.reduce(into: [:]) { $0[$1] = known[$1] } }
        var missing: [String] = []
        for query in queries where vectors[query] == nil && !missing.contains(query) { missing.append(query) }
        if !missing.isEmpty {
            let made = Dictionary(zip(missing, evidence.encode(missing))) { first, _ in first }
            known.withLock { $0.merge(made) { first, _ in first } }
            vectors.merge(made) { first, _ in first }
        }
        return queries.compactMap { vectors[$0] }
    }
}
