-- The editors' work on articles, what clients asked in vain, and what is recommended to them.

ALTER TABLE resources ADD COLUMN owner_user_id TEXT REFERENCES users (id) ON DELETE SET NULL;
CREATE INDEX resources_by_owner ON resources (owner_user_id);

ALTER TABLE resource_versions ADD COLUMN reviewer_user_id TEXT REFERENCES users (id) ON DELETE SET NULL;
CREATE INDEX resource_versions_by_reviewer ON resource_versions (reviewer_user_id);
-- When the version is to be taken down; nothing is planned where it is null.
ALTER TABLE resource_versions ADD COLUMN retire_at BIGINT;
-- Whether this text once stood in the corpus folder: a text that never did is the practice's own.
ALTER TABLE resource_versions ADD COLUMN in_corpus INTEGER NOT NULL DEFAULT 1 CHECK (in_corpus IN (0, 1));

-- The text that an editor works on, beside the published one. It has a table of its own, so that nothing which reads
-- published versions can come upon it.
CREATE TABLE article_drafts (
    id TEXT PRIMARY KEY,
    resource_id TEXT NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
    locale TEXT NOT NULL,
    base_version BIGINT,
    title TEXT NOT NULL,
    source TEXT NOT NULL,
    rev BIGINT NOT NULL CHECK (rev > 0),
    state TEXT NOT NULL CHECK (state IN ('DRAFT', 'IN_REVIEW', 'APPROVED', 'SCHEDULED')),
    change_note TEXT,
    author_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    reviewer_user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    publish_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (resource_id, locale)
);
CREATE INDEX article_drafts_by_author ON article_drafts (author_user_id);
CREATE INDEX article_drafts_by_reviewer ON article_drafts (reviewer_user_id);

-- Who did what with an article.
CREATE TABLE article_history (
    id TEXT PRIMARY KEY,
    resource_id TEXT NOT NULL REFERENCES resources (id) ON DELETE CASCADE,
    locale TEXT,
    action TEXT NOT NULL CHECK (action IN
        ('CREATED', 'SAVED', 'DISCARDED', 'SUBMITTED', 'RETURNED', 'APPROVED', 'SCHEDULED', 'UNSCHEDULED', 'HELD_BACK',
         'PUBLISHED', 'REVERTED', 'RETIREMENT_PLANNED', 'RETIRED', 'OWNER_CHANGED', 'IMPORTED')),
    version BIGINT,
    user_id TEXT REFERENCES users (id) ON DELETE SET NULL,
    note TEXT,
    at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX article_history_by_article ON article_history (resource_id, at);
CREATE INDEX article_history_by_user ON article_history (user_id);

-- Questions of one kind that the articles did not answer. Holds no word of a client: those are in chat_outcomes, sealed.
CREATE TABLE content_gaps (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    locale TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('OPEN', 'DRAFTED', 'PUBLISHED', 'PROVEN', 'DISMISSED')),
    paraphrase TEXT, -- an editor's own words
    resource_id TEXT REFERENCES resources (id) ON DELETE SET NULL,
    version BIGINT,
    asked_again BIGINT,
    answered BIGINT,
    proven_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX content_gaps_by_practice ON content_gaps (practice_id, locale, state);
CREATE INDEX content_gaps_by_article ON content_gaps (resource_id);

-- What came of a message to the assistant; the question itself only where it was not answered.
CREATE TABLE chat_outcomes (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    conversation_id TEXT NOT NULL,
    message_id TEXT NOT NULL,
    decision TEXT NOT NULL,
    unanswered TEXT CHECK (unanswered IN ('ABSTAINED', 'NOT_CHOSEN', 'UNHELPFUL', 'HANDED_OVER')),
    topic TEXT,
    article_version BIGINT,
    locale TEXT NOT NULL,
    question TEXT, -- sealed
    is_released INTEGER NOT NULL DEFAULT 0 CHECK (is_released IN (0, 1)),
    gap_id TEXT REFERENCES content_gaps (id) ON DELETE SET NULL,
    at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (message_id),
    FOREIGN KEY (client_id, message_id) REFERENCES chat_messages (client_id, id) ON DELETE CASCADE
);
CREATE INDEX chat_outcomes_by_client ON chat_outcomes (client_id, message_id);
CREATE INDEX chat_outcomes_by_gap ON chat_outcomes (gap_id);
CREATE INDEX chat_outcomes_by_time ON chat_outcomes (at);

CREATE TABLE chat_feedback (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL,
    is_helpful INTEGER NOT NULL CHECK (is_helpful IN (0, 1)),
    reason TEXT CHECK (reason IN ('INCORRECT', 'INCOMPLETE', 'OUTDATED', 'UNCLEAR', 'INAPPROPRIATE', 'OTHER')),
    comment TEXT, -- sealed
    is_released INTEGER NOT NULL CHECK (is_released IN (0, 1)),
    article_slug TEXT,
    article_version BIGINT,
    locale TEXT,
    at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (message_id),
    FOREIGN KEY (client_id, message_id) REFERENCES chat_messages (client_id, id) ON DELETE CASCADE
);
CREATE INDEX chat_feedback_by_client ON chat_feedback (client_id, message_id);

CREATE TABLE recommendation_choices (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE REFERENCES clients (id) ON DELETE CASCADE,
    is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE resource_engagement (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    article_slug TEXT NOT NULL,
    article_version BIGINT NOT NULL,
    action TEXT NOT NULL CHECK (action IN ('VIEW', 'SAVE', 'COMPLETE', 'DISMISS')),
    at BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX resource_engagement_by_client ON resource_engagement (client_id, at);
