import Testing

@testable import Knowledge

@Suite("Reading YAML with findings")
struct YAMLValueTests {
    private enum Colour: String, CaseIterable { case red, green }

    private func findings(_ yaml: String, read: (YAMLMap) -> Void) -> [String] {
        let collector = DiagnosticCollector(file: "f.yaml")
        if let map = YAMLValue.parse(yaml, collector: collector)?.map(
            "the file",
            keys: ["id", "size", "colour", "list"]
        ) {
            read(map)
        }
        return collector.diagnostics.map(\.description)
    }

    @Test func `names the line and the nearest key of an unknown key`() {
        let found = findings("id: a\nsiez: 3\n") { _ in }
        #expect(found == ["f.yaml:2: error: the file has an unknown key `siez`. Did you mean `size`."])
    }

    @Test func `reports every fault of a file at once`() {
        let found = findings("size: big\ncolour: gren\nlist: 3\n") { map in
            #expect(map.string("id") == nil)
            #expect(map.integer("size") == nil)
            #expect(map.choice("colour", Colour.self) == nil)
            #expect(map.list("list").isEmpty)
        }
        #expect(found.count == 4)
        #expect(found.contains("f.yaml:2: error: `colour` of the file is `gren`. Did you mean `green`."))
    }

    @Test(arguments: ["id: [1, 2", "id: a\nid: b\n", "", "\t- x"])
    func `broken YAML gives one finding with a line`(yaml: String) {
        let collector = DiagnosticCollector(file: "f.yaml")
        #expect(YAMLValue.parse(yaml, collector: collector) == nil)
        #expect(collector.diagnostics.count == 1)
        #expect(collector.diagnostics.allSatisfy { $0.line >= 1 })
    }

    @Test func `counts lines of front matter from the file's first line`() {
        let collector = DiagnosticCollector(file: "a.md")
        let value = YAMLValue.parse("id: a\nx: y\n", collector: collector, lineOffset: 1)
        #expect(value?.entries?.map(\.line) == [2, 3])
    }

    @Test(arguments: [("booking", "bokoing", 1), ("kitten", "sitting", 3), ("", "abc", 3), ("same", "same", 0)])
    func `edit distance counts a swap as one`(first: String, second: String, distance: Int) {
        #expect(editDistance(first, second, limit: 3) == distance)
        #expect(editDistance(second, first, limit: 3) == distance)
        #expect(distance == 0 || editDistance(first, second, limit: distance - 1) == nil)
    }
}
