extension Route {
    /// Answers with a whole list: a document for each of what `handler` gives.
    func lists<Thing, Document: Codable & Sendable>(
        _ document: @escaping @Sendable (Thing) -> Document,
        handler: @escaping Handler<[Thing]>
    ) -> Endpoint {
        returns(Listing<Document>.self) { call in Listing(items: try await handler(call).map(document)) }
    }
}
