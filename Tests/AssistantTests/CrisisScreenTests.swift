import Testing

@testable import Assistant

@Suite struct CrisisScreenTests {
    @Test(arguments: [
        "I just took the whole bottle of tylenol", "by the time you read this I will be gone",
        "I'm sitting here with my pistol and a bottle of bourbon", "I tried to hang myself on Sunday",
        "how many Benadryl does it take to not wake up?", "the voices tell me i should stab my mom",
        "He's outside my door with a knife please help", "My mom took a bunch of pills and won't wake up",
        "quiero matarme esta noche", "me tomé todas las pastillas",
    ])
    func `danger now is imminent`(_ text: String) throws {
        #expect(try Fixture.screening(text).tier == .imminent)
    }

    @Test(arguments: [
        "I want to kill myself", "some days dying sounds peaceful", "I don't want to be here anymore",
        "my kids would be better off without me", "whats the point of being alive", "I wish I could just not wake up",
        "im so tired of being alive", "I've been cutting again", "I keep having thoughts of hurting my baby",
        "my husband hits me when he drinks", "I haven't slept in five days and the tv talks to me",
        "I haven't eaten in 4 days and I fainted", "nobody would miss me if I wasn't here", "me quiero morir",
        "mi esposo me pega", "no quiero vivir más", "mi familia estaría mejor sin mí",
    ])
    func `a sign of danger raises an alert`(_ text: String) throws {
        let finding = try Fixture.screening(text)
        #expect(finding.alert && finding.tier >= .elevated)
        #expect(finding.subject != .thirdParty)
    }

    @Test(arguments: [
        "my roommate just told me she wants to kill herself", "my 15 year old daughter has been cutting herself",
        "I think my dad is going to shoot himself", "a friend of mine wants to end her life",
        "my stepdad beats my mom", "mi amiga quiere suicidarse",
    ])
    func `danger to somebody else is told apart`(_ text: String) throws {
        let finding = try Fixture.screening(text)
        #expect(finding.alert)
        #expect(finding.subject == .thirdParty)
    }

    @Test(arguments: [
        "I'm not suicidal", "No thoughts of hurting myself or anyone else", "I don't want to die, I want to get better",
        "I do not think I want to die", "suicide is not an option for me", "I would never kill myself",
        "no tengo pensamientos suicidas",
    ])
    func `a true denial shows resources and alerts nobody`(_ text: String) throws {
        #expect(try Fixture.screening(text).tier == .support)
    }

    @Test(arguments: [
        "I can't say I'm not thinking about killing myself", "I've never wanted to die more than right now",
        "It isn't that I don't think about suicide, I do", "I'm not suicidal, I just don't want to exist",
        "I won't kill myself tonight", "I told the nurse I wasn't suicidal. I lied.",
        "why shouldn't I just kill myself", "no one can stop me from killing myself",
        "I can't stop thinking about suicide",
        "not gonna lie, I want to die", "No, I am not okay. I want to kill myself.",
        "I'm not sure I don't want to die", "my life has no meaning, I want to die",
    ])
    func `what only looks like a denial raises an alert`(_ text: String) throws {
        #expect(try Fixture.screening(text).alert)
    }

    @Test(arguments: [
        "This hold music is killing me lol", "my phone died in the middle of the session",
        "I'm dying to see my results",
        "I could kill for a nap", "how do I cut down on emails", "let's jump on a call", "hang on, I'm parking",
        "My boss is going to kill me if I miss work for this", "dead link on the billing page",
        "My therapist is Dr. Slaughter, how do I message her?", "is the Suicide Squad movie ok",
        "I burned my hand on the stove", "I cut my finger cooking", "how do I end my session",
        "I won't be here next Tuesday, please cancel", "I give up, how do I log in?", "I watched 13 Reasons Why",
        "me muero de hambre, a qué hora abren", "mi teléfono murió", "I am so mad at my insurance",
        "I feel sad today", "I'm anxious about my appointment", "",
    ])
    func `idioms, devices, names and plain distress raise no alert`(_ text: String) throws {
        #expect(try !Fixture.screening(text).alert)
    }

    @Test(arguments: [
        "this captcha makes me want to die lol", "shoot me now, another captcha lol",
        "I'd rather die than do another form haha",
    ])
    func `an exaggerated joke about a small thing raises no alert`(_ text: String) throws {
        #expect(try !Fixture.screening(text).alert)
    }

