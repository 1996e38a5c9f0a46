import CCurl
public import Portal
import Synchronization

import class Foundation.Thread

/// Sends over SMTP, a connection a message, by libcurl.
public struct SMTPMailer: MailSending {
    private let settings: SMTPSettings
    private let sender: MailAddress

    public init(_ settings: SMTPSettings, from sender: MailAddress) {
        self.settings = settings
        self.sender = sender
    }

    /// Hands the message to the server. Each runs on a thread of its own, since libcurl waits where it stands.
    public func send(_ message: MailMessage) async throws {
        let message = try InternetMessage(message, from: sender)
        let transfer = SMTPTransfer(settings, message)
        let failure: MailFailure? = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                Thread.detachNewThread { continuation.resume(returning: transfer.perform()) }
            }
        } onCancel: {
            transfer.cancel()
        }
        try Task.checkCancellation()
        if let failure { throw failure }
    }
}

/// One message on its way to the server.
private final class SMTPTransfer: Sendable {
    private let settings: SMTPSettings
    private let message: InternetMessage
    private let isCancelled = Mutex(false)

    init(_ settings: SMTPSettings, _ message: InternetMessage) {
        self.settings = settings
        self.message = message
    }

    func cancel() { isCancelled.withLock { $0 = true } }

    /// Bytes that libcurl takes piece by piece, on the one thread that performs.
    private final class Source {
        let bytes: [UInt8]
        var position = 0
        init(_ bytes: [UInt8]) { self.bytes = bytes }
    }

    private static let isReady = curl_global_init(3) == CURLE_OK  // CURL_GLOBAL_ALL

    /// Returns nil once the server has taken the message, otherwise why it did not.
    func perform() -> MailFailure? {
        guard Self.isReady, let handle = curl_easy_init() else { return .temporary(reason: "libcurl does not start") }
        defer { curl_easy_cleanup(handle) }
        guard let recipients = curl_slist_append(nil, "<\(message.recipient)>") else {
            return .temporary(reason: "out of memory")
        }
        defer { curl_slist_free_all(recipients) }
        let source = Source(message.bytes)
        return withExtendedLifetime((source, self)) {
            guard configure(handle, recipients, source) else { return .temporary(reason: "libcurl lacks an option") }
            return Self.failure(curl_easy_perform(handle), status: bellwether_response_code(handle))
        }
    }

    private func configure(
        _ handle: UnsafeMutableRawPointer,
        _ recipients: UnsafeMutablePointer<curl_slist>,
        _ source: Source
    )
        -> Bool
    {
        let scheme = settings.security == .tls ? "smtps" : "smtp"
        // The path is what it says to EHLO.
        var texts: [(CURLoption, String)] = [
            (CURLOPT_URL, "\(scheme)://\(settings.host):\(settings.port)/\(message.sender.domain)"),
            (CURLOPT_PROTOCOLS_STR, scheme), (CURLOPT_MAIL_FROM, "<\(message.sender)>"),
            // No proxy out of the environment.
            (CURLOPT_PROXY, ""),
        ]
        if let user = settings.user { texts.append((CURLOPT_USERNAME, user)) }
        if let password = settings.password { texts.append((CURLOPT_PASSWORD, password.text)) }
        if let authorities = settings.authorities { texts.append((CURLOPT_CAINFO, authorities)) }
        func milliseconds(_ duration: Duration) -> Int {
            Int(duration.components.seconds) * 1000 + Int(duration.components.attoseconds / 1_000_000_000_000_000)
        }
        let numbers: [(CURLoption, Int)] = [
            (CURLOPT_UPLOAD, 1), (CURLOPT_NOSIGNAL, 1), (CURLOPT_NOPROGRESS, 0),
            // STARTTLS or nothing: a server that does not offer it gets no message.
            (CURLOPT_USE_SSL, settings.security == .none ? 0 : 3),
            (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_SSLVERSION, 6),  // TLS 1.2 or newer
            (CURLOPT_CONNECTTIMEOUT_MS, milliseconds(settings.connectTimeout)),
            (CURLOPT_TIMEOUT_MS, milliseconds(settings.timeout)),
        ]
        let results =
            texts.map { bellwether_set_text(handle, $0, $1) } + numbers.map { bellwether_set_long(handle, $0, $1) } + [
                bellwether_set_list(handle, CURLOPT_MAIL_RCPT, recipients),
                bellwether_set_pointer(handle, CURLOPT_READDATA, Unmanaged.passUnretained(source).toOpaque()),
                bellwether_set_reader(handle) { buffer, size, count, context in
                    guard let buffer, let context else { return 0 }
                    let source = Unmanaged<Source>.fromOpaque(context).takeUnretainedValue()
                    let room = size.multipliedReportingOverflow(by: count)
                    let length = min(room.overflow ? 0 : room.partialValue, source.bytes.count - source.position)
                    let piece = source.bytes[source.position..<source.position + length]
                    UnsafeMutableRawBufferPointer(start: buffer, count: length).copyBytes(from: piece)
                    source.position += length
                    return length
                },
                bellwether_set_writer(handle) { _, size, count, _ in size * count },
                bellwether_set_pointer(handle, CURLOPT_XFERINFODATA, Unmanaged.passUnretained(self).toOpaque()),
                bellwether_set_progress(handle) { context, _, _, _, _ in
                    guard let context else { return 0 }
                    let transfer = Unmanaged<SMTPTransfer>.fromOpaque(context).takeUnretainedValue()
                    return transfer.isCancelled.withLock { $0 ? 1 : 0 }
                },
            ]
        return results.allSatisfy { $0 == CURLE_OK }
    }

    /// Codes that speak of our own settings, not of the message: it goes out once they are mended.
    private static let ownFaults: Set<Int> = [530, 534, 535, 538]

    private static func failure(_ result: CURLcode, status: Int) -> MailFailure? {
        guard result != CURLE_OK else { return nil }
        // The status is the last line the server sent, which only counts when it was a refusal.
        if (500..<600).contains(status), !ownFaults.contains(status), result != CURLE_LOGIN_DENIED {
            return .permanent(reason: "SMTP \(status)")
        }
        if (400..<600).contains(status) { return .temporary(reason: "SMTP \(status)") }
        return .temporary(reason: String(cString: curl_easy_strerror(result)))
    }
}
