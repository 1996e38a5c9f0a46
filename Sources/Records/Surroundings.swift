import Foundation

/// What a program takes from the outside world: the time and randomness. Chosen once at start-up; a test hands in its own.
public struct Surroundings: Sendable {
    public let now: @Sendable () -> Timestamp
    /// As many cryptographically random bytes as asked for.
    public let random: @Sendable (Int) -> [UInt8]

    public init(now: @escaping @Sendable () -> Timestamp, random: @escaping @Sendable (Int) -> [UInt8]) {
        self.now = now
        self.random = random
    }

    /// The system's clock and its cryptographic random source.
    public static let system = Surroundings(
        now: { Timestamp(Date()) },
        random: { count in
            var generator = SystemRandomNumberGenerator()
            return (0..<max(0, count)).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        }
    )

    public func newID<Entity>(_ type: Entity.Type = Entity.self) -> ID<Entity> { ID(now: now(), random: random(10)) }
}
