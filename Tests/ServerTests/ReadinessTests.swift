import Records
import Support
import Testing

@testable import Server

@Suite("Readiness")
struct ReadinessTests {
    @Test func `asking often costs nothing, and what is found shows within seconds`() async throws {
        let house = try await TestPortal(articles: [])
        let probe = ReadinessProbe(portal: house.portal)
        #expect(await probe.checks()["write"] == "ok")
        try await house.sabotage()
        for _ in 0..<3 { #expect(await probe.checks()["write"] == "ok", "not looked at again") }
        house.clock.advance(ReadinessProbe.freshness)
        #expect(await probe.checks()["write"] != "ok")
        try await house.heal()
        house.clock.advance(ReadinessProbe.freshness)
        #expect(await probe.checks()["write"] == "ok")
    }
}
