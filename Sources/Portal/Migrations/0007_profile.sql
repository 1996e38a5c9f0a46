-- Mail that is to go out, or went. The payload (address, words' parameters, one-time links) is sealed under the client's
-- key, or the practice's where the message is about no client, and is taken away once the message is on its way.
CREATE TABLE mail_messages (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    client_id TEXT REFERENCES clients (id) ON DELETE CASCADE,
    template TEXT NOT NULL,
    payload TEXT, -- sealed
    state TEXT NOT NULL CHECK (state IN ('WAITING', 'SENT', 'WITHHELD', 'FAILED')),
    reason TEXT,
    expires_at BIGINT,
    finished_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX mail_messages_by_client ON mail_messages (client_id);
CREATE INDEX mail_messages_by_practice ON mail_messages (practice_id, state, created_at);

-- Critical notifications go out at any hour.
ALTER TABLE notifications ADD COLUMN is_urgent INTEGER NOT NULL DEFAULT 0 CHECK (is_urgent IN (0, 1));

-- What became of a notification on a way out of the house. One row per notification and channel: it goes out once.
CREATE TABLE notification_deliveries (
    id TEXT PRIMARY KEY,
    notification_id TEXT NOT NULL REFERENCES notifications (id) ON DELETE CASCADE,
    channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'SMS', 'PUSH', 'VOICE')),
    decision TEXT NOT NULL CHECK (decision IN ('NOW', 'LATER', 'NOT_WANTED', 'NO_ADDRESS')),
    deliver_at BIGINT,
    mail_id TEXT REFERENCES mail_messages (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (notification_id, channel)
);
CREATE INDEX notification_deliveries_by_mail ON notification_deliveries (mail_id);

-- How somebody wants to be reached and to see the portal. One row an account or a member of staff; none: the defaults.
CREATE TABLE preferences (
    id TEXT PRIMARY KEY,
    account_id TEXT UNIQUE REFERENCES portal_accounts (id) ON DELETE CASCADE,
    user_id TEXT UNIQUE REFERENCES users (id) ON DELETE CASCADE,
    language TEXT,
    time_zone TEXT,
    contrast TEXT NOT NULL CHECK (contrast IN ('SYSTEM', 'STANDARD', 'HIGH')),
    font_size TEXT NOT NULL CHECK (font_size IN ('STANDARD', 'LARGE', 'LARGEST')),
    reduced_motion INTEGER NOT NULL CHECK (reduced_motion IN (0, 1)),
    quiet_from BIGINT CHECK (quiet_from BETWEEN 0 AND 1439), -- minutes of the person's day
    quiet_to BIGINT CHECK (quiet_to BETWEEN 0 AND 1439),
    rev BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((account_id IS NULL) <> (user_id IS NULL)),
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);

-- Which kind of news comes over which channel; no row: the shipped default.
CREATE TABLE notification_preferences (
    id TEXT PRIMARY KEY,
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE CASCADE,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    event_type TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'SMS', 'PUSH', 'VOICE')),
    enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((account_id IS NULL) <> (user_id IS NULL)),
    UNIQUE (account_id, event_type, channel),
    UNIQUE (user_id, event_type, channel)
);

-- Channels and addresses that must never be used to reach a client.
CREATE TABLE communication_restrictions (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'SMS', 'PUSH', 'VOICE', 'POST')),
    address TEXT, -- sealed; NULL is the channel altogether
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX communication_restrictions_by_client ON communication_restrictions (client_id, channel);

CREATE TABLE contact_details (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE REFERENCES clients (id) ON DELETE CASCADE,
    phone TEXT,          -- sealed
    postal_address TEXT, -- sealed
    rev BIGINT NOT NULL DEFAULT 1,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE emergency_contacts (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    name TEXT NOT NULL,  -- sealed
    relation TEXT,       -- sealed
    phone TEXT NOT NULL, -- sealed
    email TEXT,          -- sealed
    position BIGINT NOT NULL CHECK (position >= 0),
    may_be_granted_access INTEGER NOT NULL DEFAULT 0 CHECK (may_be_granted_access IN (0, 1)),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX emergency_contacts_by_client ON emergency_contacts (client_id, position);

-- What was changed in a profile, from what to what.
CREATE TABLE profile_changes (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    field TEXT NOT NULL,
    old_value TEXT, -- sealed
    new_value TEXT, -- sealed
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE SET NULL,
    user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    needs_review INTEGER NOT NULL CHECK (needs_review IN (0, 1)),
    reviewed_at BIGINT,
    at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX profile_changes_by_client ON profile_changes (client_id, at);
CREATE INDEX profile_changes_by_account ON profile_changes (account_id);
CREATE INDEX profile_changes_by_user ON profile_changes (user_id);

-- What somebody did in the portal, for their own eyes and the practice's. Holds no content.
CREATE TABLE portal_activity (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES portal_accounts (id) ON DELETE CASCADE,
    client_id TEXT REFERENCES clients (id) ON DELETE CASCADE,
    action TEXT NOT NULL,
    resource TEXT,
    resource_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX portal_activity_by_account ON portal_activity (account_id, created_at);
CREATE INDEX portal_activity_by_client ON portal_activity (client_id, created_at);
