/// What was awaited took too long.
struct DeadlinePassed: Error {}

/// Runs `body` until `deadline` from now at the longest. Throws ``DeadlinePassed``, and cancels it, when it takes longer.
func withDeadline<Result: Sendable>(_ deadline: Duration, _ body: @escaping @Sendable () async throws -> Result)
    async throws -> Result
{
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask(operation: body)
        group.addTask {
            try await Task.sleep(for: deadline)
            throw DeadlinePassed()
        }
        defer { group.cancelAll() }
        guard let first = try await group.next() else { throw DeadlinePassed() }
        return first
    }
}
