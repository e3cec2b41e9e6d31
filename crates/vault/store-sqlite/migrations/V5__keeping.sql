-- How long answers are kept (V2, V5): a data key for each part of a submission that is kept equally long. Deleting it erases
-- the part's answers. What was sealed before there were parts is part 0, kept for thirteen months.
CREATE TABLE data_keys (
    submission       BLOB    NOT NULL REFERENCES submissions,
    part             INTEGER NOT NULL,
    site             TEXT    NOT NULL,
    site_key_version INTEGER NOT NULL,             -- what seals it now
    born_version     INTEGER NOT NULL,             -- what sealed it first; its answers name that for good
    sealed           BLOB    NOT NULL,
    erase_at         INTEGER NOT NULL,             -- at the latest
    at_close         INTEGER NOT NULL,             -- 1: when the conversation closes
    PRIMARY KEY (submission, part)
) STRICT, WITHOUT ROWID;
INSERT INTO data_keys (submission, part, site, site_key_version, born_version, sealed, erase_at, at_close)
SELECT id, 0, site, key_version, key_version, data_key, submitted_at + 395 * 86400000, 0 FROM submissions;
CREATE INDEX data_keys_due ON data_keys (erase_at);
CREATE INDEX data_keys_by_version ON data_keys (site, site_key_version);

ALTER TABLE submissions DROP COLUMN key_version;
ALTER TABLE submissions DROP COLUMN data_key;

-- A token outlives its answer, as a marker.
ALTER TABLE answers ADD COLUMN part INTEGER NOT NULL DEFAULT 0;
ALTER TABLE answers ADD COLUMN fingerprint BLOB CHECK (length(fingerprint) = 16);
ALTER TABLE answers ADD COLUMN erased_at INTEGER;
CREATE UNIQUE INDEX answers_by_token ON answers (token);
CREATE INDEX answers_by_fingerprint ON answers (fingerprint) WHERE fingerprint IS NOT NULL;

-- Whoever erases a conversation must find what was sent in it, whether the right to view it stands or not.
DROP INDEX invitations_by_conversation;
CREATE INDEX invitations_by_conversation ON invitations (conversation);

-- What was erased so far, by site: the rows themselves are gone.
CREATE TABLE erasures (
    site    TEXT PRIMARY KEY REFERENCES sites,
    total   INTEGER NOT NULL,
    last_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What a session may take along (V8): granted with an `export` key, open in one browser once the key was used.
CREATE TABLE exports (
    session       BLOB PRIMARY KEY REFERENCES sessions,
    key           BLOB NOT NULL,
    conversations TEXT NOT NULL,               -- JSON
    reference     TEXT,
    until         INTEGER NOT NULL,
    opened        INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- Keys of the vault's API (V7). The secret is here as its hash alone.
CREATE TABLE api_keys (
    id         BLOB PRIMARY KEY,
    secret     BLOB NOT NULL CHECK (length(secret) = 32),
    site       TEXT NOT NULL REFERENCES sites,
    name       TEXT NOT NULL,
    scopes     TEXT NOT NULL,                  -- names, apart by commas; so are kinds and networks
    kinds      TEXT NOT NULL,
    networks   TEXT NOT NULL,
    per_minute INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    revoked_at INTEGER
) STRICT, WITHOUT ROWID;
