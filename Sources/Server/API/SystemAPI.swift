import HTTPTypes
import Portal
import Records

/// Whether the service lives, and whether it can serve.
struct SystemAPI: Sendable {
    private let readiness: ReadinessProbe

    init(portal: Portal) { readiness = ReadinessProbe(portal: portal) }

    var endpoints: [Endpoint] {
        [
            Route(.get, "/health/live", "Whether the process lives", requirements: ["PERF-07"], access: .anyone)
                .returns(LivenessDocument.self) { _ in
                    LivenessDocument(status: "alive")
                },
            Route(
                .get,
                "/health/ready",
                "Whether the service can serve: its database reads and writes",
                requirements: ["PERF-07"],
                access: .anyone
            )
            .returns(Reply<ReadinessDocument>.self) { _ in
                let checks = await readiness.checks()
                let isReady = checks.values.allSatisfy { $0 == "ok" }
                return Reply(
                    ReadinessDocument(ready: isReady, checks: checks),
                    status: isReady ? .ok : .serviceUnavailable
                )
            },
        ]
    }
}
