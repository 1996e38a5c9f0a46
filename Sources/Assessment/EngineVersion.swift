/// Version of the scoring rules in this library. Stored with every score, so that a score can be traced to the code that
/// made it. Raised whenever the same instrument and answers could give a different result.
public let engineVersion: String = "1.0.0"
