import HTTPTypes
public import Portal

/// The whole API of the portal, an area a line.
public enum PortalAPI {
    public static func endpoints(_ portal: Portal) -> [Endpoint] {
        SignInAPI(portal: portal).endpoints
            + CredentialAPI(portal: portal).endpoints
            + RegistrationAPI(portal: portal).endpoints
            + AccountAdministrationAPI(portal: portal).endpoints
            + SessionAPI(portal: portal).endpoints
            + ChatAPI(portal: portal).endpoints
            + LanguageModelAPI(portal: portal).endpoints
            + AssessmentAPI(portal: portal).endpoints
            + ClinicianAPI(portal: portal).endpoints
            + NotificationAPI(portal: portal).endpoints
            + RecordAPI(portal: portal).endpoints
            + ExportAPI(portal: portal).endpoints
            + ProfileAPI(portal: portal).endpoints
            + PreferenceAPI(portal: portal).endpoints
            + ConsentAPI(portal: portal).endpoints
            + ArticleAPI(portal: portal).endpoints
            + ContentAPI(portal: portal).endpoints
            + ContentGapAPI(portal: portal).endpoints
            + RuleAPI(portal: portal).endpoints
            + RecommendationAPI(portal: portal).endpoints
            + RelationshipAPI(portal: portal).endpoints
            + SharingAPI(portal: portal).endpoints
            + PolicyAPI(portal: portal).endpoints
            + PracticeHoursAPI(portal: portal).endpoints
            + OversightAPI(portal: portal).endpoints
            + AccessLogAPI(portal: portal).endpoints
            + SystemAPI(portal: portal).endpoints
    }
}
