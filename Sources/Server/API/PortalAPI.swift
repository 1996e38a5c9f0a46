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
            + AssessmentAPI(portal: portal).endpoints
            + ClinicianAPI(portal: portal).endpoints
            + NotificationAPI(portal: portal).endpoints
            + ArticleAPI(portal: portal).endpoints
            + SystemAPI(portal: portal).endpoints
    }
}
