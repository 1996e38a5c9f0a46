import Knowledge
import Testing

@testable import Assessment

@Suite("Published wording")
struct WordingTests {
    static let phqItems = [
        "Little interest or pleasure in doing things",
        "Feeling down, depressed, or hopeless",
        "Trouble falling or staying asleep, or sleeping too much",
        "Feeling tired or having little energy",
        "Poor appetite or overeating",
        "Feeling bad about yourself — or that you are a failure or have let yourself or your family down",
        "Trouble concentrating on things, such as reading the newspaper or watching television",
        "Moving or speaking so slowly that other people could have noticed? Or the opposite — being so fidgety or restless that you have been moving around a lot more than usual",
        "Thoughts that you would be better off dead or of hurting yourself in some way",
        "If you checked off any problems, how difficult have these problems made it for you to do your work, take care of things at home, or get along with other people?",
    ]

    static let phqItemsSpanish = [
        "Poco interés o placer en hacer cosas",
        "Se ha sentido decaído(a), deprimido(a) o sin esperanzas",
        "Ha tenido dificultad para quedarse o permanecer dormido(a), o ha dormido demasiado",
        "Se ha sentido cansado(a) o con poca energía",
        "Sin apetito o ha comido en exceso",
        "Se ha sentido mal con usted mismo(a) – o que es un fracaso o que ha quedado mal con usted mismo(a) o con su familia",
        "Ha tenido dificultad para concentrarse en ciertas actividades, tales como leer el periódico o ver la televisión",
        "¿Se ha movido o hablado tan lento que otras personas podrían haberlo notado? o lo contrario – muy inquieto(a) o agitado(a) que ha estado moviéndose mucho más de lo normal",
        "Pensamientos de que estaría mejor muerto(a) o de lastimarse de alguna manera",
        "Si marcó cualquiera de los problemas, ¿qué tanta dificultad le han dado estos problemas para hacer su trabajo, encargarse de las tareas del hogar, o llevarse bien con otras personas?",
    ]

    static let gadItems = [
        "Feeling nervous, anxious or on edge",
        "Not being able to stop or control worrying",
        "Worrying too much about different things",
        "Trouble relaxing",
        "Being so restless that it is hard to sit still",
        "Becoming easily annoyed or irritable",
        "Feeling afraid as if something awful might happen",
    ]

    static let pclItems = [
        "Repeated, disturbing, and unwanted memories of the stressful experience?",
        "Repeated, disturbing dreams of the stressful experience?",
        "Suddenly feeling or acting as if the stressful experience were actually happening again (as if you were actually back there reliving it)?",
        "Feeling very upset when something reminded you of the stressful experience?",
        "Having strong physical reactions when something reminded you of the stressful experience (for example, heart pounding, trouble breathing, sweating)?",
        "Avoiding memories, thoughts, or feelings related to the stressful experience?",
        "Avoiding external reminders of the stressful experience (for example, people, places, conversations, activities, objects, or situations)?",
        "Trouble remembering important parts of the stressful experience?",
        "Having strong negative beliefs about yourself, other people, or the world (for example, having thoughts such as: I am bad, there is something seriously wrong with me, no one can be trusted, the world is completely dangerous)?",
        "Blaming yourself or someone else for the stressful experience or what happened after it?",
        "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
        "Loss of interest in activities that you used to enjoy?",
        "Feeling distant or cut off from other people?",
        "Trouble experiencing positive feelings (for example, being unable to feel happiness or have loving feelings for people close to you)?",
        "Irritable behavior, angry outbursts, or acting aggressively?",
        "Taking too many risks or doing things that could cause you harm?",
        "Being \"superalert\" or watchful or on guard?",
        "Feeling jumpy or easily startled?",
        "Having difficulty concentrating?",
        "Trouble falling or staying asleep?",
    ]

