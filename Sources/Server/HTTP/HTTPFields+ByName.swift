import HTTPTypes

extension HTTPFields {
    /// The first field of a name that `HTTPField.Name` has no constant for; nil also when it is no name for a field.
    subscript(named name: String) -> String? {
        get { HTTPField.Name(name).flatMap { self[$0] } }
        set {
            guard let name = HTTPField.Name(name) else { return }
            self[name] = newValue
        }
    }

    /// Sets a field unless it is there already.
    mutating func supply(_ name: String, _ value: String) {
        if self[named: name] == nil { self[named: name] = value }
    }
}
