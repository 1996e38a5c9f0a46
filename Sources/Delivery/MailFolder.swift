public import Foundation
public import Portal

/// The embedded way out: every message becomes a file in a folder, for trying things out and for practices that pass them on
/// by other means. Only the user that runs the service can read them, since they hold one-time links.
public struct MailFolder: MailSending {
    public let folder: URL
    private let sender: MailAddress

    public init(_ folder: URL, from sender: MailAddress) {
        self.folder = folder
        self.sender = sender
    }

    /// Writes `<id>.eml`. The same message again is the same file.
    public func send(_ message: MailMessage) async throws {
        let text = try InternetMessage(message, from: sender).text
        let files = FileManager.default
        let unfinished = folder.appending(path: ".\(message.id).part")
        let file = folder.appending(path: "\(message.id).eml")
        do {
            try files.createDirectory(
                at: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try? files.removeItem(at: unfinished)
            guard
                files.createFile(
                    atPath: unfinished.path,
                    contents: Data(text.utf8),
                    attributes: [.posixPermissions: 0o600]
                )
            else { throw CocoaError(.fileWriteUnknown) }
            // In one step, so that whoever watches the folder never sees half a message.
            guard rename(unfinished.path, file.path) == 0 else { throw CocoaError(.fileWriteUnknown) }
        } catch {
            throw MailFailure.temporary(reason: "the mail folder cannot be written")
        }
    }
}
