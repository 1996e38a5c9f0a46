import Foundation
import HTTPTypes
import Knowledge
import Portal
import Records
import Retrieval
import Support
import Testing

@testable import Server

/// The editors' work over HTTP.
@Suite("Editing over HTTP")
struct ContentWalkTests {
    private static let base = "/api/v1/content/resources"
    private static let one = "\(base)/\(DraftArticle.slug)/languages/en"
    private static let question = "Can I bring my dog to my session?"

    private func ask(_ question: String, _ client: Caller) async throws -> Caller.Answer {
        let chat = try #require(try await client.post("/api/v1/portal/chat/conversations")["id"]?.text)
        return try await client.post("/api/v1/portal/chat/conversations/\(chat)/messages", ["text": .string(question)])
    }

    private func number(_ value: JSONValue?) -> Int64? { if case .integer(let number)? = value { number } else { nil } }

    private func put(_ source: String, _ caller: Caller, ifMatch: String) async throws -> Caller.Answer {
        try await caller.send(
            .put,
            "\(Self.one)/draft",
            bytes: try JSONCoding.encode(JSONValue.object(["source": .string(source)])),
            headers: [.ifMatch: ifMatch]
        )
    }

    @Test func `an editor closes a gap, from the question to the proof that it is answered`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            // Three clients ask, and nothing answers them.
            let maya = try await caller.asClient("maya")
            for (name, question) in [
                ("maya", Self.question), ("jordan", "is it ok to bring my dog along to the session"),
                ("priya", "can I bring my dog Biscuit to the session"),
            ] {
                let answer = try await ask(question, try await caller.asClient(name))
                #expect(answer["decision"]?.text != "answer")
                server.house.clock.advance(.minutes(5))
            }
            try await server.house.drainWork()

            // The editor finds the gap: how often it was asked, and the question without what only one of them wrote.
            let edda = try await caller.asStaff("edda")
            let gap = try #require(try await edda.get("/api/v1/content/gaps")["items"]?[0])
            #expect(gap["questions"] == 3 && gap["clients"] == 3)
            #expect(!(try await edda.get("/api/v1/content/gaps").text.contains("Biscuit")))
            let id = try #require(gap["gap"]?["id"]?.text)

