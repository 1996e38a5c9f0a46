public import Foundation

/// The repository's folder, found from where this file stands, whatever folder the tests run in.
public enum RepositoryRoot {
    public static let url = URL(filePath: #filePath).resolvingSymlinksInPath()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A file or folder of the repository, such as `Instruments`.
    public static func appending(_ path: String) -> URL { url.appending(path: path) }
}
