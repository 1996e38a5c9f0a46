// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .treatAllWarnings(as: .error),
]

// An arrow runs only downwards in this list of floors:
//   bellwether → Server, Delivery, ModelEndpoint → Portal → Assistant → Retrieval → Encoder, Knowledge;  Assistant → Encoder
//   Portal → Assessment → Knowledge,  Portal → Records → Store,  Records → Knowledge,  Portal → HTMLImport → Knowledge
let package = Package(
    name: "bellwether",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "bellwether", targets: ["bellwether"]),
        // For the Benchmarks package, so that users never build it.
        .library(name: "Assessment", targets: ["Assessment"]),
        .library(name: "Encoder", targets: ["Encoder"]),
        .library(name: "Retrieval", targets: ["Retrieval"]),
        .library(name: "Assistant", targets: ["Assistant"]),
        .library(name: "Portal", targets: ["Portal"]),
        .library(name: "Records", targets: ["Records"]),
        .library(name: "Store", targets: ["Store"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.0.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.30.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        .target(
            name: "Knowledge",
            dependencies: [.product(name: "Yams", package: "Yams")],
            swiftSettings: settings
        ),
        .target(name: "Assessment", dependencies: ["Knowledge"], swiftSettings: settings),
        .systemLibrary(name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"])]),
        .target(
            name: "Encoder",
            dependencies: ["COpenBLAS", .product(name: "Crypto", package: "swift-crypto")],
            // Arithmetic on vectors is a hundred times slower without: tests and debug servers could not use the encoder.
            swiftSettings: settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]
        ),
        .target(name: "Retrieval", dependencies: ["Encoder", "Knowledge"], swiftSettings: settings),
        .target(name: "Assistant", dependencies: ["Encoder", "Knowledge", "Retrieval"], swiftSettings: settings),
        .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),
        .target(
            name: "HTMLImport",
            dependencies: ["CLibXML2", "Knowledge"],
            // Pages of megabytes take minutes without.
            swiftSettings: settings + [.unsafeFlags(["-O"], .when(configuration: .debug))]
        ),
        .target(
            name: "Store",
            dependencies: [
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "GRDB", package: "GRDB.swift"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Records",
            dependencies: ["Knowledge", "Store", .product(name: "Crypto", package: "swift-crypto")],
            resources: [.embedInCode("Access/policy.yaml")],
            swiftSettings: settings
        ),
        .target(
            name: "Portal",
            dependencies: [
                "Assessment", "Assistant", "Encoder", "HTMLImport", "Knowledge", "Records", "Retrieval", "Store",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [
                .embedInCode("Accounts/Resources/common-passwords.txt"),
                .embedInCode("Migrations/0001_foundation.sql"),
                .embedInCode("Migrations/0002_access.sql"),
                .embedInCode("Migrations/0003_accounts.sql"),
                .embedInCode("Migrations/0004_sessions.sql"),
                .embedInCode("Migrations/0005_audit.sql"),
                .embedInCode("Migrations/0006_records.sql"),
                .embedInCode("Migrations/0007_profile.sql"),
                .embedInCode("Migrations/0008_temporary_passwords.sql"),
                .embedInCode("Migrations/0009_origins_and_scopes.sql"),
                .embedInCode("Migrations/0010_declared_contacts.sql"),
                .embedInCode("Migrations/0011_encoder.sql"),
                .embedInCode("Migrations/0012_content.sql"),
                .embedInCode("Migrations/0013_hand_overs.sql"),
                .embedInCode("Migrations/0014_wordings.sql"),
                .embedInCode("Migrations/0015_replay.sql"),
                .embedInCode("Migrations/0016_practice_rules.sql"),
            ],
            swiftSettings: settings
        ),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CQREncode", pkgConfig: "libqrencode", providers: [.apt(["libqrencode-dev"])]),
        .target(
            name: "Delivery",
            dependencies: ["CCurl", "CQREncode", "Portal", "Records"],
            swiftSettings: settings
        ),
        .target(
            name: "ModelEndpoint",
            dependencies: [
                "Assistant", "Portal",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Server",
            dependencies: [
                "Assessment", "Assistant", "Knowledge", "Portal", "Records", "Retrieval", "Store",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "bellwether",
            dependencies: [
                "Assessment", "Assistant", "Delivery", "Encoder", "Knowledge", "ModelEndpoint", "Portal", "Records",
                "Retrieval", "Server", "Store",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Support",
            dependencies: [
                "Assistant", "Knowledge", "Portal", "Records", "Store",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/Support",
            swiftSettings: settings
        ),
        .testTarget(name: "HTMLImportTests", dependencies: ["HTMLImport", "Knowledge"], swiftSettings: settings),
        .testTarget(name: "KnowledgeTests", dependencies: ["Knowledge"], swiftSettings: settings),
        .testTarget(name: "AssessmentTests", dependencies: ["Assessment", "Knowledge"], swiftSettings: settings),
        .testTarget(
            name: "EncoderTests",
            dependencies: ["Encoder"],
            exclude: ["Reference"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RetrievalTests",
            dependencies: ["Encoder", "Knowledge", "Retrieval"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "AssistantTests",
            dependencies: ["Assistant", "Encoder", "Knowledge", "Retrieval"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "StoreTests",
            dependencies: ["Store", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "RecordsTests",
            dependencies: ["Knowledge", "Records", "Store", .product(name: "Crypto", package: "swift-crypto")],
            swiftSettings: settings
        ),
        .testTarget(
            name: "PortalTests",
            dependencies: [
                "Assessment", "Assistant", "Encoder", "Knowledge", "Portal", "Records", "Retrieval", "Store", "Support",
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "DeliveryTests",
            dependencies: ["Delivery", "Portal", "Records", "Store", "Support"],
            exclude: ["Peers"],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ModelEndpointTests",
            dependencies: [
                "Assistant", "ModelEndpoint", "Portal", "Records", "Store", "Support",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Assessment", "ModelEndpoint", "Portal", "Records", "Server", "Store", "Support",
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings
        ),
        .testTarget(name: "CommandLineTests", dependencies: ["Support", "bellwether"], swiftSettings: settings),
    ]
)
