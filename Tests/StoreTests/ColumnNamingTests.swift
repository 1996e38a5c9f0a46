import Testing

@testable import Store

@Suite("Names of columns")
struct ColumnNamingTests {
    @Test(arguments: [
        ("id", "id"), ("body", "body"), ("clientID", "client_id"), ("clientId", "client_id"),
        ("isAnonymous", "is_anonymous"),
        ("practiceID", "practice_id"), ("lockedUntil", "locked_until"), ("htmlURLPath", "html_url_path"),
        ("URL", "url"),
        ("urlPath", "url_path"), ("primaryTherapistID", "primary_therapist_id"),
        ("assignedByUserID", "assigned_by_user_id"),
        ("sourceSHA256", "source_sha256"), ("sourceSha256", "source_sha256"), ("mfaSecret", "mfa_secret"),
        ("lastIP", "last_ip"),
        ("aB", "a_b"), ("snake_case", "snake_case"), ("phq9Score", "phq9_score"), ("", ""),
    ])
    func `a property's name in snake case is its column`(property: String, column: String) {
        #expect(ColumnNaming.column(for: property) == column)
    }
}
