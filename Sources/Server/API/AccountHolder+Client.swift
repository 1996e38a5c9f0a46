import Records

extension AccountHolder {
    /// The client whose record this account opens. An account without one sees nothing here.
    func client() throws -> ID<Client> {
        guard let ownClient else { throw Problem.notFound }
        return ownClient
    }
}
