import Delivery
import Foundation
import Portal
import Support
import Testing

@Suite("Mail into a folder")
struct MailFolderTests {
    @Test func `each message is one file, however often it is sent, that only the service reads`() async throws {
        let home = try TestFolder()
        let folder = MailFolder(home.url.appending(path: "mail"), from: try #require(Sample.sender))
        try await folder.send(Sample.message())
        try await folder.send(Sample.message())
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.folder.path)
        #expect(names == ["\(Sample.message().id).eml"])
        func permissions(_ url: URL) throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int
        }
        #expect(try permissions(folder.folder) == 0o700)
        #expect(try permissions(folder.folder.appending(path: try #require(names.first))) == 0o600)
    }

    @Test func `a folder that cannot be written is tried again`() async throws {
        let home = try TestFolder()
        let blocked = home.url.appending(path: "mail")
        try Data().write(to: blocked)
        let folder = MailFolder(blocked, from: try #require(Sample.sender))
        await #expect(throws: MailFailure.temporary(reason: "the mail folder cannot be written")) {
            try await folder.send(Sample.message())
        }
    }
}
