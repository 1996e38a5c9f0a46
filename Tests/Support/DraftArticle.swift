/// An article about dogs, which none of the published ones mentions.
public enum DraftArticle {
    public static let slug = "dog-visits"

    /// - Parameters:
    ///   - lead: what stands before the first heading.
    ///   - extra: what follows the last line.
    public static func source(
        _ slug: String = DraftArticle.slug,
        lead: String = DraftArticle.lead,
        extra: String = ""
    ) -> String {
        """
        ---
        id: \(slug)
        title: Bringing your dog or another animal to a session
        language: en
        audience: clients
        topics: [appointments]
        questions:
          - Can I bring my dog to my session?
          - is my dog allowed in the waiting room
          - can my emotional support animal come with me
          - are pets ok at the office
          - my puppy is nervous alone, can she come along
          - do you allow service dogs in therapy
        links:
          - label: Write to the office
            path: /portal/messages/new
        review_by: 2027-05-31
        sources:
          - Practice handbook, office rules
        ---
        \(lead)

        ## In the waiting room

        Keep your dog on a leash and close to you. Bring some water and a small toy. If your dog barks a lot or is scared, \
        please wait outside, and we will call you in.
        \(extra)
        """
    }

    public static let lead = """
        You may bring a service dog to every session. Other dogs and pets may come when your therapist says yes first. \
        Please write to the office two days before, so that nobody with an allergy has to wait in the same room.
        """
}
