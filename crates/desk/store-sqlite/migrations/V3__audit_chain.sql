-- The former log waits to be carried over into the chain; the program does that, because it computes hashes, and drops it then.
DROP TRIGGER audit_stays;
DROP TRIGGER audit_is_kept;
DROP TRIGGER refusals_only_grow;
DROP TRIGGER refusals_are_kept;
ALTER TABLE audit RENAME TO audit_before_chain;
ALTER TABLE refusals RENAME TO refusals_before_chain;

-- The mirror of the vault's chain; of other desks' sites only the hash. A chain that another took the place of stays as it is.
CREATE TABLE vault_chains (
    number         INTEGER PRIMARY KEY,
    id             BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    after_sequence INTEGER NOT NULL,
    after_hash     BLOB    NOT NULL CHECK (length(after_hash) = 32),
    begun          INTEGER NOT NULL UNIQUE -- grows; the highest is the one that is mirrored
) STRICT;
CREATE TABLE vault_audit (
    chain     INTEGER NOT NULL REFERENCES vault_chains,
    sequence  INTEGER NOT NULL,
    body      TEXT,
    body_hash BLOB    NOT NULL CHECK (length(body_hash) = 32),
    hash      BLOB    NOT NULL CHECK (length(hash) = 32),
    at        INTEGER GENERATED ALWAYS AS (json_extract(body, '$.at')) VIRTUAL,
    act       TEXT    GENERATED ALWAYS AS (json_extract(body, '$.act')) VIRTUAL,
    PRIMARY KEY (chain, sequence)
) STRICT, WITHOUT ROWID;
CREATE INDEX vault_audit_by_at ON vault_audit (chain, at, sequence) WHERE body IS NOT NULL;
CREATE INDEX vault_audit_looks ON vault_audit (chain, at, sequence) WHERE act IN ('viewed', 'revealed', 'view_closed');
CREATE TRIGGER vault_audit_is_never_changed BEFORE UPDATE ON vault_audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER vault_audit_is_kept_its_time BEFORE DELETE ON vault_audit
WHEN OLD.sequence > (SELECT after_sequence FROM vault_chains WHERE number = OLD.chain) BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;

CREATE TABLE alerts (
    id              INTEGER PRIMARY KEY AUTOINCREMENT,
    site            TEXT    NOT NULL, -- '' for the house
    kind            TEXT    NOT NULL,
    finding         TEXT    NOT NULL, -- the same is raised once
    at              INTEGER NOT NULL,
    raised_at       INTEGER NOT NULL,
    agent           BLOB,
    count           INTEGER,
    detail          TEXT,
    acknowledged_by BLOB,
    acknowledged_at INTEGER
) STRICT;
CREATE UNIQUE INDEX alerts_by_finding ON alerts (site, finding);
CREATE TABLE reviews (
    site  TEXT    NOT NULL PRIMARY KEY REFERENCES sites,
    until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The audit chain (A8): each entry's hash binds it to the one before; what is signed says how far it had come.
CREATE TABLE chain (
    only      INTEGER PRIMARY KEY CHECK (only = 1),
    id        BLOB NOT NULL CHECK (length(id) = 16),
    signer    BLOB CHECK (length(signer) = 16) -- the fingerprint of the key that signs; none before the first start
) STRICT;
INSERT INTO chain (only, id) VALUES (1, randomblob(16));

CREATE TABLE audit (
    sequence INTEGER PRIMARY KEY,
    body     TEXT NOT NULL, -- JSON, byte for byte as it was hashed
    hash     BLOB NOT NULL CHECK (length(hash) = 32),
    at       INTEGER GENERATED ALWAYS AS (json_extract(body, '$.at')) VIRTUAL,
    site     TEXT    GENERATED ALWAYS AS (json_extract(body, '$.site')) VIRTUAL,
    who      TEXT    GENERATED ALWAYS AS (json_extract(body, '$.who.id')) VIRTUAL,
    act      TEXT    GENERATED ALWAYS AS (json_extract(body, '$.act')) VIRTUAL,
    result   TEXT    GENERATED ALWAYS AS (json_extract(body, '$.result')) VIRTUAL
) STRICT;
CREATE INDEX audit_by_at ON audit (at);

-- The last of each day. Everything that was signed is where it was shipped to.
CREATE TABLE checkpoints (
    sequence INTEGER PRIMARY KEY,
    day      INTEGER NOT NULL,
    line     TEXT    NOT NULL
) STRICT;
CREATE UNIQUE INDEX checkpoints_by_day ON checkpoints (day);

-- Up to where entries were taken away because their time was over.
CREATE TABLE anchor (
    only     INTEGER PRIMARY KEY CHECK (only = 1),
    sequence INTEGER NOT NULL,
    line     TEXT    NOT NULL
) STRICT;

CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER audit_is_kept_its_time BEFORE DELETE ON audit
WHEN OLD.sequence > (SELECT coalesce(max(sequence), 0) FROM anchor) BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
-- REPLACE deletes without asking the trigger above.
CREATE TRIGGER audit_grows_at_its_end BEFORE INSERT ON audit
WHEN NEW.sequence <= (SELECT max(sequence) FROM audit) OR NEW.sequence <= (SELECT max(sequence) FROM anchor) BEGIN
    SELECT RAISE(ABORT, 'the audit log is append-only');
END;
CREATE TRIGGER anchor_only_moves_on BEFORE UPDATE ON anchor
WHEN NEW.sequence < OLD.sequence BEGIN
    SELECT RAISE(ABORT, 'an anchor only moves on');
END;
