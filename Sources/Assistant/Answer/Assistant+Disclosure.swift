extension Assistant {
    /// The notice that this is an automated assistant, no person, and not watched around the clock.
    public func disclosure(language: String, practiceName: String) -> String {
        let name = practiceName.isEmpty ? prompts.texts.text(.practice, language) : practiceName
        return prompts.texts.text(.disclosure, language, ["practice": name])
    }
}
