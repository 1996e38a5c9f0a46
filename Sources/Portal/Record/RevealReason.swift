/// Why an administrator needs to see what is masked.
public enum RevealReason: String, Sendable, Hashable, Codable, CaseIterable {
    /// Somebody may be in danger.
    case safety = "SAFETY"
    case complaint = "COMPLAINT"
    /// A court, or the law.
    case legal = "LEGAL"
    case qualityReview = "QUALITY_REVIEW"
}
