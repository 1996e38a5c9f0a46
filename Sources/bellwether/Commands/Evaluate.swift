import ArgumentParser

struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measure the assistant on labelled files of your own.",
        subcommands: [EvaluateCrisis.self, EvaluateGuardrails.self, EvaluateAnswers.self, EvaluateRetrieval.self]
    )
}
