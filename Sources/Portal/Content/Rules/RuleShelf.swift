import Assistant
import Records
import Store
import Synchronization

/// The rules that are in force for each practice: the built-in ones, and its own beside them.
///
/// The built-in ones come from the Prompts folder and are the same for all; a practice's own come from the database and are
/// read again when another version is published, here or on another node. A set that cannot be read is passed over: the one
/// before it stays, and without one the built-in rules stand alone.
final class RuleShelf: Sendable {
    let builtIn: Prompts
    private let database: Database
    private let live = Mutex<[ID<Practice>: InForce]>([:])

    struct InForce: Sendable {
        /// Nil without rules of its own.
        let version: Int?
        let prompts: Prompts
        /// The version that is published and could not be read.
        var faultyVersion: Int?
    }

    init(builtIn: Prompts, database: Database) {
        self.builtIn = builtIn
        self.database = database
    }

    func inForce(_ practice: ID<Practice>) -> InForce {
        live.withLock { $0[practice] } ?? InForce(version: nil, prompts: builtIn)
    }

    func prompts(of practice: ID<Practice>) -> Prompts { inForce(practice).prompts }

    /// Takes up what was published since, and returns the practices whose rules changed.
    func refresh() async throws -> Set<ID<Practice>> {
        let latest = try await database.read { transaction in
            try transaction.fetch(
                PracticeRuleVersion.self,
                """
                SELECT s.* FROM practice_rule_sets s
                WHERE s.version = (SELECT MAX(o.version) FROM practice_rule_sets o WHERE o.practice_id = s.practice_id)
                """
            )
        }
        var changed: Set<ID<Practice>> = []
        for set in latest {
            let now = inForce(set.practiceID)
            guard now.version != set.version, now.faultyVersion != set.version else { continue }
            take(set)
            changed.insert(set.practiceID)
        }
        return changed
    }

    private func take(_ set: PracticeRuleVersion) {
        var next = inForce(set.practiceID)
        do {
            let prompts = try builtIn.adding(set.written.active, version: set.version)
            next = InForce(version: set.version, prompts: prompts)
        } catch {
            next.faultyVersion = set.version
        }
        live.withLock { $0[set.practiceID] = next }
    }
}
