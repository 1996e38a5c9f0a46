extension Assistant {
    /// The live fields that the articles nearest to a message name: what the reply to it may say with their values.
    public func liveFields(near reply: Reply) -> Set<String> {
        guard reply.decision == .answer || !reply.citations.isEmpty else { return [] }
        return reply.topics.prefix(3).reduce(into: []) { $0.formUnion(liveFieldNames[$1] ?? []) }
    }
}
