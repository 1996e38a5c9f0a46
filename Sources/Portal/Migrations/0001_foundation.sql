-- Conventions: ids are UUIDv7 text; times are epoch milliseconds UTC (BIGINT); booleans are 0 or 1; a column whose
-- comment says "sealed" holds ciphertext. Every client-owned table carries client_id and falls with the client.

CREATE TABLE practices (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    slug TEXT NOT NULL UNIQUE,
    time_zone TEXT NOT NULL,
    locale TEXT NOT NULL,
    region TEXT NOT NULL,
    phone TEXT,
    settings TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'SUSPENDED', 'READ_ONLY')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    email TEXT NOT NULL,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN
        ('ADMINISTRATOR', 'CLINICIAN', 'SUPERVISOR', 'FRONT_DESK', 'BILLING', 'HEALTH_COACH', 'CONTENT_EDITOR')),
    supervisor_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    password_hash TEXT,
    status TEXT NOT NULL CHECK (status IN ('INVITED', 'ACTIVE', 'DEACTIVATED')),
    on_call INTEGER NOT NULL DEFAULT 0 CHECK (on_call IN (0, 1)),
    last_login_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (practice_id, email),
    UNIQUE (practice_id, username),
    UNIQUE (practice_id, id)
);
CREATE INDEX users_by_supervisor ON users (supervisor_id);

CREATE TABLE clients (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    mrn TEXT,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    preferred_name TEXT,
    birth_date TEXT NOT NULL,
    language TEXT,
    time_zone TEXT NOT NULL,
    primary_therapist_id TEXT,
    portal_enabled INTEGER NOT NULL DEFAULT 0 CHECK (portal_enabled IN (0, 1)),
    status TEXT NOT NULL CHECK (status IN ('ACTIVE', 'DISCHARGED', 'DECEASED')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (practice_id, mrn),
    UNIQUE (practice_id, id),
    FOREIGN KEY (practice_id, primary_therapist_id) REFERENCES users (practice_id, id) ON DELETE RESTRICT
);
CREATE INDEX clients_by_therapist ON clients (practice_id, primary_therapist_id);

-- Who signs in on the client's side. A proxy has no client of its own.
CREATE TABLE portal_accounts (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind IN ('CLIENT', 'PROXY')),
    client_id TEXT,
    username TEXT NOT NULL,
    email TEXT NOT NULL,
    password_hash TEXT,
    status TEXT NOT NULL CHECK (status IN ('PENDING', 'ACTIVE', 'DISABLED', 'CLOSED')),
    last_login_at BIGINT,
    locale TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (practice_id, email),
    UNIQUE (practice_id, username),
    UNIQUE (practice_id, client_id),
    CHECK ((kind = 'CLIENT') = (client_id IS NOT NULL)),
    FOREIGN KEY (practice_id, client_id) REFERENCES clients (practice_id, id) ON DELETE CASCADE
);

CREATE TABLE client_relationships (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES portal_accounts (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('PARENT', 'GUARDIAN', 'POA', 'CONSERVATOR', 'FAMILY', 'PARTNER', 'EMERGENCY')),
    status TEXT NOT NULL CHECK (status IN ('REQUESTED', 'APPROVED', 'REJECTED', 'REVOKED', 'EXPIRED')),
    starts_at BIGINT,
    ends_at BIGINT,
    approved_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    revoked_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX client_relationships_open ON client_relationships (client_id, account_id)
    WHERE status IN ('REQUESTED', 'APPROVED');
CREATE INDEX client_relationships_by_client ON client_relationships (client_id);
CREATE INDEX client_relationships_by_account ON client_relationships (account_id, status);
CREATE INDEX client_relationships_by_approver ON client_relationships (approved_by_user_id);

-- Sessions are opaque: only a hash of the token is kept.
CREATE TABLE auth_sessions (
    id TEXT PRIMARY KEY,
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE CASCADE,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    token_hash TEXT NOT NULL UNIQUE,
    ip TEXT,
    user_agent TEXT,
    login_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    logout_at BIGINT,
    revoked_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((account_id IS NULL) <> (user_id IS NULL))
);
CREATE INDEX auth_sessions_by_account ON auth_sessions (account_id);
CREATE INDEX auth_sessions_by_user ON auth_sessions (user_id);
CREATE INDEX auth_sessions_by_expiry ON auth_sessions (expires_at);

-- Failed sign-ins in a row by name, whether or not an account of that name exists, so that the answers are alike.
CREATE TABLE sign_in_throttles (
    name_hash TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    locked_until BIGINT,
    updated_at BIGINT NOT NULL
);
CREATE INDEX sign_in_throttles_by_age ON sign_in_throttles (updated_at);

-- The articles that the assistant answers from. A published version never changes.
CREATE TABLE resources (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    slug TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('PUBLIC', 'CLIENTS', 'GUARDIANS')),
    status TEXT NOT NULL CHECK (status IN ('DRAFT', 'IN_REVIEW', 'PUBLISHED', 'SCHEDULED', 'RETIRED')),
    review_due TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (practice_id, slug)
);

