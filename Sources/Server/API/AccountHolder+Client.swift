import Records

extension AccountHolder {
    /// The client whose record this account works on: the one it acts for, or else its own. An account without either sees
    /// nothing here.
    func client() throws -> ID<Client> {
        guard let client = principal.currentClient else { throw Problem.notFound }
        return client
    }
}
