// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users never build it. Run from this folder, for example: swift run -c release ScoringBenchmark
let package = Package(
    name: "benchmarks",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "bellwether", path: "..")],
    targets: [
        .target(name: "Measuring"),
        .executableTarget(
            name: "ScoringBenchmark",
            dependencies: ["Measuring", .product(name: "Assessment", package: "bellwether")]
        ),
        .executableTarget(
            name: "AnsweringBenchmark",
            dependencies: [
                "Measuring",
                .product(name: "Assistant", package: "bellwether"),
                .product(name: "Retrieval", package: "bellwether"),
            ]
        ),
        .executableTarget(
            name: "EncoderBenchmark",
            dependencies: ["Measuring", .product(name: "Encoder", package: "bellwether")],
            exclude: ["numpy-encoder.py"]
        ),
        .executableTarget(
            name: "AuditBenchmark",
            dependencies: [
                .product(name: "Portal", package: "bellwether"),
                .product(name: "Records", package: "bellwether"),
                .product(name: "Store", package: "bellwether"),
            ]
        ),
    ]
)
