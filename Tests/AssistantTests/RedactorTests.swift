import Testing

@testable import Assistant

@Suite struct RedactorTests {
    typealias Kind = Redaction.Kind

    @Test(arguments: [
        ("my ssn is 123-45-6789", Kind.ssn),
        ("123-45-6789", .ssn),
        ("SSN 123456789", .ssn),
        ("ssn: 123 45 6789", .ssn),
        ("my social is 123.45.6789 thanks", .ssn),
        ("my ssn is one two three, four five, six seven eight nine", .ssn),
        ("the last four of my ssn are 6789", .ssn),
        ("mi número de seguro social es 123-45-6789", .ssn),
        ("card 4111 1111 1111 1111 please", .card),
        ("4111-1111-1111-1111", .card),
        ("4111111111111111", .card),
        ("4111\u{200B}1111\u{200B}1111\u{200B}1111", .card),
        ("４１１１１１１１１１１１１１１１", .card),
        ("amex 3782 822463 10005", .card),
        ("four one one one one one one one one one one one one one one one", .card),
        ("forty one eleven eleven eleven eleven eleven eleven eleven", .card),
        ("my visa number is 4111 1111 1111 1112", .card),
        ("the cvv is 123", .card),
        ("my bank account is 123456789012", .account),
        ("routing number 021000021", .account),
        ("GB82 WEST 1234 5698 7654 32", .account),
        ("my password is hunter2", .password),
        ("password: Sunshine1", .password),
        ("my password is sunshine", .password),
        ("username bob password Tr0ub4dor&3", .password),
        ("mi contraseña es gatito99", .password),
        ("my PIN is 4821", .password),
        ("the verification code is 482913", .password),
        ("my passport number is X12345678", .governmentID),
        ("driver's license D1234567", .governmentID),
        ("medicare 1EG4-TE5-MK73", .governmentID),
        ("state id number 12345678", .governmentID),
        ("A-number A012345678 is my only id", .governmentID),
        ("backup codes are 8823-1190 and 7741-0026", .password),
    ])
    func `what is private is found and does not stay`(_ text: String, _ kind: Kind) throws {
        let redaction = Redactor.redact(text)
        #expect(redaction.found == [kind])
        #expect(redaction.text.contains(kind.placeholder))
        let digits = text.filter(\.isNumber)
        if digits.count >= 4 { #expect(!redaction.text.filter(\.isNumber).contains(digits.suffix(4))) }
    }

    @Test(arguments: [
        "4111111111111112", "claim number 4111 1111 1111 1111", "invoice INV-20231145", "#4111111111111111",
        "call me back at 555-123-4567", "my number is (555) 123-4567", "5551234567 or 5559876543",
        "I was charged $1,234.56 on 2026-03-04",
        "my password is not working", "my password is wrong", "i forgot my password", "my password expired yesterday",
        "how do I reset my password", "password reset link doesn't work 2 times", "my password is being rejected",
        "zip 12345-6789",
        "session 3 on 4/5, PHQ-9 was 12", "call 988 or 1-800-273-8255", "my member id is 123456789", "order 123456789",
        "I have two or three questions about four bills", "000-12-3456", "666-12-3456",
        "my appointment is 11/21/2026 at 10:30",
        "where do I type the verification code", "I lost my passport, can I still use the portal", "",
    ])
    func `numbers that are needed stay`(_ text: String) {
        #expect(Redactor.redact(text) == Redaction(text: text, found: []))
    }

    @Test func `a card number stays out only while its check digit is right`() {
        let base = "411111111111111"
        let masked = (0...9).filter { !Redactor.redact("pay with \(base)\($0)").found.isEmpty }
        #expect(masked == [1])
    }

    @Test func `several secrets are each removed, and the rest is left as it was`() {
        let redaction = Redactor.redact("ssn 123-45-6789, card 4111 1111 1111 1111 — thanks 🙂")
        #expect(redaction.text == "ssn [SSN removed], card [card number removed] — thanks 🙂")
        #expect(redaction.found == [.ssn, .card])
    }

    @Test func `redacting twice changes nothing more`() {
        for text in ["my ssn is 123-45-6789", "password: abc123!x", "routing 021000021 account 123456789"] {
            let once = Redactor.redact(text).text
            #expect(Redactor.redact(once).text == once)
        }
    }

    @Test func `very long texts are read to the end`() {
        let text = String(repeating: "one more word 12 ", count: 6000) + "my ssn is 123-45-6789"
        #expect(Redactor.redact(text).found == [.ssn])
    }
}
