import Knowledge
import Testing

@testable import Assessment

@Suite("Reading series")
struct TrendTableTests {
    private func table(_ text: String) throws -> TrendTable {
        try TrendTable(KnowledgeFile(path: "t.csv", text: text), version: 1, range: ScoreRange(min: 0, max: 27))
    }

    private func faults(_ text: String) -> [String] {
        do {
            _ = try table(text)
            return []
        } catch let error as KnowledgeError {
            return error.diagnostics.map(\.description)
        } catch {
            return ["\(error)"]
        }
    }

    @Test func `reads dates, scores and versions in any order of columns`() throws {
        let read = try table(
            "\u{FEFF}Score, note,date,version\r\n12,\"good, really\",2026-01-05,\r\n\r\n9.5,,2026-01-12T09:30:00Z,2\r\n"
        )
        #expect(read.points.map(\.score) == [12, 9.5])
        #expect(read.points.map(\.date.description) == ["2026-01-05", "2026-01-12"])
        #expect(read.points.map(\.version) == [1, 2])
        #expect(read.lines == [2, 4])
    }

    @Test func `a header alone is an empty series`() throws {
        #expect(try table("date,score\n").points.isEmpty)
    }

    @Test(arguments: [
        ("", "t.csv:1: error: the file is empty. Begin with the header `date,score`."),
        ("day,score\n", "t.csv:1: error: the header has no column `date`. Begin with the header `date,score`."),
        ("date,score,date\n", "t.csv:1: error: the header names `date` twice. Keep one of the columns."),
        (
            "date,score\n2026-02-30,5\n",
            "t.csv:2: error: `2026-02-30` is not a date. Write it as yyyy-MM-dd, such as 2026-03-01."
        ),
        ("date,score\n\n2026-02-01,five\n", "t.csv:3: error: `five` is not a score. Write a number such as 12."),
        ("date,score\n2026-02-01\n", "t.csv:2: error: `` is not a score. Write a number such as 12."),
        ("date,score\n2026-02-01,nan\n", "t.csv:2: error: `nan` is not a score. Write a number such as 12."),
        (
            "date,score\n2026-02-01,28\n",
            "t.csv:2: error: the score 28 is outside 0 to 27. Correct it, or choose another instrument or scale."
        ),
        (
            "date,score,version\n2026-02-01,2,x\n",
            "t.csv:2: error: `x` is not a version. Write a whole number such as 1."
        ),
    ])
    func `a fault names file and line`(text: String, fault: String) {
        #expect(faults(text) == [fault])
    }

    @Test func `every faulty row is named`() {
        #expect(faults("date,score\nx,1\n2026-01-01,1\n2026-01-02,y\n").count == 2)
    }
}

@Suite("Days")
struct CivilDayTests {
    @Test(arguments: [
        ("1970-01-01", 0), ("2000-02-29", 11016), ("2026-11-21", 20778), ("1969-12-31", -1), ("1900-03-01", -25508),
    ])
    func `counts days`(text: String, number: Int) {
        #expect(CivilDay(text)?.number == number)
        #expect(CivilDay(number: number).description == text)
    }

    @Test(arguments: [
        "", "2026-1-1", "2026-13-01", "2026-00-10", "2026-02-29", "1900-02-29", "2026-04-31", "26-01-01", "2026-01-01x",
        "2026-01-01T", "2026-01-01T9:00", "2026-01-01T09:00:00+1", "0000-01-01", "٢٠٢٦-01-01", "2026-01-0１",
    ])
    func `refuses what is no day`(text: String) {
        #expect(CivilDay(text) == nil)
    }

    @Test(arguments: [
        "2026-01-05T09:30", "2026-01-05T09:30:15Z", "2026-01-05 23:59:60", "2026-01-05T09:30:15.123+01:00",
        "2026-01-05T00:00-0800",
    ])
    func `takes the day that a time names`(text: String) {
        #expect(CivilDay(text)?.description == "2026-01-05")
    }

    @Test func `days of 1100 years survive writing and reading`() {
        for number in stride(from: -25_567, through: 376_199, by: 11) {
            let day = CivilDay(number: number)
            if CivilDay(day.description) != day { Issue.record("day \(number) reads as \(day)") }
        }
    }
}
