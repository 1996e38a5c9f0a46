/// Some numbers at once: as many as keep the registers of the smallest machines full without overflowing them. Pointers are
/// the caller's to keep within bounds.
enum Lanes {
    typealias Vector = SIMD8<Float>
    typealias Bits = SIMD8<Int32>
    static let count = 8

    @inline(__always)
    static func load(_ pointer: UnsafeMutablePointer<Float>, _ part: Int) -> Vector {
        UnsafeRawPointer(pointer).loadUnaligned(fromByteOffset: part * MemoryLayout<Vector>.size, as: Vector.self)
    }

    @inline(__always)
    static func load(_ buffer: UnsafeBufferPointer<Float>, _ part: Int) -> Vector {
        UnsafeRawBufferPointer(buffer).loadUnaligned(fromByteOffset: part * MemoryLayout<Vector>.size, as: Vector.self)
    }

    @inline(__always)
    static func store(_ value: Vector, _ pointer: UnsafeMutablePointer<Float>, _ part: Int) {
        UnsafeMutableRawPointer(pointer)
            .storeBytes(of: value, toByteOffset: part * MemoryLayout<Vector>.size, as: Vector.self)
    }

    @inline(__always)
    static func bits(_ value: Vector) -> Bits { unsafeBitCast(value, to: Bits.self) }

    @inline(__always)
    static func vector(_ bits: Bits) -> Vector { unsafeBitCast(bits, to: Vector.self) }

    /// `a` where the mask is set, else `b`. The standard library's own goes through memory number by number.
    @inline(__always)
    static func select(_ mask: SIMDMask<Bits>, _ a: Vector, _ b: Vector) -> Vector {
        let mask = unsafeBitCast(mask, to: Bits.self)
        return vector((bits(a) & mask) | (bits(b) & ~mask))
    }

    @inline(__always)
    static func clamp(_ value: Vector, _ low: Float, _ high: Float) -> Vector {
        let above = select(value .< low, Vector(repeating: low), value)
        return select(above .> high, Vector(repeating: high), above)
    }
}
