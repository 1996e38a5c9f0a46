import Testing

@testable import Assistant

/// Questions of our own, written while the thresholds were chosen.
@Suite struct TopicTests {
    @Test func `nearly all questions find their article, and few are turned away`() throws {
        var first = 0
        var amongThree = 0
        var abstained: [String] = []
        for (topic, question) in Self.questions {
            let reply = try RepositoryAssistant.reply(question)
            if reply.topics.first == topic { first += 1 }
            if reply.topics.prefix(3).contains(topic) { amongThree += 1 }
            if reply.decision == .abstain { abstained.append(question) }
        }
        let count = Self.questions.count
        #expect(first * 100 >= count * 88)
        #expect(amongThree * 100 >= count * 94)
        #expect(abstained.count * 100 <= count * 7, "\(abstained)")
    }

    @Test func `questions about other things are left alone`() throws {
        let answered = try Self.others.filter { question in
            let decision = try RepositoryAssistant.reply(question).decision
            return decision == .answer || decision == .clarify
        }
        #expect(answered.count * 100 <= Self.others.count * 8, "\(answered)")
    }

    static let questions: [(topic: String, question: String)] = [
        ("account-register", "I got told to make an online account for my therapy, where do I begin"),
        ("invitation-code", "the code you emailed me says it has expired"),
        ("password-reset", "i cant remember what my password is"),
        ("password-reset", "How can I pick a new password? mine is old"),
        ("mfa-setup", "how do I turn on the extra code when signing in"),
        ("mfa-lost-phone", "got a new phone and the authenticator codes are gone"),
        ("account-locked", "it says too many attempts and won't let me in"),
        ("session-timeout", "why do I keep getting kicked out while I'm typing"),
        ("profile-update", "I moved, where do I put my new address"),
        ("profile-update", "need to change my emergency contact to my sister"),
        ("language", "can I get an interpreter for my session"),
        ("accessibility", "the letters are too small for me to read on this site"),
        ("time-zone", "I'm travelling to California, will my appointment show in the right hour"),
        ("notification-preferences", "stop sending me text messages"),
        ("privacy-settings", "I don't want notices to show what they're about on my lock screen"),
        ("sharing", "can my husband see some of my stuff in here"),
        ("release-of-information", "my lawyer needs a letter from my therapist, how do I allow that"),
        ("guardian-access", "how can I see my 10 year old's portal as her mom"),
        ("minor-confidentiality", "I'm 15, will my parents be able to read what I say in therapy"),
        ("booking", "I'd like to make an appointment with my therapist"),
        ("next-available", "what's the soonest anyone can see me"),
        ("rescheduling", "can I move my Thursday session to Friday"),
        ("cancellation-window", "I have to call off tomorrow's visit"),
        ("late-cancel-fee", "why was I charged for cancelling late, my kid was sick"),
        ("no-show", "I totally forgot my appointment yesterday, what happens now"),
        ("waitlist", "put me on the list in case someone cancels"),
        ("telehealth-join", "where is the link for my video visit"),
        ("telehealth-troubleshooting", "my therapist can't hear me on video"),
        ("add-to-calendar", "how do I get appointments in my google calendar"),
        ("reminders", "can you remind me two days before instead of one"),
        ("message-provider", "how do I write to my therapist"),
        ("attachments", "can i send a photo of a form in a message"),
        ("urgent-messages", "is it ok to message my therapist if it's an emergency"),
        ("response-time", "when is she going to write back to me"),
        ("after-hours", "it's saturday night and the office is closed, who can I talk to"),
        ("prescription-refill", "I'm running out of my meds and need more"),
        ("documents-download", "where do I find the letter you shared with me"),
        ("amend-records", "there's a mistake in my chart, who fixes it"),
        ("export-records", "I want a full copy of everything in my file"),
        ("lab-results", "did my blood work come back"),
        ("medication-list", "where can I see what I'm prescribed right now"),
        ("treatment-plan", "when do we review my treatment plan"),
        ("goals", "how do I mark a therapy goal as done"),
        ("homework", "where's the worksheet my counselor gave me"),
        ("session-summaries", "can I read the notes from last week's visit"),
        ("intake-forms", "what paperwork is there before my first visit"),
        ("sign-consent", "how do I sign the consent electronically"),
        ("save-form-progress", "will my answers be kept if I close the form halfway"),
        ("assessment-meaning", "what does a GAD-7 score of 14 mean"),
        ("assessment-due", "how often do I have to fill in those questionnaires"),
        ("score-visibility", "who gets to see my PHQ-9 answers"),
        ("balance", "how much money do I owe you"),
        ("statements", "I need a superbill for my insurance"),
        ("pay-card", "my visa was declined, what now"),
        ("pay-ach", "can I pay straight from my checking account"),
        ("hsa-fsa", "do you take FSA cards"),
        ("payment-plan", "I can't pay it all at once, can I pay monthly"),
        ("autopay", "turn off automatic payments please"),
        ("receipts", "I need proof that I paid last month"),
        ("refunds", "you charged me twice, how do I get my money back"),
        ("insurance-card-update", "I have new insurance since January"),
        ("copay", "what's a deductible anyway"),
        ("claims-status", "my insurance denied the claim, what do I do"),
        ("authorization-remaining", "how many sessions do I have left that insurance approved"),
        ("mood-tracking", "where do I log how I feel each day"),
        ("journal-privacy", "does my therapist read my diary entries"),
        ("sleep-log", "where can I write down how many hours I slept"),
        ("crisis-resources", "what is the number for the suicide hotline"),
        ("safety-plan", "how can I edit my safety plan"),
        ("coping-grounding", "show me that five senses thing for when I feel unreal"),
        ("coping-breathing", "is there a box breathing exercise"),
        ("coping-sleep-hygiene", "tips to fall asleep at night"),
        ("coping-panic", "my heart races and I think I'm dying, is it a panic attack"),
        ("groups", "do you have any group therapy for anxiety"),
        ("change-therapist", "I don't click with my counselor and want someone else"),
        ("session-review", "how do I give feedback about my last session"),
        ("delete-account", "I want to close my account for good"),
        ("data-security", "is my information encrypted"),
        ("install-app", "is there an app I can put on my iphone"),
        ("offline", "what still works when I have no internet"),
        ("technical-support", "the page just shows an error, who can fix it"),
    ]

