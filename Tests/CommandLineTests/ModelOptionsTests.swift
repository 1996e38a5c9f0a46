import Foundation
import Support
import Testing

@Suite("Settings of the language model")
struct ModelOptionsTests {
    @Test(arguments: [
        (["BELLWETHER_MODEL_URL": "http://models.example/v1", "BELLWETHER_MODEL": "m"], "not on this machine"),
        (["BELLWETHER_MODEL_URL": "https://u:zebrafinch@models.example/v1", "BELLWETHER_MODEL": "m"], "holds a user"),
        (["BELLWETHER_MODEL_URL": "https://models.example/v1"], "BELLWETHER_MODEL"),
        (["BELLWETHER_MODEL": "m"], "BELLWETHER_MODEL_URL"),
        (
            [
                "BELLWETHER_MODEL_URL": "https://a.example", "BELLWETHER_MODEL": "m",
                "BELLWETHER_MODEL_KEY": "zebra finch",
            ],
            "key"
        ),
        (
            [
                "BELLWETHER_MODEL_URL": "https://a.example", "BELLWETHER_MODEL": "m",
                "BELLWETHER_MODEL_KEY_FILE": "/nowhere/key",
            ], "cannot be read"
        ),
        (
            ["BELLWETHER_MODEL_URL": "https://a.example", "BELLWETHER_MODEL": "m", "BELLWETHER_MODEL_TIMEOUTS": "3,8"],
            "three numbers"
        ),
        (
            ["BELLWETHER_MODEL_URL": "https://a.example", "BELLWETHER_MODEL": "m", "BELLWETHER_MODEL_TOKENS": "lots"],
            "16 to 4000"
        ),
    ])
    func `the server does not start with faulty ones, says why, and shows no key`(
        environment: [String: String],
        word: String
    ) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "bellwether-model-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        var program = Program()
        program.environment.merge(environment) { _, own in own }
        let result = try program.run("serve", "--port", "0", "--data", folder.path)
        #expect(result.status == 78 || result.status == 66)
        #expect(result.errors.contains(word), "\(result.errors)")
        #expect(!(result.errors + result.output).contains("zebra"))
        #expect(!FileManager.default.fileExists(atPath: folder.path), "nothing was created")
    }
}
