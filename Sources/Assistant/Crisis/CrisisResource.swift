/// A way to reach help, in the language of the panel that shows it.
public struct CrisisResource: Sendable, Codable, Hashable {
    public let id: String
    public let name: String
    /// Number to call, as it is written out.
    public let call: String?
    /// Number to text.
    public let text: String?
    /// Host name of a chat page.
    public let chat: String?
    public let hours: String?
    public let note: String?

    /// `tel:` address of the number to call.
    public var callLink: String? { call.map { "tel:" + Self.digits($0) } }
    /// `sms:` address of the number to text.
    public var textLink: String? { text.map { "sms:" + Self.digits($0) } }

    private static func digits(_ number: String) -> String { String(number.filter { $0.isNumber || $0 == "+" }) }

    init(
        id: String,
        name: String,
        call: String? = nil,
        text: String? = nil,
        chat: String? = nil,
        hours: String? = nil,
        note: String? = nil
    ) {
        self.id = id
        self.name = name
        self.call = call
        self.text = text
        self.chat = chat
        self.hours = hours
        self.note = note
    }
}
