// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that users never build it. Scripts/fuzz runs it; libFuzzer brings the main function.
let package = Package(
    name: "fuzzing",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "bellwether", path: "../..")],
    targets: [
        .executableTarget(
            name: "ScreenFuzzer",
            dependencies: [.product(name: "Assistant", package: "bellwether")],
            swiftSettings: [.unsafeFlags(["-parse-as-library"])]
        )
    ]
)
