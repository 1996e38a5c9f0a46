public import Store

/// What those who act for a minor see of an area at an age, by the law that a practice follows (SEC-19). It narrows the
/// policy and never widens it.
public struct JurisdictionRule: Sendable, Codable, Hashable {
    public static let table: SQL.Name = "jurisdiction_rules"

    public var id: ID<JurisdictionRule>
    public var practiceID: ID<Practice>
    /// As in ``Client/jurisdiction`` or ``Practice/region``, such as `US` or `US-CA`.
    public var jurisdiction: String
    /// In completed years, both included.
    public var minAge: Int
    public var maxAge: Int
    public var dataArea: DataArea
    public var guardianAccess: GuardianAccess
    /// A minor may consent to this alone: the guardian sees it only with the minor's assent.
    public var minorConsentOk: Bool
    /// `yyyy-MM-dd` in the practice's time zone. Of several rules the newest one in force counts.
    public var effectiveFrom: String
    public var createdAt: Timestamp
    public var updatedAt: Timestamp

    public init(
        id: ID<JurisdictionRule>,
        practiceID: ID<Practice>,
        jurisdiction: String,
        ages: ClosedRange<Int>,
        area: DataArea,
        guardianAccess: GuardianAccess,
        minorMayConsentAlone: Bool = false,
        effectiveFrom: String,
        createdAt: Timestamp
    ) {
        self.id = id
        self.practiceID = practiceID
        self.jurisdiction = jurisdiction
        minAge = ages.lowerBound
        maxAge = ages.upperBound
        dataArea = area
        self.guardianAccess = guardianAccess
        minorConsentOk = minorMayConsentAlone
        self.effectiveFrom = effectiveFrom
        self.createdAt = createdAt
        updatedAt = createdAt
    }
}
