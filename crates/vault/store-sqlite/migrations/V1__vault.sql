-- The vault's tables. Keys stand here as hashes, answers sealed; nothing in this file can be read without the key file.
-- Ids are UUIDv7 as 16 bytes, times are milliseconds since 1970 UTC.

-- One row: who this database is.
CREATE TABLE house (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    database BLOB NOT NULL,          -- random, ties the database to its key file
    epoch    BLOB NOT NULL           -- of the event stream; new at creation and at restore
) STRICT;

CREATE TABLE sites (
    site         TEXT PRIMARY KEY,
    profile      TEXT NOT NULL,                -- JSON
    acknowledged INTEGER NOT NULL DEFAULT 0    -- the last event that the site's desk has applied
) STRICT, WITHOUT ROWID;

CREATE TABLE definitions (
    site         TEXT NOT NULL REFERENCES sites,
    hash         TEXT NOT NULL,
    json         TEXT NOT NULL,
    published_at INTEGER NOT NULL,
    PRIMARY KEY (site, hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE site_keys (
    site    TEXT NOT NULL REFERENCES sites,
    version INTEGER NOT NULL,
    sealed  BLOB NOT NULL,
    PRIMARY KEY (site, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE sessions (
    id         BLOB PRIMARY KEY,
    site       TEXT NOT NULL,
    agent      BLOB,
    agent_name TEXT NOT NULL,
    enrol_key  BLOB,
    viewer     BLOB,
    started_at INTEGER NOT NULL,
    ended_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sessions_by_viewer ON sessions (viewer) WHERE viewer IS NOT NULL;

CREATE TABLE closed_conversations (
    site         TEXT NOT NULL,
    conversation BLOB NOT NULL,
    closed_at    INTEGER NOT NULL,
    PRIMARY KEY (site, conversation)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    id              BLOB PRIMARY KEY,
    site            TEXT NOT NULL,
    conversation    BLOB NOT NULL,
    session         BLOB NOT NULL REFERENCES sessions,
    agent_name      TEXT NOT NULL,
    definition      TEXT NOT NULL,
    channel         TEXT NOT NULL,
    invitation_life INTEGER NOT NULL,
    open_limit      INTEGER NOT NULL,
    submit_limit    INTEGER NOT NULL,
    locale          TEXT NOT NULL,
    reference       TEXT NOT NULL,
    state           TEXT NOT NULL,
    reason          TEXT,                      -- the clock that ended it, or why it was cancelled
    since           INTEGER NOT NULL,
    life_ends_at    INTEGER NOT NULL,
    deadline        INTEGER NOT NULL,
    open_key        BLOB,
    submit_key      BLOB,
    view_key        BLOB,
    device          BLOB,
    submission      BLOB,
    asked           INTEGER NOT NULL,
    right_lost      INTEGER NOT NULL,
    FOREIGN KEY (site, definition) REFERENCES definitions (site, hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_due ON invitations (deadline) WHERE state IN ('sent', 'viewed');
CREATE INDEX invitations_by_session ON invitations (session) WHERE right_lost = 0;
CREATE INDEX invitations_by_conversation ON invitations (conversation) WHERE right_lost = 0;

CREATE TABLE otks (
    hash       BLOB PRIMARY KEY,
    purpose    TEXT NOT NULL,
    site       TEXT NOT NULL,
    invitation BLOB,
    session    BLOB,
    expires_at INTEGER NOT NULL,
    used_at    INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX otks_by_expiry ON otks (expires_at);

CREATE TABLE submissions (
    id           BLOB PRIMARY KEY,
    site         TEXT NOT NULL,
    invitation   BLOB NOT NULL UNIQUE REFERENCES invitations,   -- one submission per invitation, ever (S6)
    key_version  INTEGER NOT NULL,
    data_key     BLOB NOT NULL,
    submitted_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- An off-the-record answer leaves its token here as a marker, never a value (V3).
CREATE TABLE answers (
    submission BLOB NOT NULL REFERENCES submissions,
    place      INTEGER NOT NULL,
    token      TEXT NOT NULL,
    question   TEXT NOT NULL,
    sealed     BLOB,
    PRIMARY KEY (submission, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE views (
    id         BLOB PRIMARY KEY,
    invitation BLOB NOT NULL,
    submission BLOB NOT NULL,
    session    BLOB NOT NULL,
    opened_at  INTEGER NOT NULL,
    closed_at  INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX views_open_by_session ON views (session) WHERE closed_at IS NULL;
CREATE INDEX views_open_by_submission ON views (submission) WHERE closed_at IS NULL;

CREATE TABLE events (
    sequence   INTEGER PRIMARY KEY AUTOINCREMENT,   -- never used twice, also after a purge
    site       TEXT NOT NULL,
    invitation BLOB NOT NULL,
    at         INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    submission BLOB,
    reason     TEXT
) STRICT;

CREATE TABLE audit (
    sequence     INTEGER PRIMARY KEY,
    at           INTEGER NOT NULL,
    caller_kind  TEXT NOT NULL,
    caller_name  TEXT NOT NULL,
    address      TEXT NOT NULL,
    act          TEXT NOT NULL,
    site         TEXT,
    session      BLOB,
    conversation BLOB,
    invitation   BLOB,
    submission   BLOB,
    view         BLOB,
    detail       TEXT,
    outcome      TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_is_never_deleted BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
-- REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_is_never_replaced BEFORE INSERT ON audit
WHEN EXISTS (SELECT 1 FROM audit WHERE sequence = NEW.sequence)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TABLE counted_refusals (
    minute INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    prefix TEXT NOT NULL,
    count  INTEGER NOT NULL,
    PRIMARY KEY (minute, kind, prefix)
) STRICT, WITHOUT ROWID;
