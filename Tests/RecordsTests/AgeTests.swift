import Testing

@testable import Records

@Suite("Age")
struct AgeTests {
    @Test(arguments: [
        ("2010-05-17", "2022-05-16", 11), ("2010-05-17", "2022-05-17", 12), ("2010-05-17", "2024-05-16", 13),
        ("2010-05-17", "2024-05-17", 14), ("2010-05-17", "2028-05-16", 17), ("2010-05-17", "2028-05-17", 18),
        ("2010-01-01", "2027-12-31", 17), ("2010-12-31", "2028-12-30", 17), ("2010-05-17", "2010-05-17", 0),
        // Born on a leap day: 1 March in a common year, 29 February in a leap year.
        ("2008-02-29", "2026-02-28", 17), ("2008-02-29", "2026-03-01", 18), ("2008-02-29", "2028-02-28", 19),
        ("2008-02-29", "2028-02-29", 20), ("2012-02-29", "2100-02-28", 87), ("2012-02-29", "2100-03-01", 88),
    ])
    func `years are complete on the birthday`(born: String, day: String, years: Int) {
        #expect(Age.years(from: born, on: day) == years)
    }

    @Test func `where the law says so, a leap birthday is on 28 February`() {
        #expect(Age.years(from: "2008-02-29", on: "2026-02-28", leapBirthdaysOnFebruary28: true) == 18)
        #expect(Age.years(from: "2008-02-29", on: "2026-02-27", leapBirthdaysOnFebruary28: true) == 17)
        #expect(Age.years(from: "2008-02-29", on: "2028-02-28", leapBirthdaysOnFebruary28: true) == 19)
    }

    @Test(arguments: [
        "", "2010", "2010-13-01", "2010-02-30", "2009-02-29", "2010-5-17", "10-05-17", "2010-05-17T00", "+010-05-17",
        "2010-00-10", "2010-04-31", "x", "2030-01-01",
    ])
    func `what is no day, or lies ahead, has no age`(born: String) {
        #expect(Age.years(from: born, on: "2026-05-28") == nil)
    }

    @Test(arguments: [
        (0, AgeTier.under12), (11, .under12), (12, .from12To13), (13, .from12To13), (14, .from14To17),
        (17, .from14To17), (18, .adult), (99, .adult),
    ])
    func `fourteen falls in the more private tier`(age: Int, tier: AgeTier) { #expect(AgeTier(age: age) == tier) }
}
