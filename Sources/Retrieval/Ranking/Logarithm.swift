import Foundation

extension Float {
    /// Natural logarithm.
    static func log(_ value: Float) -> Float { Foundation.log(value) }
}