    @Test(arguments: [
        "lol i want to die but like actually", "haha yeah suicidal again", "honestly i'm tired of being alive lol",
        "this captcha makes me want to die, not joking, I have a plan",
    ])
    func `laughter alone, or with a sincere word, hides nothing`(_ text: String) throws {
        #expect(try Fixture.screening(text).alert)
    }

    @Test(arguments: [
        ("I tried to kill myself last week", CrisisTier.imminent),
        ("I attempted suicide 8 years ago", .elevated),
        ("I tried to kill myself ten years ago, I'm healthy and happy now", .support),
        ("I attempted when I was 19 and those thoughts are coming back", .elevated),
        ("I used to self harm in high school but I'm fine now", .support),
    ])
    func `time and present safety set the tier`(_ text: String, _ tier: CrisisTier) throws {
        let found = try Fixture.screening(text).tier
        #expect(tier == .elevated ? found >= .elevated : found == tier)
    }

    @Test(arguments: [
        "Why does the questionnaire ask about suicide?", "what does \"denies SI\" mean in my notes",
        "How do I find the suicide hotline number?", "My brother killed himself in 2015 and I still grieve",
        "I lost my best friend to suicide, is there a support group", "what is a safety plan",
    ])
    func `questions, quotations and grief show resources only`(_ text: String) throws {
        #expect(try Fixture.screening(text).tier == .support)
    }

    @Test func `an answer given to the question is no quotation`() throws {
        #expect(try Fixture.screening("The questionnaire asked about suicide and yes, I am suicidal").alert)
        #expect(try Fixture.screening("I put nearly every day for thoughts of being better off dead").alert)
    }

    @Test func `a portal question beside a sign hides nothing`() throws {
        let finding = try Fixture.screening("Can I reschedule Thursday? Also I've been thinking about ending my life.")
        #expect(finding.tier >= .high)
    }

    @Test func `one sign in the middle of a long message fires`() throws {
        let filler = String(
            repeating: "My appointment moved to Thursday and I could not find the form for it. ",
            count: 60
        )
        let finding = try Fixture.screening(filler + "I want to kill myself. " + filler)
        #expect(finding.tier >= .high)
    }

    @Test func `all categories that match are recorded, the most urgent first`() throws {
        let finding = try Fixture.screening("My husband hits me and I want to die")
        #expect(Set(finding.categories).isSuperset(of: ["abuse", "suicide"]))
        #expect(finding.matches.map(\.tier) == finding.matches.map(\.tier).sorted(by: >))
    }

    @Test(arguments: [
        ("Hi. I want to kill myself.", "kill myself"),
        ("¡Señor! I want to kill\u{200B} myself", "kill\u{200B} myself"),
        ("😂😂 ok, 𝗸𝗶𝗹𝗹 𝗺𝘆𝘀𝗲𝗹𝗳", "𝗸𝗶𝗹𝗹 𝗺𝘆𝘀𝗲𝗹𝗳"),
        ("i will k.i.l.l m.y.s.e.l.f", "k.i.l.l m.y.s.e.l.f"),
    ])
    func `a match says where it stands in the original text`(_ text: String, _ words: String) throws {
        let finding = try Fixture.screening(text)
        let match = try #require(finding.matches.first { $0.ruleID == "suicide.kill-self" })
        #expect(RuleExamples.words(of: text, match.range) == words)
    }

    @Test(arguments: [
        String(repeating: "i want to ", count: 10_000), String(repeating: "k i l l ", count: 12_000),
        String(repeating: "a", count: 100_000), String(repeating: "😂", count: 25_000),
        String(repeating: ".!?", count: 33_000),
        "\0\0\u{FFFD}\u{202E}", "   \n\t ", "💊", "****", "''''\"\"\"\"",
    ])
    func `any text has a finding`(_ text: String) throws {
        let finding = try Fixture.screening(text)
        #expect(finding.matches.allSatisfy { $0.start < $0.end && $0.end <= text.utf8.count })
    }

    @Test func `a sign at the end of a very long message is found`() throws {
        let text =
            String(repeating: "no full stop here just more words about my bill and my forms ", count: 1_600)
            + "I want to kill myself"
        #expect(text.utf8.count > 90_000)
        #expect(try Fixture.screening(text).tier >= .high)
    }

    @Test func `the same text gives the same finding`() throws {
        let text = "I want to die and my husband hits me, no reason to live, how many pills would kill me"
        #expect(try Fixture.screening(text) == Fixture.screening(text))
    }
}
