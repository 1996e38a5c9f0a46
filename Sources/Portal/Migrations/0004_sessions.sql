-- Devices that somebody signed in on. A browser is known again by the secret in its cookie, of which this keeps a hash; a
-- program without one by what it says it is.
CREATE TABLE devices (
    id TEXT PRIMARY KEY,
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE CASCADE,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('BROWSER', 'PROGRAM')),
    fingerprint_hash TEXT NOT NULL,
    name TEXT,
    -- Until when the device stands for a second factor.
    trusted_until BIGINT,
    revoked_at BIGINT,
    last_seen_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((account_id IS NULL) <> (user_id IS NULL)),
    CHECK (kind = 'BROWSER' OR trusted_until IS NULL)
);
CREATE UNIQUE INDEX devices_of_account ON devices (account_id, fingerprint_hash);
CREATE UNIQUE INDEX devices_of_user ON devices (user_id, fingerprint_hash);

-- The first half of a token stays the same for as long as the session lasts; the second is renewed. A token with the right
-- first half and neither the present nor the previous second is an old one: somebody kept a copy.
ALTER TABLE auth_sessions ADD COLUMN family_hash TEXT;
ALTER TABLE auth_sessions ADD COLUMN prev_token_hash TEXT;
ALTER TABLE auth_sessions ADD COLUMN prev_valid_until BIGINT;
ALTER TABLE auth_sessions ADD COLUMN renews INTEGER NOT NULL DEFAULT 0 CHECK (renews IN (0, 1));
ALTER TABLE auth_sessions ADD COLUMN channel TEXT NOT NULL DEFAULT 'API' CHECK (channel IN ('WEB', 'API'));
ALTER TABLE auth_sessions ADD COLUMN device_id TEXT REFERENCES devices (id) ON DELETE SET NULL;
-- Whatever is done with the session, it ends then.
ALTER TABLE auth_sessions ADD COLUMN absolute_expires_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE auth_sessions ADD COLUMN authenticated_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE auth_sessions ADD COLUMN mfa_passed INTEGER NOT NULL DEFAULT 0 CHECK (mfa_passed IN (0, 1));
ALTER TABLE auth_sessions ADD COLUMN pages_viewed BIGINT NOT NULL DEFAULT 0;
ALTER TABLE auth_sessions ADD COLUMN actions_taken BIGINT NOT NULL DEFAULT 0;
ALTER TABLE auth_sessions ADD COLUMN is_active INTEGER NOT NULL DEFAULT 1 CHECK (is_active IN (0, 1));
ALTER TABLE auth_sessions ADD COLUMN end_reason TEXT CHECK (end_reason IN (
    'SIGNED_OUT', 'ENDED_BY_OWNER', 'ENDED_BY_ADMINISTRATOR', 'TOKEN_REUSED', 'ACCESS_OFF', 'CREDENTIALS_CHANGED',
    'DEVICE_REVOKED', 'TOO_MANY', 'EXPIRED'));

-- Sessions of before have tokens without halves, so nobody can go on with them.
UPDATE auth_sessions SET is_active = 0, end_reason = 'EXPIRED', absolute_expires_at = expires_at, authenticated_at = login_at;

CREATE UNIQUE INDEX auth_sessions_by_family ON auth_sessions (family_hash);
CREATE INDEX auth_sessions_by_device ON auth_sessions (device_id);
CREATE INDEX auth_sessions_active ON auth_sessions (expires_at) WHERE is_active = 1;
