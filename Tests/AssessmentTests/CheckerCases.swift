import Testing

/// A whole small instrument; each case breaks one line of it.
let soundInstrument = """
    code: Small
    version: 1
    title: {en: Small, es: Breve}
    kind: custom
    direction: higher is worse
    licence: Invented
    sources: [None]
    options:
      steps:
        - {value: 0, label: {en: No, es: No}}
        - {value: 1, label: {en: A bit, es: Algo}}
        - {value: 2, label: {en: Very, es: Mucho}}
    items:
      - {id: 1, text: {en: One, es: Uno}, options: steps}
      - {id: 2, text: {en: Two, es: Dos}, options: steps, show_when: {items: 1, from: 1}}
      - {id: 3, text: {en: Three, es: Tres}, options: steps}
    scores:
      - id: total
        title: {en: Total, es: Total}
        method: sum
        items: 1-3
        range: {from: 0, to: 6}
        missing: {prorate_up_to: 1, never: 3, rounding: nearest}
        bands:
          - {id: low, label: {en: Low, es: Bajo}, from: 0, to: 2}
          - {id: high, label: {en: High, es: Alto}, from: 3, to: 6}
      - id: half
        title: {en: Half, es: Mitad}
        method: formula
        formula: total / 2
    criteria:
      - id: pattern
        title: {en: Pattern, es: Patrón}
        rule: {items: 1-3, from: 1, at_least: 2}
        source: None
    cut_points:
      - {id: cut, title: {en: Cut, es: Corte}, from: 3, source: None}
    flags:
      - {id: very, item: 3, from: 2, level: warn, reason: {en: Very, es: Mucho}}
    change:
      reliable:
        - {id: own, sd: 2, reliability: 0.8, source: None}
      minimal_important: {points: 2, source: None}
      response: {fraction: 0.5, source: None}
      remission: {below: 2, source: None}
    """

/// One line of the sound instrument made faulty, and what the checker should say.
struct CheckerCase: Sendable, CustomTestStringConvertible {
    var old: String
    var new: String
    /// Line and beginning of each finding.
    var findings: [String]
    var testDescription: String { new }

    init(_ old: String, _ new: String, _ findings: String...) {
        self.old = old
        self.new = new
        self.findings = findings
    }

