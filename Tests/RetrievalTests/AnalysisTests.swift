import Testing

@testable import Retrieval

@Suite("Text analysis")
struct AnalysisTests {
    private struct Words: WordSink {
        var words: [String] = []
        mutating func take(_ bytes: [UInt8], _ range: Range<Int>, position: Int, span: Int) {
            words.append(String(decoding: bytes[range], as: UTF8.self))
        }
    }

    private func words(_ text: String, _ language: Language = .english) -> [String] {
        var sink = Words()
        Tokenizer.forEachWord(in: Folding.fold(text), language: language, sink: &sink)
        return sink.words
    }

    @Test(arguments: [
        ("Ｐａｓｓｗｏｒｄ", "password"), ("𝐛𝐢𝐥𝐥", "bill"), ("ﬁle", "file"), ("Café", "cafe"), ("Cafe\u{301}", "cafe"),
        ("pаsswоrd", "password"), ("pass\u{200B}word", "password"), ("bi\u{AD}ll", "bill"), ("Straße", "strasse"),
        ("sesión", "sesion"), ("AÑO", "ano"), ("①", "1"), ("привет", "привет"),
    ])
    func `look-alikes, case and accents are folded`(text: String, folded: String) {
        #expect(String(decoding: Folding.fold(text), as: UTF8.self) == folded)
    }

    @Test(arguments: [
        ("can't", ["can", "not"]), ("can’t", ["can", "not"]), ("cant", ["can", "not"]), ("won't", ["will", "not"]),
        ("doesn't load", ["does", "not", "load"]), ("what's due", ["what", "due"]), ("Im late", ["i", "late"]),
        ("therapist's", ["therapist"]), ("o'clock", ["oclock"]), ("2fa", ["2fa"]), ("$3.50", ["3.50"]),
        ("1,000 dollars", ["1,000", "dollars"].map { $0.replacing(",", with: "") }),
        ("e-mail", ["e", "mail", "email"]), ("PHQ-9", ["phq", "9", "phq9"]),
        ("sign-in page", ["sign", "in", "signin", "page"]),
        ("bill, please!", ["bill", "please"]), ("   ", []), ("🙂🙂", []), ("—…", []), ("", []),
    ])
    func `words are what people type`(text: String, expected: [String]) {
        #expect(words(text) == expected)
    }

    @Test func `Spanish apostrophes and words without accents`() {
        #expect(words("¿Cómo pago?", .spanish) == ["como", "pago"])
    }

    @Test(arguments: [
        ("consign", "consign"), ("consigned", "consign"), ("consigning", "consign"), ("consignment", "consign"),
        ("consist", "consist"), ("consistency", "consist"), ("consistently", "consist"), ("knack", "knack"),
        ("knackeries", "knackeri"), ("kneel", "kneel"), ("caresses", "caress"), ("ponies", "poni"), ("ties", "tie"),
        ("cries", "cri"), ("gas", "gas"), ("gaps", "gap"), ("agreed", "agre"), ("plastered", "plaster"),
        ("hopping", "hop"), ("hoping", "hope"), ("falling", "fall"), ("filing", "file"), ("happy", "happi"),
        ("enjoy", "enjoy"), ("relational", "relat"), ("conditional", "condit"), ("rationalize", "ration"),
        ("generally", "general"), ("communication", "communic"), ("skies", "sky"), ("dying", "die"), ("news", "news"),
        ("proceed", "proceed"), ("evening", "evening"), ("added", "add"), ("cancellation", "cancel"),
        ("cancelled", "cancel"),
        ("cancel", "cancel"), ("scheduling", "schedul"), ("reschedule", "reschedul"), ("appointments", "appoint"),
        ("billing", "bill"), ("questionnaires", "questionnair"), ("is", "is"), ("by", "by"),
    ])
    func `English stems are Porter2's`(word: String, stem: String) {
        #expect(String(decoding: EnglishStemmer.stem(ArraySlice(word.utf8)), as: UTF8.self) == stem)
    }

    @Test(arguments: [
        ["cita", "citas"],
        ["cancelar", "cancelo", "cancelé", "cancelacion", "cancelación", "cancelaciones", "cancelada"],
        ["pago", "pagos", "pagar", "pagando"], ["factura", "facturas"], ["farmacia", "farmacias"],
        ["servicio", "servicios"], ["sesión", "sesiones", "sesion"], ["médico", "medica", "médicos"],
        ["contraseña", "contrasenas"], ["olvidé", "olvide", "olvidado"], ["cambio", "cambiar", "cambiarla"],
    ])
    func `forms of a Spanish word share a stem, with and without accents`(forms: [String]) {
        let stems = forms.map { String(decoding: SpanishStemmer.stem(ArraySlice(Folding.fold($0))), as: UTF8.self) }
        #expect(Set(stems).count == 1, "\(stems)")
    }

    @Test func `stemming a word of any letters ends and never grows it by more than one letter`() {
        var random = SeededGenerator(seed: 7)
        for _ in 0..<2_000 {
            let word = random.word(length: 1...14)
            for language in Language.allCases {
                let stem = language.stem(ArraySlice(word.utf8))
                #expect(!stem.isEmpty && stem.count <= word.utf8.count + 1, "\(word)")
            }
        }
    }
}
