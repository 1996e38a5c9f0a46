/// The one place where Swift's property names and SQL's column names are mapped: `primaryTherapistId` is
/// `primary_therapist_id`, `primaryTherapistID` too.
enum ColumnNaming {
    static func column(for property: String) -> String {
        var result = ""
        var previousWasUpper = true
        let characters = Array(property)
        for (index, character) in characters.enumerated() {
            let isUpper = character.isUppercase
            let nextIsLower = index + 1 < characters.count && characters[index + 1].isLowercase
            if isUpper && index > 0 && (!previousWasUpper || nextIsLower) { result.append("_") }
            result += character.lowercased()
            previousWasUpper = isUpper
        }
        return result
    }
}
