/// What went wrong with the database. Carries no statement and no bound value, so it is safe to log.
public enum StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A UNIQUE, CHECK, NOT NULL or FOREIGN KEY rule of the schema refused the change. `rule` names it as SQLite does,
    /// such as `UNIQUE constraint failed: portal_accounts.client_id`.
    case constraint(rule: String)
    /// Another connection held the write lock for longer than the busy time-out.
    case busy
    /// The disk is full.
    case full
    /// The database, its folder or its disk cannot be written.
    case readOnly
    /// The file cannot be opened.
    case cannotOpen(path: String)
    /// The file is no database, or is damaged.
    case corrupt
    /// Reading or writing the disk failed.
    case inputOutput
    /// The database was written by a newer version of this program.
    case newerSchema(found: Int, known: Int)
    /// An applied migration is not the one this program knows under that number.
    case changedMigration(version: Int, name: String)
    /// A row does not have the shape that the program expects.
    case unexpectedRow(column: String)
    /// A sealed column cannot be opened: wrong or destroyed key, or the value was tampered with.
    case unsealable(column: String)
    /// Anything else, with SQLite's extended result code.
    case other(code: Int)

    public var description: String {
        switch self {
        case .constraint(let rule): "The change breaks a rule of the database: \(rule)"
        case .busy: "The database is busy. Try again."
        case .full: "The disk is full. Free some space; nothing that was acknowledged is lost."
        case .readOnly: "The database cannot be written. Check the permissions of its file and folder, and the disk."
        case .cannotOpen(let path):
            "The database \(path) cannot be opened. Check that its folder exists and can be written."
        case .corrupt: "The file is not a sound database. Restore the last backup."
        case .inputOutput: "The disk could not be read or written."
        case .newerSchema(let found, let known):
            "The database has schema version \(found), and this program knows versions up to \(known). Install the newer program."
        case .changedMigration(let version, let name):
            "Migration \(version) (\(name)) was applied with another content. Use the program that wrote this database."
        case .unexpectedRow(let column): "The column \(column) holds a value of another kind than the program expects."
        case .unsealable(let column): "The column \(column) cannot be unsealed. Its key is missing, wrong or destroyed."
        case .other(let code): "The database answered with code \(code)."
        }
    }

    /// Whether the store as a whole is unable to write now, as against a fault of the one statement.
    public var isUnavailable: Bool {
        switch self {
        case .busy, .full, .readOnly, .cannotOpen, .corrupt, .inputOutput: true
        default: false
        }
    }
}
