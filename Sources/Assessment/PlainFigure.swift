extension Double {
    /// As people write it: whole numbers without decimals, others with as few as needed.
    public var plain: String {
        self == rounded() && magnitude < 1e15 ? String(Int(self)) : "\(self)"
    }

    /// Rounded to `places` decimals (0 to 6), half away from zero.
    func rounded(places: Int) -> Double {
        var power = 1.0
        for _ in 0..<max(0, min(places, 6)) { power *= 10 }
        return (self * power).rounded() / power
    }
}
