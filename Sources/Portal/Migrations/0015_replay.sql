-- What a reply of the assistant was made of, so that it can be made again.

-- The published versions that an index was built of.
CREATE TABLE article_editions (
    id TEXT PRIMARY KEY,
    practice_id TEXT NOT NULL REFERENCES practices (id) ON DELETE RESTRICT,
    digest TEXT NOT NULL, -- SHA-256 of versions
    versions TEXT NOT NULL, -- ids, one a line
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (practice_id, digest)
);

CREATE TABLE chat_reply_inputs (
    id TEXT PRIMARY KEY,
    client_id TEXT NOT NULL REFERENCES clients (id) ON DELETE CASCADE,
    message_id TEXT NOT NULL, -- the assistant's
    rules_version TEXT NOT NULL,
    wording_version TEXT NOT NULL,
    lexicon_version TEXT NOT NULL,
    ranking_version TEXT NOT NULL,
    encoder TEXT,
    edition TEXT,
    context TEXT NOT NULL, -- sealed
    reworded_by TEXT,
    draft TEXT, -- sealed
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (message_id),
    CHECK ((reworded_by IS NULL) = (draft IS NULL)),
    FOREIGN KEY (client_id, message_id) REFERENCES chat_messages (client_id, id) ON DELETE CASCADE
);
CREATE INDEX chat_reply_inputs_by_client ON chat_reply_inputs (client_id, message_id);

-- Which row was quoted: versions are counted for each language.
ALTER TABLE chat_citations ADD COLUMN locale TEXT;
ALTER TABLE chat_citations ADD COLUMN resource_version_id TEXT REFERENCES resource_versions (id) ON DELETE SET NULL;
CREATE INDEX chat_citations_by_version ON chat_citations (resource_version_id);
