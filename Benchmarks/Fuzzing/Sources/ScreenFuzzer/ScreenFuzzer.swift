// Feeds bytes to the crisis screen, the conversation's memory and the guardrails. A crash, a match outside the text or an
// answer that differs from the last one is a finding.

import Assistant
import Foundation

private enum Screens {
    static let prompts: Prompts = {
        let folder = ProcessInfo.processInfo.environment["BELLWETHER_PROMPTS"] ?? "../Prompts"
        do {
            return try Prompts(directory: URL(filePath: folder, directoryHint: .isDirectory))
        } catch {
            fatalError("\(error)")
        }
    }()
    static let crisis = CrisisScreen(prompts)
    static let guardrails = GuardrailScreen(prompts)
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // Bytes that are no UTF-8 become replacement characters, as in any request that is read.
    let text = String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    var state = ConversationState()
    state.turns = 2
    state.lastRiskTurn = 1
    state.lastRiskTier = .imminent
    let finding = Screens.crisis.screen(text)
    precondition(
        finding.matches.allSatisfy { $0.start <= $0.end && $0.end <= text.utf8.count },
        "a match outside the text"
    )
    precondition(finding == Screens.crisis.screen(text), "two findings for one text")
    precondition(Screens.crisis.screen(text, state: state).tier >= finding.tier, "the conversation lowered a tier")
    _ = Screens.crisis.remember(finding, text: text, in: state)
    _ = Screens.guardrails.check(text)
    return 0
}