CREATE TABLE resource_versions (
    id TEXT PRIMARY KEY,
    resource_id TEXT NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
    version BIGINT NOT NULL CHECK (version > 0),
    locale TEXT NOT NULL,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    source_sha256 TEXT NOT NULL,
    author_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    published_at BIGINT,
    retired_at BIGINT,
    change_note TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (resource_id, version, locale)
);
-- One live version of an article in a language.
CREATE UNIQUE INDEX resource_versions_live ON resource_versions (resource_id, locale)
    WHERE published_at IS NOT NULL AND retired_at IS NULL;
CREATE INDEX resource_versions_by_author ON resource_versions (author_user_id);

CREATE TABLE chat_conversations (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    account_id TEXT NOT NULL REFERENCES portal_accounts (id) ON DELETE CASCADE,
    locale TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'CLOSED', 'ESCALATED')),
    memory TEXT, -- sealed: what the assistant remembers of the conversation
    disclosed_at BIGINT,
    started_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (client_id, id)
);
CREATE INDEX chat_conversations_by_client ON chat_conversations (client_id, last_at);
CREATE INDEX chat_conversations_by_account ON chat_conversations (account_id);

CREATE TABLE chat_messages (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    conversation_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('CLIENT', 'ASSISTANT', 'SYSTEM')),
    body TEXT NOT NULL, -- sealed
    reply TEXT,         -- sealed: the whole reply as it was given, so that it can be reproduced
    decision TEXT,
    confidence REAL,
    rules_version TEXT,
    client_nonce TEXT,
    at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (conversation_id, ordinal),
    UNIQUE (conversation_id, client_nonce),
    UNIQUE (client_id, id),
    FOREIGN KEY (client_id, conversation_id) REFERENCES chat_conversations (client_id, id) ON DELETE CASCADE
);
CREATE INDEX chat_messages_by_client ON chat_messages (client_id, conversation_id);

CREATE TABLE chat_citations (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    rank BIGINT NOT NULL,
    article_id TEXT NOT NULL,
    article_version BIGINT NOT NULL,
    passage_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (message_id, rank),
    FOREIGN KEY (client_id, message_id) REFERENCES chat_messages (client_id, id) ON DELETE CASCADE
);
CREATE INDEX chat_citations_by_client ON chat_citations (client_id, message_id);

CREATE TABLE guardrail_events (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    rule_code TEXT NOT NULL,
    rules_version TEXT NOT NULL,
    category TEXT NOT NULL,
    action TEXT NOT NULL,
    at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    FOREIGN KEY (client_id, message_id) REFERENCES chat_messages (client_id, id) ON DELETE CASCADE
);
CREATE INDEX guardrail_events_by_client ON guardrail_events (client_id, message_id);

-- What the staff have to know and act on. One open alert per client, kind and episode.
CREATE TABLE compliance_alerts (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind IN
        ('CRISIS_TEXT', 'SAFETY_ITEM', 'SEVERITY_THRESHOLD', 'RELIABLE_DETERIORATION', 'TOOLKIT_USE', 'LOW_MOOD', 'OTHER')),
    severity TEXT NOT NULL CHECK (severity IN ('INFO', 'WARN', 'HIGH', 'CRITICAL')),
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    episode_key TEXT NOT NULL,
    signals BIGINT NOT NULL CHECK (signals > 0),
    summary TEXT NOT NULL, -- sealed
    assigned_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'ACKNOWLEDGED', 'CLOSED')),
    raised_at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL DEFAULT 0,
    escalation_level BIGINT NOT NULL DEFAULT 0,
    acknowledged_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    acknowledged_at BIGINT,
    closed_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX compliance_alerts_open ON compliance_alerts (client_id, kind, episode_key) WHERE state <> 'CLOSED';