    static let others = [
        "how do I cancel my gym membership",
        "reset my router password",
        "what's the wifi password at the office",
        "what's the weather like tomorrow",
        "asdkjh qwe zzxc",
        "who won the game last night",
        "how do I renew my driver's license",
        "write me a poem about the sea",
        "what is the capital of France",
        "can you order me a pizza",
        "how do I change the oil in my car",
        "my dog won't eat, what should I do",
        "how do I file my taxes",
        "what's the best laptop under 500 dollars",
        "translate good morning into japanese",
        "how do I return my shoes to the store",
        "cancel my netflix subscription",
        "book a table for two at 7",
        "when does the next train leave",
        "how do I pay my electric bill",
        "what time does the pharmacy on main street close",
        "my landlord won't fix the heating",
        "is there parking at your building",
        "do you have a vending machine in the waiting room",
        "how do I get a mortgage",
        "what's your favorite color",
        "solve 3x + 5 = 20",
        "how tall is mount everest",
        "I forgot my gmail password",
        "how do I book a flight to Denver",
        "track my amazon package",
        "my car insurance claim was denied",
        "how do I reset my iphone to factory settings",
        "what stocks should I buy",
        "tell me a joke",
        "where can I buy cheap furniture",
        "how do I delete my facebook account",
        "does the cafeteria have vegan food",
        "lorem ipsum dolor sit amet",
        "how do I appeal a parking ticket",
        "update my linkedin profile picture",
        "how long do I boil an egg",
        "can you recommend a good movie",
        "what does my horoscope say",
        "how do I learn guitar",
        "hhhhhhhhh",
        "who is the president",
        "book a haircut for friday",
        "how do I unlock my car",
        "sign me up for a credit card with rewards",
    ]
}
