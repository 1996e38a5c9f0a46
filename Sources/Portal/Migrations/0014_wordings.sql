-- What was sent to a language model to put an answer into words, and what came of it.

CREATE TABLE chat_wordings (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    model TEXT NOT NULL,
    server TEXT NOT NULL,
    prompt_version TEXT NOT NULL,
    sent TEXT NOT NULL, -- sealed
    state TEXT NOT NULL CHECK (state IN ('SENT', 'WORDED', 'CUT', 'UNUSED', 'FAILED', 'CANCELLED')),
    reason TEXT,
    sentences BIGINT NOT NULL CHECK (sentences >= 0),
    at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (client_id, message_id),
    FOREIGN KEY (client_id, message_id) REFERENCES chat_messages (client_id, id) ON DELETE CASCADE
);
CREATE INDEX chat_wordings_by_time ON chat_wordings (at);
