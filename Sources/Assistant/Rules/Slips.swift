import Knowledge

/// Slips of the finger between two words, or nil above `limit`. One slip, the common case, is found without allocating.
func slips(_ word: [UInt8], _ head: [UInt8], limit: Int) -> Int? {
    if word == head { return 0 }
    if limit <= 0 { return nil }
    if isOneSlip(word, head) { return 1 }
    return limit == 1 ? nil : editDistance(word, head, limit: limit)
}

private func isOneSlip(_ a: [UInt8], _ b: [UInt8]) -> Bool {
    let shorter = min(a.count, b.count)
    var same = 0
    while same < shorter, a[same] == b[same] { same += 1 }
    switch a.count - b.count {
    case 0:
        if a[(same + 1)...].elementsEqual(b[(same + 1)...]) { return true }
        guard same + 1 < a.count, a[same] == b[same + 1], a[same + 1] == b[same] else { return false }
        return a[(same + 2)...].elementsEqual(b[(same + 2)...])
    case 1: return a[(same + 1)...].elementsEqual(b[same...])
    case -1: return a[same...].elementsEqual(b[(same + 1)...])
    default: return false
    }
}