CREATE INDEX compliance_alerts_by_client ON compliance_alerts (client_id, kind, state);
CREATE INDEX compliance_alerts_by_practice ON compliance_alerts (practice_id, state, raised_at);
CREATE INDEX compliance_alerts_by_assignee ON compliance_alerts (assigned_user_id, state);
CREATE INDEX compliance_alerts_by_acknowledger ON compliance_alerts (acknowledged_by_user_id);

CREATE TABLE crisis_events (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE SET NULL,
    source TEXT NOT NULL CHECK (source IN
        ('CHAT', 'MESSAGE', 'ASSESSMENT', 'JOURNAL', 'MOOD', 'FORM', 'GROUP', 'CHECKIN', 'TOOLKIT', 'EMERGENCY_BUTTON')),
    source_id TEXT NOT NULL,
    tier TEXT NOT NULL CHECK (tier IN ('support', 'elevated', 'high', 'imminent')),
    subject TEXT NOT NULL,
    categories TEXT NOT NULL,
    rule_codes TEXT NOT NULL,
    matched_spans TEXT, -- sealed
    rules_version TEXT NOT NULL,
    alert_id TEXT REFERENCES compliance_alerts (id) ON DELETE SET NULL,
    at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (source, source_id)
);
CREATE INDEX crisis_events_by_client ON crisis_events (client_id, at);
CREATE INDEX crisis_events_by_account ON crisis_events (account_id);
CREATE INDEX crisis_events_by_alert ON crisis_events (alert_id);

-- Definitions as they were when they were used. A version that has been answered never changes.
CREATE TABLE instrument_versions (
    id TEXT PRIMARY KEY,
    code TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version > 0),
    title TEXT NOT NULL,
    definition TEXT NOT NULL,
    definition_sha256 TEXT NOT NULL,
    published_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (code, version)
);

