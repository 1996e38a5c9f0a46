import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Server

@Suite struct HTTPQueryTests {
    @Test(arguments: [
        ("limit=0", ["?limit should be between 1 and 100"], "Send a number in that range"),
        ("limit=ten", ["?limit should be a whole number"], "Write digits, such as 2"),
        ("limit=1e9", ["?limit should be between 1 and 100"], "Send a number in that range"),
        ("limit=99999999999999999999", ["?limit should be a whole number"], "Write digits, such as 2"),
        ("limit=", ["?limit should be a whole number"], "Write digits, such as 2"),
        ("limit=1&limit=2", ["?limit is given more than once"], "Give it once"),
        ("is_active=yes", ["?is_active should be true or false"], "Write true or false"),
        ("mood=god", ["?mood is none of the choices"], "Did you mean `GOOD`?"),
        ("serch=a", ["?serch `serch` is not known here"], "Did you mean `search`?"),
        ("cursor=%25%25", ["?cursor is not accepted"], "Check how it is written"),
        ("search=%FF", ["?search is not UTF-8"], "Encode it as %XX of its UTF-8 bytes"),
        ("search=%00", ["?search holds the character U+0000"], "Remove that character"),
    ])
    func `a parameter that is wrong is named`(query: String, errors: [String], remedy: String) async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/clients?\(query)", as: "CLINICIAN")
            #expect(answer.status == 422)
            #expect(answer.problem == "invalid")
            #expect(answer.errors == errors)
            #expect(answer.remedies == [remedy])
        }
    }

    @Test func `an endpoint without parameters takes none`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/health/live?x=1")
            #expect(answer.status == 422)
            #expect(answer.errors == ["?x `x` is not known here"])
            #expect(try await client.send(.get, "/health/live?").status == 200)
        }
    }

    @Test(arguments: [
        "search=Client+7", "search=Client%207", "search=Client+7&tag=a&tag=b&is_active=true&mood=LOW&limit=2.0",
    ])
    func `parameters are read as forms write them`(query: String) async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/clients?\(query)", as: "CLINICIAN")
            #expect(answer.json["items"]?[0] == ["id": 7, "name": "Client 7"])
        }
    }

    @Test(arguments: [1, 7, 50, 60, 100])
    func `the pieces of a list make up the list`(limit: Int) async throws {
        try await Toy.application().test(.router) { client in
            var rows: [ClientRow] = []
            var query: String? = "limit=\(limit)"
            while let next = query {
                let answer = try await client.send(.get, "/api/v1/clients?\(next)", as: "CLINICIAN")
                let piece = try JSONCoding.decode(Listing<ClientRow>.self, from: answer.json)
                #expect(piece.items.count <= limit)
                rows += piece.items
                query = piece.nextCursor.map { "limit=\(limit)&cursor=\($0.text)" }
            }
            #expect(rows.map(\.id) == Array(1...120))
        }
    }

    @Test func `without a limit a piece holds fifty`() async throws {
        try await Toy.application().test(.router) { client in
            let answer = try await client.send(.get, "/api/v1/clients", as: "CLINICIAN")
            let piece = try JSONCoding.decode(Listing<ClientRow>.self, from: answer.json)
            #expect(piece.items.count == 50)
            #expect(piece.nextCursor == Cursor(50))
        }
    }

    @Test(arguments: [
        Cursor("a"), Cursor("", ""), Cursor(1_700_000_000_000, "żółć 🌱", #"a"b\c"#), Cursor("?/&=+>>>???"),
    ])
    func `a cursor comes back as it went out, and needs no escaping`(cursor: Cursor) {
        #expect(Cursor(cursor.text) == cursor)
        #expect(cursor.text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
    }
}
