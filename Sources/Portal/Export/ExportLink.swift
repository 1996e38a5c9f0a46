import Crypto
import Foundation
import Records
import Store

/// A link to one file of an export: signed, for one account, and good for a few minutes. Needs no session, so that a browser's
/// download can use it; the access itself is decided anew when it is followed.
struct ExportLink: Sendable, Hashable {
    let export: ID<DataExport>
    let format: DataExport.Format
    let client: ID<Client>
    let practice: ID<Practice>
    let account: ID<PortalAccountTag>
    /// Whether the account is the client's own, or of somebody who acts for them.
    let isOwn: Bool
    let expiresAt: Timestamp

    private var payload: String {
        "\(export)|\(format.rawValue)|\(client)|\(practice)|\(account)|\(isOwn ? "own" : "proxy")|\(expiresAt.milliseconds)"
    }

    func text(key: SymmetricKey) -> String {
        let bytes = Data(payload.utf8)
        let code = Data(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
        return "\(Self.base64url(bytes)).\(Self.base64url(code))"
    }

    init(
        export: ID<DataExport>,
        format: DataExport.Format,
        client: ID<Client>,
        practice: ID<Practice>,
        account: ID<PortalAccountTag>,
        isOwn: Bool,
        expiresAt: Timestamp
    ) {
        self.export = export
        self.format = format
        self.client = client
        self.practice = practice
        self.account = account
        self.isOwn = isOwn
        self.expiresAt = expiresAt
    }

    /// Nil for what was not signed with `key`.
    init?(_ text: String, key: SymmetricKey) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let bytes = Self.data(parts[0]), let code = Self.data(parts[1]),
            HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bytes, using: key)
        else { return nil }
        let fields = String(decoding: bytes, as: UTF8.self).split(separator: "|").map(String.init)
        guard fields.count == 7, let export = ID<DataExport>(fields[0]),
            let format = DataExport.Format(rawValue: fields[1]), let client = ID<Client>(fields[2]),
            let practice = ID<Practice>(fields[3]), let account = ID<PortalAccountTag>(fields[4]),
            let expiry = Int64(fields[6])
        else { return nil }
        self.init(
            export: export,
            format: format,
            client: client,
            practice: practice,
            account: account,
            isOwn: fields[5] == "own",
            expiresAt: Timestamp(milliseconds: expiry)
        )
    }

    private static func base64url(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func data(_ text: Substring) -> Data? {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        return Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
    }
}
