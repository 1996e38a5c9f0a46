-- Kinds of record that are declared. Each table begins with the envelope that they all have.

CREATE TABLE appointments (
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
    clinician_id TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL CHECK (ends_at > starts_at),
    status TEXT NOT NULL CHECK (status IN ('SCHEDULED', 'COMPLETED', 'CANCELLED', 'NO_SHOW')),
    UNIQUE (client_id, id),
    UNIQUE (client_id, offline_key)
);
CREATE INDEX appointments_by_client ON appointments (client_id, starts_at);
CREATE INDEX appointments_by_clinician ON appointments (clinician_id, starts_at);
CREATE INDEX appointments_by_account ON appointments (author_account_id);
CREATE INDEX appointments_by_user ON appointments (author_user_id);

CREATE TABLE session_reviews (
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
    appointment_id TEXT NOT NULL UNIQUE,
    clinician_id TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    rating BIGINT NOT NULL CHECK (rating BETWEEN 1 AND 5),
    feedback TEXT, -- sealed
    categories TEXT NOT NULL,
    is_anonymous INTEGER NOT NULL CHECK (is_anonymous IN (0, 1)),
    UNIQUE (client_id, offline_key),
    CHECK (NOT (shared = 1 AND is_anonymous = 1)),
    FOREIGN KEY (client_id, appointment_id) REFERENCES appointments (client_id, id) ON DELETE CASCADE
);
CREATE INDEX session_reviews_by_client ON session_reviews (client_id, appointment_id);
CREATE INDEX session_reviews_by_clinician ON session_reviews (clinician_id, rating);
CREATE INDEX session_reviews_by_account ON session_reviews (author_account_id);
CREATE INDEX session_reviews_by_user ON session_reviews (author_user_id);

CREATE TABLE mood_entries (
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
    mood BIGINT NOT NULL CHECK (mood BETWEEN 1 AND 10),
    symptoms TEXT,
    note TEXT, -- sealed
    entry_at BIGINT NOT NULL,
    UNIQUE (client_id, offline_key)
);
CREATE INDEX mood_entries_by_client ON mood_entries (client_id, entry_at);
CREATE INDEX mood_entries_by_account ON mood_entries (author_account_id);
CREATE INDEX mood_entries_by_user ON mood_entries (author_user_id);

CREATE TABLE journal_entries (
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
    title TEXT, -- sealed
    body TEXT NOT NULL, -- sealed
    entry_at BIGINT NOT NULL,
    UNIQUE (client_id, offline_key)
);
CREATE INDEX journal_entries_by_client ON journal_entries (client_id, entry_at);
CREATE INDEX journal_entries_by_account ON journal_entries (author_account_id);
CREATE INDEX journal_entries_by_user ON journal_entries (author_user_id);

CREATE TABLE homework_assignments (
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
    title TEXT NOT NULL, -- sealed
    description TEXT, -- sealed
    homework_type TEXT NOT NULL CHECK (homework_type IN
        ('THOUGHT_RECORD', 'WORKSHEET', 'EXPOSURE', 'BEHAVIORAL', 'READING', 'MINDFULNESS', 'CUSTOM')),
    due_at BIGINT,
    status TEXT NOT NULL CHECK (status IN ('ASSIGNED', 'STARTED', 'COMPLETED', 'REVIEWED', 'CANCELLED')),
    response TEXT, -- sealed
    completed_at BIGINT,
    feedback TEXT, -- sealed
    feedback_at BIGINT,
    UNIQUE (client_id, offline_key)
);
CREATE INDEX homework_assignments_by_client ON homework_assignments (client_id, status, due_at);
CREATE INDEX homework_assignments_by_account ON homework_assignments (author_account_id);
CREATE INDEX homework_assignments_by_user ON homework_assignments (author_user_id);

-- Copies of everything that is held on a client. The files fall with the client's key.
CREATE TABLE data_exports (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    requested_by_account_id TEXT REFERENCES portal_accounts (id) ON DELETE SET NULL,
    status TEXT NOT NULL CHECK (status IN ('QUEUED', 'READY', 'EXPIRED')),
    json TEXT, -- sealed
    html TEXT, -- sealed
    ready_at BIGINT,
    expires_at BIGINT,
    downloaded_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX data_exports_by_client ON data_exports (client_id, created_at);
CREATE INDEX data_exports_by_account ON data_exports (requested_by_account_id);
