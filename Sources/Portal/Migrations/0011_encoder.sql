-- What a sentence encoder made of a version of an article: the vectors of its sample questions and passages, in their
-- order. Derived; may be emptied at any time, and is made again at the next start.
CREATE TABLE article_embeddings (
    id TEXT PRIMARY KEY,
    resource_version_id TEXT NOT NULL REFERENCES resource_versions (id) ON DELETE CASCADE,
    encoder TEXT NOT NULL, -- its identity: vectors of different encoders cannot be compared
    vectors TEXT NOT NULL, -- base64 of 32-bit floats, little endian
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (resource_version_id, encoder)
);