    static let all = [
        CheckerCase("code: Small", "code: ../x", "f.yaml:1: error: the code `../x` cannot be used in an address"),
        CheckerCase("version: 1", "version: one", "f.yaml:2: error: `version` of the instrument is not a whole number"),
        CheckerCase(
            "version: 1",
            "version: 99999999999999999999",
            "f.yaml:2: error: `version` of the instrument is not a whole number"
        ),
        CheckerCase("version: 1", "version: 0", "f.yaml:2: error: the version is 0"),
        CheckerCase(
            "kind: custom",
            "kind: costum",
            "f.yaml:4: error: `kind` of the instrument is `costum`. Did you mean `custom`"
        ),
        CheckerCase(
            "licence: Invented",
            "license: Invented",
            "f.yaml:1: error: the instrument has no `licence`",
            "f.yaml:6: error: the instrument has an unknown key `license`. Did you mean `licence`"
        ),
        CheckerCase(
            "{en: A bit, es: Algo}",
            "A bit",
            "f.yaml:11: error: `label` of an answer of option set `steps` has no text in `es`"
        ),
        CheckerCase(
            "{en: Two, es: Dos}",
            "{en: Two, fr: Deux}",
            "f.yaml:3: error: `title` of the instrument has no text in `fr`"
        ),
        CheckerCase(
            "- {value: 1, label",
            "- {value: 0, label",
            "f.yaml:11: error: the value 0 is already that of the answer on line 10"
        ),
        CheckerCase(
            "- {value: 1, label",
            "- {value: 1e99, label",
            "f.yaml:11: error: `value` of an answer of option set `steps` is not a whole number"
        ),
        CheckerCase(
            "- {id: 3, text",
            "- {id: 1, text",
            "f.yaml:16: error: `1` is already the name of the one on line 14"
        ),
        CheckerCase(
            "es: Tres}, options: steps}",
            "es: Tres}, options: step}",
            "f.yaml:16: error: there is no option set `step`. Did you mean `steps`"
        ),
        CheckerCase(
            "show_when: {items: 1, from: 1}",
            "show_when: {items: 3, from: 1}",
            "f.yaml:15: error: the condition of item 2 looks at item 3, which comes later"
        ),
        CheckerCase(
            "show_when: {items: 1, from: 1}",
            "show_when: {items: 2, from: 1}",
            "f.yaml:15: error: the condition of item 2 looks at item 2, which comes at the same place"
        ),
        CheckerCase(
            "show_when: {items: 1, from: 1}",
            "show_when: {score: total, from: 1}",
            "f.yaml:15: error: the condition of item 2 looks at the score `total`, which counts item 2"
        ),
        CheckerCase(
            "show_when: {items: 1, from: 1}",
            "show_when: {score: half, from: 1}",
            "f.yaml:15: error: the condition of item 2 looks at the score `half`, which counts item 2"
        ),
        CheckerCase(
            "show_when: {items: 1, from: 1}",
            "show_when: {items: 1, from: 3}",
            "f.yaml:15: error: no answer to item 1 can meet the threshold of the condition of item 2"
        ),
        CheckerCase(
            "show_when: {items: 1, from: 1}",
            "show_when: {items: 7, from: 1}",
            "f.yaml:15: error: there is no item `7`"
        ),
        CheckerCase("items: 1-3\n    range", "items: 1-4\n    range", "f.yaml:21: error: there is no item `4`"),
        CheckerCase(
            "items: 1-3\n    range",
            "items: 3-1\n    range",
            "f.yaml:21: error: the range `3-1` runs backwards"
        ),
        CheckerCase("items: 1-3\n    range", "items: []\n    range", "f.yaml:21: error: `items` of score 1 is empty"),
        CheckerCase(
            "range: {from: 0, to: 6}",
            "range: {from: 0, to: 7}",
            "f.yaml:22: error: the items reach 0 to 6, not 0 to 7"
        ),
        CheckerCase("never: 3, rounding: nearest", "never: 3", "f.yaml:23: error: a prorated sum has no `rounding`"),
        CheckerCase("prorate_up_to: 1", "prorate_up_to: 3", "f.yaml:23: error: 3 of 3 items cannot be replaced"),
        CheckerCase(
            "from: 3, to: 6}\n",
            "from: 4, to: 6}\n",
            "f.yaml:26: error: there is a gap between the bands `low` (to 2) and `high` (from 4). Begin it at 3"
        ),
        CheckerCase(
            "from: 3, to: 6}\n",
            "from: 2, to: 6}\n",
            "f.yaml:26: error: the band `high` (from 2) overlaps `low` (to 2). Begin it at 3"
        ),
        CheckerCase(
            "from: 3, to: 6}\n",
            "from: 3, to: 5}\n",
            "f.yaml:26: error: there is a gap above the last band `high`. End it at 6"
        ),
        CheckerCase(
            "from: 3, to: 6}\n",
            "from: 3, to: 7}\n",
            "f.yaml:26: error: the band `high` lies outside the values that the score can reach"
        ),
        CheckerCase(
            "from: 0, to: 2}",
            "from: 1, to: 2}",
            "f.yaml:25: error: there is a gap below the first band `low`. Begin it at 0"
        ),
        CheckerCase("from: 0, to: 2}", "from: 2, to: 0}", "f.yaml:25: error: the band `low` ends before it begins"),
        CheckerCase(
            "from: 0, to: 2}",
            "from: 0, to: 2.5}",
            "f.yaml:25: error: the band `low` has a limit between two values of the score"
        ),
        CheckerCase(
            "formula: total / 2",
            "formula: totl / 2",
            "f.yaml:30: error: the formula uses a score `totl` that there is not. Did you mean `total`"
        ),
        CheckerCase(
            "formula: total / 2",
            "formula: half / 2",
            "f.yaml:30: error: the formula uses itself: half → half"
        ),
        CheckerCase(
            "formula: total / 2",
            "formula: total / (2",
            "f.yaml:30: error: the formula of score 2 cannot be read: `)` is missing before the end"
        ),
        CheckerCase(
            "formula: total / 2",
            "formula: system(1)",
            "f.yaml:30: error: the formula of score 2 cannot be read: `(` was not expected"
        ),
        CheckerCase(
            "formula: total / 2",
            "formula: 1 / total",
            "f.yaml:27: error: `range` of score 2 cannot be found out",
            "f.yaml:30: warning: the formula can divide by zero"
        ),
        CheckerCase(
            "rule: {items: 1-3, from: 1, at_least: 2}",
            "rule: {items: 1-3, from: 1, at_least: 4}",
            "f.yaml:34: error: the rule of `pattern` can never hold: at least 4 of 3 items"
        ),
        CheckerCase(
            "rule: {items: 1-3, from: 1, at_least: 2}",
            "rule: {items: 1-3, at_least: 2}",
            "f.yaml:34: error: the rule of `pattern` does not say which answers count"
        ),
        CheckerCase(
            "rule: {items: 1-3, from: 1, at_least: 2}",
            "rule: {score: total, from: 9}",
            "f.yaml:34: error: the score `total` can never meet the rule of `pattern`"
        ),
        CheckerCase(
            "rule: {items: 1-3, from: 1, at_least: 2}",
            "rule: {all: [], any: []}",
            "f.yaml:34: error: the rule of `pattern` should say exactly one of"
        ),
        CheckerCase(
            "from: 1, at_least: 2}\n    source: None",
            "from: 1, at_least: 2}",
            "f.yaml:32: error: a criterion has no `source`"
        ),
        CheckerCase(
            "from: 3, source: None}\nflags",
            "from: 3}\nflags",
            "f.yaml:37: error: a cut point has no `source`"
        ),
        CheckerCase(
            "from: 3, source: None}\nflags",
            "from: 7, source: None}\nflags",
            "f.yaml:37: error: the cut point 7 does not divide the score"
        ),
        CheckerCase(
            "item: 3, from: 2",
            "item: 3, from: 3",
            "f.yaml:39: error: no answer to item 3 can raise the flag `very`"
        ),
        CheckerCase("item: 3, from: 2", "item: 4, from: 2", "f.yaml:39: error: there is no item `4`"),
        CheckerCase("level: warn", "level: loud", "f.yaml:39: error: `level` of a flag is `loud`"),
        CheckerCase("reliability: 0.8", "reliability: 1.2", "f.yaml:42: error: the reliability is 1.2"),
        CheckerCase("reliability: 0.8", "reliability: 1", "f.yaml:42: error: the reliability is 1"),
        CheckerCase(
            "reliability: 0.8",
            "reliability: .nan",
            "f.yaml:42: error: `reliability` of a way to judge reliable change is not a number"
        ),
        CheckerCase("sd: 2", "sd: 0", "f.yaml:42: error: the standard deviation is 0"),
        CheckerCase(
            "reliability: 0.8, source: None",
            "reliability: 0.8",
            "f.yaml:42: error: a way to judge reliable change has no `source`"
        ),
        CheckerCase(
            "{points: 2, source: None}",
            "{points: 2}",
            "f.yaml:43: error: `minimal_important` has no `source`"
        ),
        CheckerCase("{fraction: 0.5, source", "{fraction: 50, source", "f.yaml:44: error: `fraction` is 50"),
        CheckerCase(
            "{below: 2, source",
            "{above: 2, source",
            "f.yaml:45: error: `above` would call the worse scores a remission"
        ),
    ]
}