            // They write an article for it and link the two.
            let created = try await edda.post(Self.base, ["source": .string(DraftArticle.source())])
            #expect(created.status == 201)
            #expect(created.headers[.eTag] == "\"1\"")
            let linked = try await edda.send(
                .patch,
                "/api/v1/content/gaps/\(id)",
                bytes: Array(#"{"paraphrase": "May a dog come along?", "article": "dog-visits"}"#.utf8)
            )
            #expect(linked["state"]?.text == "DRAFTED")

            // Before anything is published, the check says that it would answer them and take no good answer away.
            let check = try await edda.post("\(Self.one)/draft/check")
            #expect(check["blocked"] == .boolean(false), "\(check.text)")
            #expect(check["unanswered"] == 3 && check["would_answer"] == 3, "\(check.text)")
            #expect(check["gaps"]?[0]?["gap"]?.text == id)
            #expect(check["gaps"]?[0]?["answered"] == 3)
            #expect(check["lost"] == [] && check["would_change"] == 0)
            let trial = try await edda.post(
                "/api/v1/content/preview",
                ["question": .string(Self.question), "article": .string(DraftArticle.slug)]
            )
            #expect(trial["published"]?["decision"]?.text != "answer")
            #expect(trial["draft"]?["articles"]?[0]?.text == DraftArticle.slug)
            let preview = try await edda.get("\(Self.one)/preview")
            #expect(preview["html"]?.text?.contains("<h2 id=\"in-the-waiting-room\">") == true)

            // Somebody else reads it, and it goes out.
            #expect(try await edda.post("\(Self.one)/draft/submit")["state"]?.text == "IN_REVIEW")
            #expect(try await edda.post("\(Self.one)/draft/approve", [:]).status == 409)
            let ada = try await caller.asStaff("ada")
            #expect(try await ada.post("\(Self.one)/draft/approve", ["note": "Good."])["state"]?.text == "APPROVED")
            let before = try await ask(Self.question, maya)
            #expect(before["decision"]?.text != "answer")
            let version = try await edda.post("\(Self.one)/draft/publish")
            #expect(version["version"] == 1 && version["live"] == .boolean(true))

            // Asked again, it is answered, with a citation of this version.
            server.house.clock.advance(.minutes(5))
            let answer = try await ask(Self.question, maya)
            #expect(answer["decision"]?.text == "answer")
            #expect(answer["citations"]?[0]?["article"]?.text == DraftArticle.slug)
            #expect(answer["citations"]?[0]?["version"] == 1)

            // The gap is proven closed, and the report counts it.
            try await server.house.drainWork()
            let proven = try await edda.post("/api/v1/content/gaps/\(id)/prove")
            #expect(proven["state"]?.text == "PROVEN", "\(proven.text)")
            #expect(proven["asked_again"] == 4 && proven["answered"] == 4)
            let report = try await edda.get("/api/v1/content/report")
            #expect(report["gaps"]?["PROVEN"] == 1)
            #expect(report.text.contains("dog-visits"))
            for word in ["Biscuit", "maya", "Maya", server.house.people.client.id.text] {
                #expect(!report.text.contains(word))
            }
        }
    }

    @Test func `no draft comes out at any door, in whatever state it is`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let edda = try await caller.asStaff("edda")
            let ada = try await caller.asStaff("ada")
            let maya = try await caller.asClient("maya")
            let cora = try await caller.asStaff("cora")
            let marked = DraftArticle.source(lead: DraftArticle.lead + " Ask for Zebrafinch.")
            func expectHidden(_ state: String) async throws {
                for reader in [maya, cora, caller] {
                    for path in [
                        "/api/v1/portal/resources", "/api/v1/portal/resources/dog-visits",
                        "/api/v1/portal/recommendations", "/api/v1/portal/crisis/resources", "/", Self.one,
                        Self.base, "\(Self.one)/preview", "\(Self.one)/diff", "\(Self.base)/dog-visits/history",
                    ] {
                        let answer = try await reader.get(path)
                        #expect(!answer.text.lowercased().contains("zebrafinch"), "\(state) \(path)")
                        #expect(!answer.text.contains("dog-visits"), "\(state) \(path)")
                    }
                }
                for question in [Self.question, "zebrafinch", "do you allow service dogs in therapy"] {
                    let answer = try await ask(question, maya)
                    #expect(!answer.text.contains("dog-visits"), "\(state) \(question)")
                    #expect(!answer.text.contains("service dog to every"), "\(state) \(question)")
                }
                let files = try await server.house.portal.corpus.files(as: server.house.people.administrator.principal)
                #expect(!files.contains { $0.text.contains("Zebrafinch") })
                let again = try await server.house.openAgain()
                let articles = again.articles.articles(of: server.house.practice.id, audience: [.public_, .clients])
                #expect(!articles.contains { $0.id == "dog-visits" })
                try again.close()
            }
            #expect(try await edda.post(Self.base, ["source": .string(marked)]).status == 201)
            try await expectHidden("draft")
            _ = try await edda.post("\(Self.one)/draft/check")
            _ = try await edda.post("\(Self.one)/draft/submit")
            try await expectHidden("in review")
            _ = try await ada.post("\(Self.one)/draft/approve", [:])
            try await expectHidden("approved")
            let planned = try await edda.post("\(Self.one)/draft/schedule", ["at": "2025-06-01T09:00"])
            #expect(planned["state"]?.text == "SCHEDULED")
            try await server.house.drainWork()
            try await expectHidden("scheduled")
            #expect(try await edda.send(.delete, "\(Self.one)/draft").status == 204)
            try await expectHidden("discarded")
        }
    }

    @Test func `who saves over another's text is told, with that text`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let edda = try await caller.asStaff("edda")
            let ada = try await caller.asStaff("ada")
            _ = try await edda.post(Self.base, ["source": .string(DraftArticle.source())])
            let newer = DraftArticle.source(extra: "\nOne more line.\n")
            let saved = try await put(newer, ada, ifMatch: "\"1\"")
            #expect(saved.status == 200 && saved.headers[.eTag] == "\"2\"")
            let late = try await put(DraftArticle.source(), edda, ifMatch: "\"1\"")
            #expect(late.status == 412)
            #expect(late.headers[.eTag] == "\"2\"")
            #expect(late["current"]?["source"]?.text == newer)
            let blind = try await edda.put("\(Self.one)/draft", ["source": .string(DraftArticle.source())])
            #expect(blind.status == 428)
            #expect(try await edda.get(Self.one)["draft"]?["source"]?.text == newer)
        }
    }

    @Test func `what the check found comes with the refusal`() async throws {
        let server = try await TestServer()
        try await server.serve { caller in
            let edda = try await caller.asStaff("edda")
            let faulty = DraftArticle.source().replacing("/portal/messages/new", with: "/portal/nowhere")
            _ = try await edda.post(Self.base, ["source": .string(faulty)])
            let refused = try await edda.post("\(Self.one)/draft/submit")
            #expect(refused.status == 409)
            #expect(refused["check"]?["findings"]?[0]?["line"] == 16, "\(refused.text)")
            #expect(refused["check"]?["findings"]?[0]?["severity"]?.text == "ERROR")
        }
    }

    @Test(arguments: [
        ("{}", 422), (#"{"source": ""}"#, 422), (#"{"source": "no front matter"}"#, 422),
        (#"{"source": "---\nid: [\n---\n"}"#, 422), (#"{"source": 5}"#, 422),
        ("{\"source\": \"" + String(repeating: "a", count: 120_000) + "\"}", 422),
    ])
    func `a text that is no article is refused with a plain problem`(body: String, status: Int) async throws {
        try await TestServer().serve { caller in
            let edda = try await caller.asStaff("edda")
            let answer = try await edda.send(.post, Self.base, bytes: Array(body.utf8))
            #expect(answer.status == status, "\(answer.text)")
        }
    }

    @Test func `an answer is judged over HTTP`() async throws {
        try await TestServer().serve { caller in
            let maya = try await caller.asClient("maya")
            let answer = try await ask("What should I do during a panic attack?", maya)
            let message = try #require(answer["message_id"]?.text)
            let kept = try await maya.put(
                "/api/v1/portal/chat/messages/\(message)/feedback",
                ["helpful": .boolean(false), "reason": "OUTDATED"]
            )
            #expect(kept["article"]?.text == "coping-panic" && kept["version"] == 1)
            let edda = try await caller.asStaff("edda")
            let report = try await edda.get("/api/v1/content/report")
            #expect(report["opinions"]?[0]?["reasons"]?["OUTDATED"] == 1)
            #expect(try await edda.get("/api/v1/content/comments")["items"] == [])
        }
    }
}
