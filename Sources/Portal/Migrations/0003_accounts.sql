-- Accounts, passwords, second factors, invitations, registration.

ALTER TABLE portal_accounts ADD COLUMN email_verified_at BIGINT;
ALTER TABLE portal_accounts ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1));
ALTER TABLE portal_accounts ADD COLUMN failed_attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE portal_accounts ADD COLUMN login_count BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN must_change_password INTEGER NOT NULL DEFAULT 0 CHECK (must_change_password IN (0, 1));
ALTER TABLE users ADD COLUMN failed_attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE users ADD COLUMN login_count BIGINT NOT NULL DEFAULT 0;
-- The address on record, to which a self-registration is confirmed.
ALTER TABLE clients ADD COLUMN email TEXT;

-- Whatever is good for one use: links, codes, challenges. Only a keyed hash is kept. A row without a holder is the work
-- that is done for a name nobody has, so that it is the same work.
CREATE TABLE auth_tokens (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE CASCADE,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    purpose TEXT NOT NULL CHECK (purpose IN
        ('ACTIVATION', 'MAGIC_LINK', 'RESET', 'EMAIL_VERIFY', 'EMAIL_CHANGE', 'MFA_CODE', 'CHALLENGE', 'DOWNLOAD')),
    token_hash TEXT NOT NULL UNIQUE,
    -- What it is bound to: the challenge that a code answers, the registration that an address belongs to.
    subject_id TEXT,
    destination TEXT, -- sealed
    attempts BIGINT NOT NULL DEFAULT 0,
    expires_at BIGINT NOT NULL,
    used_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK (account_id IS NULL OR user_id IS NULL)
);
CREATE INDEX auth_tokens_by_practice ON auth_tokens (practice_id);
CREATE INDEX auth_tokens_by_account ON auth_tokens (account_id, purpose, created_at);
CREATE INDEX auth_tokens_by_user ON auth_tokens (user_id, purpose, created_at);
CREATE INDEX auth_tokens_by_subject ON auth_tokens (subject_id, purpose);
CREATE INDEX auth_tokens_by_expiry ON auth_tokens (expires_at);

CREATE TABLE password_history (
    id TEXT PRIMARY KEY,
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE CASCADE,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    password_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK ((account_id IS NULL) <> (user_id IS NULL))
);
CREATE INDEX password_history_by_account ON password_history (account_id, created_at);
CREATE INDEX password_history_by_user ON password_history (user_id, created_at);

CREATE TABLE mfa_methods (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE CASCADE,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('TOTP', 'EMAIL')),
    secret TEXT, -- sealed
    -- The time step of the last code that was taken; it and those before it are used up.
    last_step BIGINT,
    confirmed_at BIGINT,
    last_used_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((account_id IS NULL) <> (user_id IS NULL)),
    UNIQUE (account_id, kind),
    UNIQUE (user_id, kind)
);
CREATE INDEX mfa_methods_by_practice ON mfa_methods (practice_id);

CREATE TABLE recovery_codes (
    id TEXT PRIMARY KEY,
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE CASCADE,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    salt TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    used_at BIGINT,
    created_at BIGINT NOT NULL,
    CHECK ((account_id IS NULL) <> (user_id IS NULL))
);
CREATE INDEX recovery_codes_by_account ON recovery_codes (account_id);
CREATE INDEX recovery_codes_by_user ON recovery_codes (user_id);

CREATE TABLE invitations (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    channel TEXT NOT NULL CHECK (channel IN ('EMAIL', 'QR', 'PAPER', 'SELF')),
    destination TEXT, -- sealed
    code_hash TEXT NOT NULL UNIQUE,
    attempts BIGINT NOT NULL DEFAULT 0,
    status TEXT NOT NULL CHECK (status IN ('SENT', 'OPENED', 'USED', 'REVOKED')),
    expires_at BIGINT NOT NULL,
    created_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX invitations_by_practice ON invitations (practice_id);
CREATE INDEX invitations_by_client ON invitations (client_id, status);
CREATE INDEX invitations_by_creator ON invitations (created_by_user_id);

-- Where somebody stands who registers by an invitation.
CREATE TABLE registrations (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    invitation_id TEXT NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE CASCADE,
    resume_hash TEXT NOT NULL UNIQUE,
    step TEXT NOT NULL CHECK (step IN
        ('VERIFY', 'CREDENTIALS', 'SECOND_FACTOR', 'PREFERENCES', 'EMERGENCY_CONTACT', 'TERMS', 'DONE')),
    email TEXT, -- sealed
    emergency_contact TEXT, -- sealed
    expires_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX registrations_by_practice ON registrations (practice_id);
CREATE INDEX registrations_by_client ON registrations (client_id);
CREATE INDEX registrations_by_invitation ON registrations (invitation_id);
CREATE INDEX registrations_by_account ON registrations (account_id);

-- Who says they are a client, and could not be confirmed by mail to an address on record: for the staff to look at.
CREATE TABLE registration_requests (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    details TEXT NOT NULL, -- sealed
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'APPROVED', 'REJECTED')),
    decided_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    decided_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX registration_requests_by_practice ON registration_requests (practice_id, state, created_at);
CREATE INDEX registration_requests_by_decider ON registration_requests (decided_by_user_id);

-- A version never changes; the newest of a kind and language is in force.
CREATE TABLE legal_documents (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind IN ('TERMS', 'PRIVACY')),
    version BIGINT NOT NULL CHECK (version > 0),
    locale TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (practice_id, kind, locale, version)
);

CREATE TABLE terms_acceptances (
    id TEXT PRIMARY KEY,
    account_id TEXT NOT NULL REFERENCES portal_accounts (id) ON DELETE CASCADE,
    document_id TEXT NOT NULL REFERENCES legal_documents (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL,
    version BIGINT NOT NULL,
    locale TEXT NOT NULL,
    ip TEXT,
    accepted_at BIGINT NOT NULL,
    UNIQUE (account_id, document_id)
);
CREATE INDEX terms_acceptances_by_document ON terms_acceptances (document_id);
