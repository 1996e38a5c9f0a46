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
    finished_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX mail_messages_by_client ON mail_messages (client_id);
CREATE INDEX mail_messages_by_practice ON mail_messages (practice_id, state, created_at);