CREATE TABLE assessment_assignments (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    instrument_code TEXT NOT NULL,
    origin TEXT NOT NULL CHECK (origin IN ('SCHEDULED', 'STAFF', 'ADHOC')),
    assigned_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    due_at BIGINT,
    status TEXT NOT NULL CHECK (status IN ('DUE', 'STARTED', 'COMPLETED', 'EXPIRED', 'CANCELLED')),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX assessment_assignments_by_client ON assessment_assignments (client_id, status, due_at);
CREATE INDEX assessment_assignments_by_assigner ON assessment_assignments (assigned_by_user_id);

CREATE TABLE assessments (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    assignment_id TEXT REFERENCES assessment_assignments (id) ON DELETE SET NULL,
    instrument_version_id TEXT NOT NULL REFERENCES instrument_versions (id) ON DELETE RESTRICT,
    respondent TEXT NOT NULL CHECK (respondent IN ('SELF', 'PROXY', 'CLINICIAN')),
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE SET NULL,
    status TEXT NOT NULL CHECK (status IN ('IN_PROGRESS', 'COMPLETED', 'INCOMPLETE', 'VOIDED')),
    rev BIGINT NOT NULL DEFAULT 1,
    started_at BIGINT NOT NULL,
    completed_at BIGINT,
    report TEXT, -- sealed: the outcome as it was computed, with the versions that produced it
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (client_id, id)
);
CREATE INDEX assessments_by_client ON assessments (client_id, completed_at);
CREATE INDEX assessments_by_assignment ON assessments (assignment_id);
CREATE INDEX assessments_by_account ON assessments (account_id);
CREATE INDEX assessments_by_instrument ON assessments (instrument_version_id);
-- An assigned questionnaire is answered once; several devices resume the same one.
CREATE UNIQUE INDEX assessments_one_per_assignment ON assessments (assignment_id)
    WHERE assignment_id IS NOT NULL AND status <> 'VOIDED';

CREATE TABLE assessment_responses (
    assessment_id TEXT NOT NULL,
    item_code TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    value BIGINT,
    text TEXT, -- sealed
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (assessment_id, item_code),
    FOREIGN KEY (client_id, assessment_id) REFERENCES assessments (client_id, id) ON DELETE CASCADE
);
CREATE INDEX assessment_responses_by_client ON assessment_responses (client_id, assessment_id);

CREATE TABLE assessment_scores (
    assessment_id TEXT NOT NULL,
    scale TEXT NOT NULL,
    id TEXT NOT NULL UNIQUE,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    instrument_code TEXT NOT NULL,
    instrument_version BIGINT NOT NULL,
    value REAL,
    answered BIGINT NOT NULL,
    missing BIGINT NOT NULL,
    band TEXT,
    engine_version TEXT NOT NULL,
    computed_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (assessment_id, scale),
    FOREIGN KEY (client_id, assessment_id) REFERENCES assessments (client_id, id) ON DELETE CASCADE
);
CREATE INDEX assessment_scores_by_assessment ON assessment_scores (client_id, assessment_id);
CREATE INDEX assessment_scores_by_client ON assessment_scores (client_id, instrument_code, scale, computed_at);

CREATE TABLE notifications (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    account_id TEXT REFERENCES portal_accounts (id) ON DELETE CASCADE,
    user_id TEXT REFERENCES users (id) ON DELETE CASCADE,
    client_id TEXT REFERENCES clients (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    title TEXT NOT NULL,
    message TEXT,
    link TEXT,
    action_required INTEGER NOT NULL CHECK (action_required IN (0, 1)),
    dedupe_key TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    read_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    CHECK ((account_id IS NULL) <> (user_id IS NULL)),
    UNIQUE (account_id, dedupe_key),
    UNIQUE (user_id, dedupe_key)
);
CREATE INDEX notifications_of_account ON notifications (account_id, read_at, created_at);
CREATE INDEX notifications_of_user ON notifications (user_id, read_at, created_at);
CREATE INDEX notifications_by_client ON notifications (client_id);
CREATE INDEX notifications_by_practice ON notifications (practice_id, created_at);

-- What happened, in the transaction in which it happened.
CREATE TABLE portal_events (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    client_id TEXT REFERENCES clients (id) ON DELETE CASCADE,
    type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX portal_events_by_client ON portal_events (client_id, at);
CREATE INDEX portal_events_by_practice ON portal_events (practice_id, at);

-- What is still to be done about it, or at a later time. Claimed by lease, retried with backoff, parked when it cannot.
CREATE TABLE work_items (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    dedupe_key TEXT NOT NULL,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    client_id TEXT REFERENCES clients (id) ON DELETE CASCADE,
    subject_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('PENDING', 'LEASED', 'DONE', 'PARKED', 'CANCELLED')),
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 0,
    lease_owner TEXT,
    lease_until BIGINT,
    last_error TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (kind, dedupe_key)
);
CREATE INDEX work_items_due ON work_items (state, run_at);
CREATE INDEX work_items_by_client ON work_items (client_id);
CREATE INDEX work_items_by_practice ON work_items (practice_id, state);

-- Who did what to whose record. Append-only, and chained by a keyed hash so that a changed, inserted or removed row shows.
-- No foreign keys: it outlives what it speaks of.
CREATE TABLE audit_log (
    seq INTEGER PRIMARY KEY,
    at BIGINT NOT NULL,
    practice_id TEXT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor_id TEXT,
    client_id TEXT,
    relation TEXT,
    purpose TEXT,
    action TEXT NOT NULL,
    entity TEXT NOT NULL,
    entity_id TEXT,
    outcome TEXT NOT NULL CHECK (outcome IN ('OK', 'DENIED', 'ERROR')),
    reason TEXT,
    request_id TEXT,
    ip TEXT,
    previous_hash TEXT NOT NULL,
    row_hash TEXT NOT NULL UNIQUE
);
CREATE INDEX audit_log_by_client ON audit_log (practice_id, client_id, at);
CREATE INDEX audit_log_by_actor ON audit_log (practice_id, actor_id, at);
CREATE TRIGGER audit_log_is_never_updated BEFORE UPDATE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;
CREATE TRIGGER audit_log_is_never_deleted BEFORE DELETE ON audit_log
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;
