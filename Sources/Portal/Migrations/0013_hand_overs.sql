-- Clients who ask for a person instead of the assistant.

CREATE TABLE hand_overs (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    author_kind TEXT NOT NULL CHECK (author_kind IN ('CLIENT', 'PROXY', 'STAFF', 'SYSTEM')),
    author_account_id TEXT REFERENCES portal_accounts (id) ON DELETE SET NULL,
    author_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
    rev BIGINT NOT NULL CHECK (rev > 0),
    offline_key TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    message TEXT NOT NULL, -- sealed
    conversation_id TEXT REFERENCES chat_conversations (id) ON DELETE SET NULL,
    transcript TEXT, -- sealed
    status TEXT NOT NULL CHECK (status IN ('WAITING', 'ANSWERED', 'WITHDRAWN')),
    answer TEXT, -- sealed
    answered_at BIGINT,
    UNIQUE (client_id, offline_key),
    CHECK ((answer IS NULL) = (answered_at IS NULL))
);
CREATE INDEX hand_overs_by_client ON hand_overs (client_id, created_at);
CREATE INDEX hand_overs_by_conversation ON hand_overs (conversation_id);
CREATE INDEX hand_overs_by_account ON hand_overs (author_account_id);
CREATE INDEX hand_overs_by_user ON hand_overs (author_user_id);
