public import Store

/// The migrations of the portal's schema, oldest first. Each is a file in `Migrations/`, built into the program under its
/// name with the first digit dropped, since a digit cannot begin a Swift name.
public enum Schema {
    public static let migrator = Migrator([
        Migration(
            version: 1,
            name: "foundation",
            script: String(decoding: PackageResources._001_foundation_sql, as: UTF8.self)
        ),
        Migration(
            version: 2,
            name: "access",
            script: String(decoding: PackageResources._002_access_sql, as: UTF8.self)
        ),
        Migration(
            version: 3,
            name: "accounts",
            script: String(decoding: PackageResources._003_accounts_sql, as: UTF8.self)
        ),
        Migration(
            version: 4,
            name: "sessions",
            script: String(decoding: PackageResources._004_sessions_sql, as: UTF8.self)
        ),
        Migration(
            version: 5,
            name: "audit",
            script: String(decoding: PackageResources._005_audit_sql, as: UTF8.self)
        ),
        Migration(
            version: 6,
            name: "records",
            script: String(decoding: PackageResources._006_records_sql, as: UTF8.self)
        ),
        Migration(
            version: 7,
            name: "profile",
            script: String(decoding: PackageResources._007_profile_sql, as: UTF8.self)
        ),
    ])
}
