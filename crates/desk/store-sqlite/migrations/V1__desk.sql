-- The desk's database. No column holds an answer, a part of one, or a one-time key; session tokens and visitor cookies
-- stand as hashes. Ids are UUIDs as 16 bytes, moments are milliseconds since the Unix epoch.

CREATE TABLE sites (
    id              TEXT    NOT NULL PRIMARY KEY,
    brand           TEXT    NOT NULL,
    origins         TEXT    NOT NULL, -- a JSON array
    privacy_url     TEXT,
    contact_url     TEXT,
    invitation_life INTEGER NOT NULL,
    open_limit      INTEGER NOT NULL,
    submit_limit    INTEGER NOT NULL,
    created_at      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE agents (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    site         TEXT    NOT NULL REFERENCES sites,
    name         TEXT    NOT NULL,
    display_name TEXT    NOT NULL,
    password     TEXT    NOT NULL, -- a PHC string
    created_at   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX agents_by_name ON agents (name, site);

CREATE TABLE sessions (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    token      BLOB    NOT NULL CHECK (length(token) = 32), -- SHA-256
    agent      BLOB    NOT NULL REFERENCES agents,
    site       TEXT    NOT NULL,
    started_at INTEGER NOT NULL,
    ends_at    INTEGER NOT NULL,
    ended_at   INTEGER,
    end_reason TEXT
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX sessions_by_token ON sessions (token);
CREATE INDEX sessions_living ON sessions (ends_at) WHERE ended_at IS NULL;
-- A session that ended stays ended (S8).
CREATE TRIGGER sessions_end_for_good BEFORE UPDATE ON sessions
WHEN OLD.ended_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'a session ends for good');
END;

CREATE TABLE visitors (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    site       TEXT    NOT NULL REFERENCES sites,
    cookie     BLOB    NOT NULL CHECK (length(cookie) = 32), -- SHA-256
    name       TEXT,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX visitors_by_cookie ON visitors (cookie);

CREATE TABLE conversations (
    id              BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    site            TEXT    NOT NULL,
    visitor         BLOB    NOT NULL REFERENCES visitors,
    owner           BLOB    REFERENCES agents,
    opened_at       INTEGER NOT NULL,
    closed_at       INTEGER,
    last_text       TEXT    NOT NULL,
    last_at         INTEGER NOT NULL,
    waiting_since   INTEGER,
    last_invitation BLOB
) STRICT, WITHOUT ROWID;
-- A visitor has one open conversation: two first messages at once cannot make two.
CREATE UNIQUE INDEX conversations_open_of_visitor ON conversations (visitor) WHERE closed_at IS NULL;
CREATE INDEX conversations_by_visitor ON conversations (visitor, opened_at);
CREATE INDEX conversations_open ON conversations (site, waiting_since) WHERE closed_at IS NULL;
CREATE INDEX conversations_closed ON conversations (site, closed_at) WHERE closed_at IS NOT NULL;
-- A closed conversation stays closed (S8).
CREATE TRIGGER conversations_close_for_good BEFORE UPDATE OF closed_at ON conversations
WHEN OLD.closed_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'a conversation closes for good');
END;

CREATE TABLE participants (
    conversation BLOB    NOT NULL REFERENCES conversations,
    agent        BLOB    NOT NULL REFERENCES agents,
    joined_at    INTEGER NOT NULL,
    PRIMARY KEY (conversation, agent)
) STRICT, WITHOUT ROWID;

CREATE TABLE read_marks (
    conversation BLOB    NOT NULL REFERENCES conversations,
    agent        BLOB    NOT NULL REFERENCES agents,
    sequence     INTEGER NOT NULL,
    PRIMARY KEY (conversation, agent)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    id              BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    site            TEXT    NOT NULL,
    conversation    BLOB    NOT NULL REFERENCES conversations,
    agent           BLOB    NOT NULL REFERENCES agents,
    session         BLOB    NOT NULL REFERENCES sessions,
    definition      TEXT    NOT NULL,
    title           TEXT    NOT NULL,
    description     TEXT,
    channel         TEXT    NOT NULL CHECK (channel IN ('web', 'link')),
    invitation_life INTEGER NOT NULL,
    open_limit      INTEGER NOT NULL,
    submit_limit    INTEGER NOT NULL,
    locale          TEXT    NOT NULL,
    begun_at        INTEGER NOT NULL,
    status          TEXT, -- none while it is prepared
    shown           INTEGER, -- its entry; none while it is prepared, and for ever when it was given up
    reference       TEXT,
    expires_at      INTEGER,
    sent_at         INTEGER,
    received_at     INTEGER,
    viewed_at       INTEGER,
    submitted_at    INTEGER,
    read_at         INTEGER,
    ended_at        INTEGER,
    submission      BLOB,
    asked_at        INTEGER,
    reason          TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX invitations_prepared ON invitations (begun_at) WHERE status IS NULL;
CREATE INDEX invitations_followed ON invitations (status) WHERE status IN ('sent', 'received', 'viewed', 'submitted');

-- The log: one growing number over everything that is shown. Only ever added to.
CREATE TABLE entries (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    at           INTEGER NOT NULL,
    site         TEXT    NOT NULL,
    conversation BLOB    NOT NULL REFERENCES conversations,
    kind         TEXT    NOT NULL CHECK (kind IN ('message', 'invitation', 'status', 'asked', 'joined', 'closed')),
    message      BLOB,
    agent        BLOB, -- the author (none: the visitor), who joined, who closed
    text         TEXT,
    invitation   BLOB,
    status       TEXT,
    since        INTEGER,
    expires_at   INTEGER,
    reason       TEXT
) STRICT;
CREATE UNIQUE INDEX entries_by_message ON entries (message) WHERE message IS NOT NULL;
CREATE INDEX entries_by_conversation ON entries (conversation, sequence);
CREATE INDEX entries_by_site ON entries (site, sequence);
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries BEGIN
    SELECT RAISE(ABORT, 'entries never change');
END;
CREATE TRIGGER entries_are_kept BEFORE DELETE ON entries BEGIN
    SELECT RAISE(ABORT, 'entries are never taken away');
END;

-- What the vault must be told, until it has taken it.
CREATE TABLE errands (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    site       TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('end_session', 'close_conversation', 'cancel_invitation')),
    subject    BLOB    NOT NULL CHECK (length(subject) = 16),
    reason     TEXT,
    attempts   INTEGER NOT NULL DEFAULT 0,
    due_at     INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX errands_due ON errands (due_at);

-- How far the vault's events are applied: one row.
CREATE TABLE vault_cursor (
    only     INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    epoch    BLOB    NOT NULL CHECK (length(epoch) = 16),
    sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    at          INTEGER NOT NULL,
    site        TEXT,
    actor_kind  TEXT    NOT NULL,
    actor       BLOB,
    session     BLOB,
    address     TEXT,
    action      TEXT    NOT NULL,
    target_kind TEXT    NOT NULL,
    target      BLOB,
    outcome     TEXT    NOT NULL CHECK (outcome IN ('done', 'refused')),
    reason      TEXT
) STRICT;
CREATE TRIGGER audit_stays BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log never changes');
END;
CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is never cut');
END;

-- Refusals of unknown callers, counted, so that a flood cannot fill the disk. A network that is not told apart is '', an
-- account that is not known is x'': NULLs would not be unique.
CREATE TABLE refusals (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    minute  INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    network TEXT    NOT NULL,
    account BLOB    NOT NULL CHECK (length(account) IN (0, 16)),
    count   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX refusals_by_minute ON refusals (minute, kind, network, account);
CREATE TRIGGER refusals_only_grow BEFORE UPDATE ON refusals
WHEN NEW.count <= OLD.count OR NEW.number <> OLD.number OR NEW.minute <> OLD.minute OR NEW.kind <> OLD.kind
    OR NEW.network <> OLD.network OR NEW.account <> OLD.account BEGIN
    SELECT RAISE(ABORT, 'a count of refusals only grows');
END;
CREATE TRIGGER refusals_are_kept BEFORE DELETE ON refusals BEGIN
    SELECT RAISE(ABORT, 'a count of refusals is never taken away');
END;
