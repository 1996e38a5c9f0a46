extension Assistant {
    /// The live fields of the articles that a reply quotes: what it may say besides with their values.
    public func liveFields(near reply: Reply) -> Set<String> {
        guard reply.decision == .answer || !reply.citations.isEmpty else { return [] }
        let quoted = Set(reply.citations.map(\.articleID) + reply.topics.prefix(1))
        return quoted.reduce(into: []) { $0.formUnion(liveFieldNames[$1] ?? []) }
    }
}
