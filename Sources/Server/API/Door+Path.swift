import Portal

extension SignInService.Door {
    /// What the paths of signing in begin with at this door.
    var path: String {
        switch self {
        case .portal: "/api/v1/portal/auth"
        case .staff: "/api/v1/auth"
        }
    }
}