    @Test(arguments: [
        ("PHQ-9", "en", phqItems), ("PHQ-9", "es", phqItemsSpanish), ("GAD-7", "en", gadItems),
        ("PCL-5", "en", pclItems),
    ])
    func `every item reads as published`(code: String, language: String, wording: [String]) throws {
        #expect(try Shipped.instrument(code).items.map { $0.text.text(in: language) } == wording)
    }

    @Test(arguments: [
        ("PHQ-9", "en", "Over the last 2 weeks, how often have you been bothered by any of the following problems?"),
        (
            "PHQ-9", "es",
            "Durante las últimas 2 semanas, ¿qué tan seguido ha tenido molestias debido a los siguientes problemas?"
        ),
        ("GAD-7", "en", "Over the last 2 weeks, how often have you been bothered by any of the following problems?"),
        ("PCL-5", "en", "In the past month, how much were you bothered by:"),
    ])
    func `the stem reads as published`(code: String, language: String, stem: String) throws {
        #expect(try Shipped.instrument(code).stem?.text(in: language) == stem)
    }

    static let frequency = ["0 Not at all", "1 Several days", "2 More than half the days", "3 Nearly every day"]
    static let frequencySpanish = [
        "0 Ningún día", "1 Varios días", "2 Más de la mitad de los días", "3 Casi todos los días",
    ]
    static let difficulty = [
        "0 Not difficult at all", "1 Somewhat difficult", "2 Very difficult", "3 Extremely difficult",
    ]
    static let difficultySpanish = [
        "0 No ha sido difícil", "1 Un poco difícil", "2 Muy difícil", "3 Extremadamente difícil",
    ]
    static let degree = ["0 Not at all", "1 A little bit", "2 Moderately", "3 Quite a bit", "4 Extremely"]

    @Test(arguments: [
        ("PHQ-9", "en", 0..<9, frequency), ("PHQ-9", "es", 0..<9, frequencySpanish),
        ("PHQ-9", "en", 9..<10, difficulty),
        ("PHQ-9", "es", 9..<10, difficultySpanish), ("GAD-7", "en", 0..<7, frequency), ("PCL-5", "en", 0..<20, degree),
    ])
    func `the answers read as published`(code: String, language: String, items: Range<Int>, labels: [String]) throws {
        for item in try Shipped.instrument(code).items[items] {
            #expect(item.options.map { "\($0.value) \($0.label.text(in: language))" } == labels)
        }
    }

    @Test func `LOINC codes stand at their items and answers`() throws {
        let phq = try Shipped.instrument("PHQ-9")
        #expect(
            phq.items.map(\.loinc) == [
                "44250-9", "44255-8", "44259-0", "44254-1", "44251-7", "44258-2", "44252-5", "44253-3", "44260-8",
                "69722-7",
            ]
        )
        #expect(phq.items[0].options.map(\.loinc) == ["LA6568-5", "LA6569-3", "LA6570-1", "LA6571-9"])
        #expect(phq.items[9].options.map(\.loinc) == ["LA6572-7", "LA6573-5", "LA6575-0", "LA6574-3"])
        #expect(phq.loinc == "44249-1" && phq.total?.loinc == "44261-6")
        let gad = try Shipped.instrument("GAD-7")
        #expect(
            gad.items.map(\.loinc) == ["69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7"]
        )
        #expect(gad.loinc == "69737-5" && gad.total?.loinc == "70274-6")
        let pcl = try Shipped.instrument("PCL-5")
        #expect(pcl.loinc == "101697-1" && pcl.total?.loinc == "101698-9")
    }

    @Test func `nothing unverified is shipped`() throws {
        let library = try Shipped.library()
        #expect(library["PHQ-9"]?.languages == ["en", "es"])
        #expect(library["GAD-7"]?.languages == ["en"])
        #expect(library["PHQ-9"]?.change?.minimalImportant == nil)
        #expect(library["GAD-7"]?.change?.minimalImportant == nil)
        #expect(library["PCL-5"]?.total?.bands == [])
    }
}
