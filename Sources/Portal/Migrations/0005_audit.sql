-- The audit takes rows at its end alone. Without this rule INSERT OR REPLACE would get past the triggers that refuse
-- UPDATE and DELETE.
CREATE TRIGGER audit_log_grows_at_its_end BEFORE INSERT ON audit_log
WHEN EXISTS (SELECT 1 FROM audit_log WHERE seq >= NEW.seq)
    OR EXISTS (SELECT 1 FROM audit_log WHERE row_hash = NEW.row_hash)
BEGIN
    SELECT RAISE(ABORT, 'audit_log is append-only');
END;

-- Names, ids and codes; no text that anybody wrote.
CREATE TRIGGER audit_log_holds_no_text BEFORE INSERT ON audit_log
WHEN NEW.action GLOB '*[^A-Za-z0-9_.-]*' OR length(NEW.action) > 64
    OR NEW.entity GLOB '*[^A-Za-z0-9_.-]*' OR length(NEW.entity) > 64
    OR NEW.reason GLOB '*[^A-Za-z0-9_.-]*' OR length(NEW.reason) > 64
    OR NEW.entity_id GLOB '*[^A-Za-z0-9_.:-]*' OR length(NEW.entity_id) > 64
    OR NEW.actor_id GLOB '*[^A-Za-z0-9_.:-]*' OR length(NEW.actor_id) > 64
BEGIN
    SELECT RAISE(ABORT, 'audit_log holds names, ids and codes alone');
END;

-- What is about an account and no client's record: sign-ins that failed, and what the staff changed.
CREATE INDEX audit_log_by_entity ON audit_log (entity_id) WHERE client_id IS NULL;

-- Accounting of disclosures (45 CFR 164.528).
CREATE TABLE disclosures (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    disclosed_on TEXT NOT NULL,
    basis TEXT NOT NULL CHECK (basis IN
        ('REQUIRED_BY_LAW', 'PUBLIC_HEALTH', 'ABUSE_OR_NEGLECT', 'HEALTH_OVERSIGHT', 'JUDICIAL', 'LAW_ENFORCEMENT',
         'DECEDENTS', 'RESEARCH', 'SERIOUS_THREAT', 'GOVERNMENT_FUNCTION', 'WORKERS_COMPENSATION', 'IN_ERROR', 'OTHER')),
    recipient TEXT NOT NULL,   -- sealed
    address TEXT,              -- sealed
    description TEXT NOT NULL, -- sealed: what was disclosed
    purpose TEXT NOT NULL,     -- sealed: why, in a few words
    recorded_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX disclosures_by_client ON disclosures (client_id, disclosed_on);
CREATE INDEX disclosures_by_recorder ON disclosures (recorded_by_user_id);

-- The deletion of a client, from the moment their rows are gone until their key and files are. Refers to nobody: it
-- outlives the client, of whom it keeps the id alone.
CREATE TABLE client_erasures (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    erased_id TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL CHECK (reason IN ('CLIENT_REQUEST', 'RETENTION_ENDED', 'ENTERED_IN_ERROR', 'DUPLICATE')),
    requested_by TEXT NOT NULL,
    row_counts TEXT NOT NULL,
    files BIGINT,
    erased_at BIGINT NOT NULL,
    completed_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX client_erasures_by_practice ON client_erasures (practice_id, erased_at);

-- How an alert was closed: a code, what was done to reach the client, and by whom.
ALTER TABLE compliance_alerts ADD COLUMN closure TEXT CHECK (closure IN
    ('CONTACTED', 'SAFETY_PLAN', 'REFERRED', 'EMERGENCY_SERVICES', 'NO_RISK_FOUND', 'FALSE_ALARM'));
ALTER TABLE compliance_alerts ADD COLUMN outreach_note TEXT; -- sealed
ALTER TABLE compliance_alerts ADD COLUMN closed_by_user_id TEXT REFERENCES users (id) ON DELETE SET NULL;
CREATE INDEX compliance_alerts_by_closer ON compliance_alerts (closed_by_user_id);
