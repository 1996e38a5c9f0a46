-- Rules that a practice adds to the built-in screens. Texts of rules and no word of a client.

-- The set that is being worked on: one per practice.
CREATE TABLE practice_rule_drafts (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL UNIQUE REFERENCES practices (id) ON DELETE RESTRICT,
    rules TEXT NOT NULL, -- JSON
    base_version BIGINT,
    rev BIGINT NOT NULL CHECK (rev > 0),
    state TEXT NOT NULL CHECK (state IN ('DRAFT', 'APPROVED')),
    reviewer_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX practice_rule_drafts_by_reviewer ON practice_rule_drafts (reviewer_user_id);

-- Every set that was ever in force; the highest version is. Never changed: findings name the version that made them.
CREATE TABLE practice_rule_sets (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    version BIGINT NOT NULL CHECK (version > 0),
    rules TEXT NOT NULL, -- JSON
    rules_version TEXT NOT NULL,
    publisher_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    reviewer_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    published_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (practice_id, version)
);
CREATE INDEX practice_rule_sets_by_publisher ON practice_rule_sets (publisher_user_id);
CREATE INDEX practice_rule_sets_by_reviewer ON practice_rule_sets (reviewer_user_id);

-- Who did what with which rule.
CREATE TABLE practice_rule_history (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    rule_code TEXT,
    action TEXT NOT NULL CHECK (action IN
        ('SAVED', 'ENABLED', 'DISABLED', 'REMOVED', 'DISCARDED', 'APPROVED', 'PUBLISHED', 'REVERTED')),
    version BIGINT,
    user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX practice_rule_history_by_practice ON practice_rule_history (practice_id, at);
CREATE INDEX practice_rule_history_by_user ON practice_rule_history (user_id);
