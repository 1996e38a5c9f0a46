import Testing

@testable import ModelEndpoint

@Suite("Settings of a language model")
struct ModelSettingsTests {
    @Test(arguments: [
        "https://models.example/v1", "https://models.example:8443/v1/", "http://127.0.0.1:11434/v1",
        "http://localhost:8000/v1", "http://[::1]:8000/v1", "http://127.3.4.5/v1",
    ])
    func `an encrypted server is taken, and a plain one on this machine`(url: String) throws {
        #expect(throws: Never.self) { try ModelSettings(url: url, model: "m", key: "k") }
    }

    @Test(arguments: [
        "http://models.example/v1", "http://10.0.0.5/v1", "http://127.0.0.1.evil.example/v1", "http://127.0.0/v1",
        "http://localhost.example/v1", "http://0.0.0.0/v1", "http://[::2]/v1",
        "ftp://models.example", "models.example", "", "https://", "https://user@models.example/v1",
        "https://user:secret@models.example/v1", "https://models.example/v1?key=secret", "https://models.example/v1#x",
    ])
    func `anything else is refused, and the fault holds no secret`(url: String) {
        do {
            _ = try ModelSettings(url: url, model: "m", key: nil)
            Issue.record("\(url) was taken")
        } catch {
            #expect(!error.description.contains("secret"))
        }
    }

    @Test(arguments: ["", "two words", "a\nb", "é"])
    func `a model has a plain name, and a key is one line`(text: String) {
        #expect(throws: ModelSettings.Fault.self) { try ModelSettings(url: "https://a.example", model: text, key: nil) }
        #expect(throws: ModelSettings.Fault.self) { try ModelSettings(url: "https://a.example", model: "m", key: text) }
    }

    @Test func `the key shows nowhere`() throws {
        let settings = try ModelSettings(url: "https://models.example/v1", model: "m", key: "zebrafinch")
        var dumped = ""
        dump(settings, to: &dumped)
        let endpoint = ModelEndpoint(settings)
        dump(endpoint, to: &dumped)
        for text in [
            "\(settings)", String(reflecting: settings), dumped, settings.server, "\(endpoint)", endpoint.server,
        ] {
            #expect(!text.contains("zebrafinch"))
        }
        #expect(settings.server == "models.example:443")
    }
}
