import ArgumentParser
import Knowledge
import Portal
import Store

/// The message and exit code for what keeps a portal from opening.
func storeFailure(_ error: any Error) -> any Error {
    switch error {
    case let error as KnowledgeError: failure(.dataError, "The knowledge files are faulty.\n\(error.description)")
    case let error as InstrumentCatalog.ChangedVersion: failure(.dataError, error.description)
    case let error as MasterKeyError: failure(.config, error.description)
    case let error as StoreError:
        switch error {
        case .cannotOpen, .readOnly: failure(.cantCreate, error.description)
        case .newerSchema, .changedMigration: failure(.config, error.description)
        case .corrupt: failure(.dataError, error.description)
        case .full, .inputOutput: failure(.ioError, error.description)
        case .busy: failure(.unavailable, error.description)
        default: failure(.software, error.description)
        }
    default: error
    }
}
