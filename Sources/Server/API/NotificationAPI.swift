import HTTPTypes
import Portal
import Records

/// Everybody's own notifications: clients at one path, staff at the other.
struct NotificationAPI: Sendable {
    let portal: Portal

    var endpoints: [Endpoint] {
        [
            Route(
                .get,
                "/api/v1/portal/notifications",
                "One's notifications, the newest first",
                requirements: ["NOTIF-01"],
                access: .account
            )
            .touchesNoRecord("One's own list, which holds no health data")
            .returns(InboxDocument.self) { call in try await inbox(of: call.principal) },
            Route(
                .post,
                "/api/v1/portal/notifications/{notification}/read",
                "Mark a notification read",
                requirements: ["NOTIF-01"],
                access: .account
            )
            .touchesNoRecord("One's own list, which holds no health data")
            .returnsNothing { call in
                try await portal.notifications.markRead(call.id("notification"), as: call.principal)
            },
            Route(
                .get,
                "/api/v1/therapist/portal-notifications",
                "One's notifications, the newest first",
                requirements: ["EHR-05", "EHR-14"],
                access: .staff
            )
            .touchesNoRecord("One's own list, which holds no health data")
            .returns(InboxDocument.self) { call in try await inbox(of: call.principal) },
            Route(
                .post,
                "/api/v1/therapist/portal-notifications/{notification}/handled",
                "Mark a notification handled",
                requirements: ["EHR-05"],
                access: .staff
            )
            .touchesNoRecord("One's own list, which holds no health data")
            .returnsNothing { call in
                try await portal.notifications.markRead(call.id("notification"), as: call.principal)
            },
        ]
    }

    private func inbox(of principal: Principal) async throws -> InboxDocument {
        let inbox = try await portal.notifications.inbox(of: principal)
        return InboxDocument(unread: inbox.unread, notifications: inbox.notifications.map(NotificationDocument.init))
    }
}
