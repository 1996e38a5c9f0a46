-- From where somebody acted, beyond the address: in which session, and by what program (a code out of closed lists and the
-- digits of a version). And how many attempts a row stands for, where one row stands for several. Rows from before have
-- none of them, and keep their hashes.
ALTER TABLE audit_log ADD COLUMN session_id TEXT;
ALTER TABLE audit_log ADD COLUMN agent TEXT;
ALTER TABLE audit_log ADD COLUMN times BIGINT;

CREATE TRIGGER audit_log_origin_holds_no_text BEFORE INSERT ON audit_log
WHEN NEW.session_id GLOB '*[^A-Za-z0-9_.:-]*' OR length(NEW.session_id) > 64
    OR NEW.agent GLOB '*[^A-Za-z0-9_.-]*' OR length(NEW.agent) > 32
    OR NEW.times < 1
BEGIN
    SELECT RAISE(ABORT, 'audit_log holds names, ids and codes alone');
END;

-- Which version a change is made to.
ALTER TABLE client_relationships ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
-- A request to reach further may wait beside the relationship that is in force, and takes its place when it is approved.
DROP INDEX client_relationships_open;
CREATE UNIQUE INDEX client_relationships_requested ON client_relationships (client_id, account_id)
    WHERE status = 'REQUESTED';
CREATE UNIQUE INDEX client_relationships_approved ON client_relationships (client_id, account_id)
    WHERE status = 'APPROVED';

-- To whom a consent opens something who may have no account yet: the keyed hash of the address, by which it is found when
-- the account comes, and what they are to the client.
ALTER TABLE consents ADD COLUMN relationship_kind TEXT CHECK (relationship_kind IN ('FAMILY', 'PARTNER', 'EMERGENCY'));
ALTER TABLE consents ADD COLUMN recipient_hash TEXT;
CREATE INDEX consents_by_recipient ON consents (recipient_hash) WHERE recipient_hash IS NOT NULL;
