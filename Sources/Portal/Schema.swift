public import Store

/// The migrations of the portal's schema, oldest first. Each is a file in `Migrations/`, built into the program under its
/// name with the first digit dropped, since a digit cannot begin a Swift name.
public enum Schema {
    public static let migrator = Migrator([
        step(1, "foundation", PackageResources._001_foundation_sql),
        step(2, "access", PackageResources._002_access_sql),
        step(3, "accounts", PackageResources._003_accounts_sql),
        step(4, "sessions", PackageResources._004_sessions_sql),
        step(5, "audit", PackageResources._005_audit_sql),
        step(6, "records", PackageResources._006_records_sql),
        step(7, "profile", PackageResources._007_profile_sql),
        step(8, "temporary_passwords", PackageResources._008_temporary_passwords_sql),
        step(9, "origins_and_scopes", PackageResources._009_origins_and_scopes_sql),
        step(10, "declared_contacts", PackageResources._010_declared_contacts_sql),
        step(11, "encoder", PackageResources._011_encoder_sql),
        step(12, "content", PackageResources._012_content_sql),
        step(13, "hand_overs", PackageResources._013_hand_overs_sql),
        step(14, "wordings", PackageResources._014_wordings_sql),
        step(15, "replay", PackageResources._015_replay_sql),
        step(16, "practice_rules", PackageResources._016_practice_rules_sql),
    ])

    private static func step(_ version: Int, _ name: String, _ script: [UInt8]) -> Migration {
        Migration(version: version, name: name, script: String(decoding: script, as: UTF8.self))
    }
}
