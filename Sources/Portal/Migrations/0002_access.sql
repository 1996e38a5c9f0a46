-- Who acts for whom, what minors' guardians see, what a client shares and agreed to, and why somebody broke the glass.

-- What the client agreed to, until it expires or is withdrawn.
CREATE TABLE consents (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN
        ('TREATMENT', 'TELEHEALTH', 'ROI', 'FAMILY_ACCESS', 'MARKETING', 'RESEARCH', 'LOCATION', 'SMS', 'AI_CHAT')),
    state TEXT NOT NULL CHECK (state IN ('GRANTED', 'WITHDRAWN', 'EXPIRED')),
    granted_by_account_id TEXT REFERENCES portal_accounts (id) ON DELETE SET NULL,
    granted_at BIGINT NOT NULL,
    expires_at BIGINT,
    withdrawn_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((state = 'WITHDRAWN') = (withdrawn_at IS NOT NULL))
);
CREATE INDEX consents_by_client ON consents (client_id, kind, state);
CREATE INDEX consents_by_account ON consents (granted_by_account_id);

-- A relationship's scopes are an object of area: level; court limits a list of areas that a court closed to the person.
ALTER TABLE client_relationships ADD COLUMN scopes TEXT NOT NULL DEFAULT '{}';
ALTER TABLE client_relationships ADD COLUMN court_limits TEXT NOT NULL DEFAULT '[]';
ALTER TABLE client_relationships ADD COLUMN assent_at BIGINT;
ALTER TABLE client_relationships ADD COLUMN consent_id TEXT REFERENCES consents (id) ON DELETE SET NULL;
ALTER TABLE client_relationships ADD COLUMN request_reason TEXT; -- sealed
ALTER TABLE client_relationships ADD COLUMN evidence TEXT; -- sealed: what the decision rests on
ALTER TABLE client_relationships ADD COLUMN decided_at BIGINT;
ALTER TABLE client_relationships ADD COLUMN revoke_reason TEXT; -- sealed
CREATE INDEX client_relationships_by_consent ON client_relationships (consent_id);

-- A practice's rules for minors. They narrow what the policy opens, and never widen it.
CREATE TABLE jurisdiction_rules (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    jurisdiction TEXT NOT NULL,
    min_age BIGINT NOT NULL CHECK (min_age >= 0),
    max_age BIGINT NOT NULL CHECK (max_age <= 17),
    data_area TEXT NOT NULL,
    guardian_access TEXT NOT NULL CHECK (guardian_access IN ('FULL', 'PARTIAL', 'SUMMARY', 'NONE')),
    minor_consent_ok INTEGER NOT NULL DEFAULT 0 CHECK (minor_consent_ok IN (0, 1)),
    effective_from TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (min_age <= max_age),
    UNIQUE (practice_id, jurisdiction, min_age, data_area, effective_from)
);

ALTER TABLE clients ADD COLUMN health_coach_id TEXT REFERENCES users (id) ON DELETE SET NULL;
ALTER TABLE clients ADD COLUMN jurisdiction TEXT;
CREATE INDEX clients_by_health_coach ON clients (health_coach_id);

-- The client whom a proxy's session works for; NULL for one's own record.
ALTER TABLE auth_sessions ADD COLUMN acting_client_id TEXT REFERENCES clients (id) ON DELETE SET NULL;
CREATE INDEX auth_sessions_by_acting_client ON auth_sessions (acting_client_id);

-- Why somebody opened what is closed otherwise. The audit says only that a reason was given.
CREATE TABLE access_reasons (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    user_id TEXT NOT NULL REFERENCES users (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind IN ('EMERGENCY', 'REVEAL')),
    subject TEXT,
    reason TEXT NOT NULL, -- sealed
    starts_at BIGINT NOT NULL,
    ends_at BIGINT NOT NULL,
    reviewed_at BIGINT,
    reviewed_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    review_note TEXT, -- sealed
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX access_reasons_by_client ON access_reasons (client_id, user_id, kind, ends_at);
CREATE INDEX access_reasons_by_user ON access_reasons (user_id, ends_at);
CREATE INDEX access_reasons_by_reviewer ON access_reasons (reviewed_by_user_id);

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
