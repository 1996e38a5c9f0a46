import Testing

@testable import Records

@Suite("The program that asked, in the audit")
struct UserAgentCodeTests {
    @Test(arguments: [
        (
            "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
            "firefox-128.linux"
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
            "chrome-131.windows"
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.2903.51",
            "edge-131.windows"
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1",
            "safari-17.ios"
        ),
        (
            "Mozilla/5.0 (Linux; Android 14; SM-S918B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
            "samsung-25.android"
        ),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 Version/17.5 Safari/605.1.15",
            "safari-17.macos"
        ),
        ("curl/8.14.1", "curl-8"), ("python-requests/2.32", "python-2"), ("", "none"), ("I have been so sad", "other"),
        ("Firefox/", "firefox"), ("Firefox/12345678", "firefox-1234"), ("Chrome/1;DROP", "chrome-1"),
        ("Firefox/\u{663}1", "firefox"), ("\u{0}\n", "other"),
        (String(repeating: "x", count: 600) + "Firefox/128", "other"),
    ])
    func `is a family and a number, whatever the program writes`(field: String, code: String) {
        #expect(UserAgentCode(field).text == code)
        #expect(code.utf8.count <= 32)
        #expect(UserAgentCode(nil).text == "none")
    }
}
