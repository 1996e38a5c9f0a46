-- What a client shares with the clinician unless they say otherwise for an entry. No row: the shipped default.
CREATE TABLE privacy_settings (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    data_kind TEXT NOT NULL CHECK (data_kind IN
        ('MOOD', 'SYMPTOM', 'SLEEP', 'EXERCISE', 'JOURNAL', 'GRATITUDE', 'CHECKIN', 'MEDICATION', 'GOAL', 'CHAT', 'REVIEW')),
    default_shared INTEGER NOT NULL CHECK (default_shared IN (0, 1)),
    changed_by_account_id TEXT REFERENCES portal_accounts (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (client_id, data_kind)
);
CREATE INDEX privacy_settings_by_account ON privacy_settings (changed_by_account_id);
