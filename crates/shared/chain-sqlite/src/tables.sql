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
