-- Emergency contacts become a declared kind of record: the same rows in the envelope that every kind has.
CREATE TABLE emergency_contact_records (
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
    name TEXT NOT NULL,  -- sealed
    relation TEXT,       -- sealed
    phone TEXT NOT NULL, -- sealed
    email TEXT,          -- sealed
    position BIGINT NOT NULL CHECK (position >= 0),
    UNIQUE (client_id, offline_key)
);
INSERT INTO emergency_contact_records
    (id, client_id, author_kind, shared, rev, created_at, updated_at, name, relation, phone, email, position)
SELECT id, client_id, 'SYSTEM', 1, 1, created_at, updated_at, name, relation, phone, email, position
FROM emergency_contacts;
DROP TABLE emergency_contacts;
ALTER TABLE emergency_contact_records RENAME TO emergency_contacts;
CREATE INDEX emergency_contacts_by_client ON emergency_contacts (client_id, position);
CREATE INDEX emergency_contacts_by_account ON emergency_contacts (author_account_id);
CREATE INDEX emergency_contacts_by_user ON emergency_contacts (author_user_id);

-- Kept from those who act for a minor. What is there already was seen by none of them, and stays so.
ALTER TABLE appointments ADD COLUMN is_confidential INTEGER NOT NULL DEFAULT 1 CHECK (is_confidential IN (0, 1));
ALTER TABLE homework_assignments
    ADD COLUMN is_confidential INTEGER NOT NULL DEFAULT 1 CHECK (is_confidential IN (0, 1));

-- The audit says what was done in the portal, and the owner reads it there.
DROP TABLE portal_activity;
