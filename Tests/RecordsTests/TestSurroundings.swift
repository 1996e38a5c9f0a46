import Synchronization

@testable import Records

/// A clock that a test sets, and random bytes that are the same in every run.
final class TestSurroundings: Sendable {
    private let clock: Mutex<Timestamp>
    private let generator: Mutex<SeededGenerator>

    init(now: Timestamp = Timestamp(milliseconds: 1_780_000_000_000), seed: UInt64 = 1) {
        clock = Mutex(now)
        generator = Mutex(SeededGenerator(seed: seed))
    }

    var now: Timestamp { clock.withLock { $0 } }

    func advance(_ duration: Duration) { clock.withLock { $0 = $0.adding(duration) } }

    var surroundings: Surroundings {
        Surroundings(
            now: { self.now },
            random: { count in
                self.generator.withLock { generator in
                    (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
                }
            }
        )
    }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers in every run.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
