import Foundation
import Support

/// A Python program that stands at the other end: one of the folder `Peers`.
func peer(_ name: String) -> String { RepositoryRoot.appending("Tests/DeliveryTests/Peers/\(name)").path }
