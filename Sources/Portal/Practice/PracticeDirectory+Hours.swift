import Foundation
public import Records
import Store

extension PracticeDirectory {
    /// Says when somebody of the principal's practice is there; nil leaves it unsaid again. Throws ``Refusal/invalid(pointer:message:remedy:)``
    /// for hours that cannot be meant, and `AccessDenied` for all but administrators, which is on record.
    public func setHours(_ hours: PracticeHours?, as principal: Principal) async throws {
        if let fault = hours?.faults.first {
            throw Refusal.invalid(
                pointer: fault.pointer,
                message: fault.message,
                remedy: "Write times as 09:00, days as 2026-12-25, and openings of a day in their order"
            )
        }
        let now = surroundings.now()
        try await change(
            "PRACTICE.HOURS",
            "practices",
            principal.practiceID.text,
            in: principal.practiceID,
            as: principal
        ) { transaction in
            guard principal.role == .administrator else { throw AccessDenied() }
            guard
                let practice = try transaction.fetchOne(
                    Practice.self,
                    "SELECT * FROM practices WHERE id = \(principal.practiceID)"
                )
            else { throw RecordNotFound() }
            var settings = practice.settings
            settings.hours = hours
            let text = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
            try transaction.execute(
                "UPDATE practices SET settings = \(text), updated_at = \(now) WHERE id = \(practice.id)"
            )
        }
    }
}
