-- Roles, profiles and permissions; a policy per site; the stages, input and lock of a login; counted tries; second factors;
-- links, former passwords, API keys; who could see answers when. Secrets that open something stand as hashes, a code app's
-- secret is sealed.

-- The policy is filled in after this migration where it is '': its defaults stand in the program alone.
ALTER TABLE sites ADD COLUMN policy TEXT NOT NULL DEFAULT ''; -- JSON
ALTER TABLE sites ADD COLUMN lock_after INTEGER; -- of the policy, in milliseconds: every request asks it
ALTER TABLE sites ADD COLUMN forms_stopped_since INTEGER;

CREATE TABLE profiles (
    site        TEXT NOT NULL REFERENCES sites,
    id          BLOB NOT NULL CHECK (length(id) = 16),
    role        TEXT NOT NULL CHECK (role IN ('agent', 'manager', 'admin')),
    name        TEXT NOT NULL COLLATE NOCASE,
    permissions TEXT NOT NULL, -- names with spaces between
    PRIMARY KEY (site, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX profiles_by_name ON profiles (site, name);

-- Who was there before is an agent with the role's built-in profile.
ALTER TABLE agents ADD COLUMN profile BLOB NOT NULL DEFAULT x'00000000000000000000000000000001' CHECK (length(profile) = 16);
ALTER TABLE agents ADD COLUMN state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('invited', 'active', 'idle', 'deactivated'));
ALTER TABLE agents ADD COLUMN password_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN first_password INTEGER NOT NULL DEFAULT 0 CHECK (first_password IN (0, 1));
ALTER TABLE agents ADD COLUMN last_seen_at INTEGER;
UPDATE agents SET password_at = created_at, last_seen_at = (SELECT max(s.started_at) FROM sessions s WHERE s.agent = agents.id);
CREATE INDEX agents_by_profile ON agents (site, profile);

ALTER TABLE sessions ADD COLUMN stage TEXT NOT NULL DEFAULT 'ready' CHECK (stage IN ('second_factor', 'new_password', 'set_up_factor', 'ready'));
ALTER TABLE sessions ADD COLUMN last_input_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sessions ADD COLUMN locked_at INTEGER;
ALTER TABLE sessions ADD COLUMN address TEXT;
-- It was ready, and the vault keeps it locked until it is again.
ALTER TABLE sessions ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1));
-- A login from before second factors were asked for goes on with one.
UPDATE sessions SET stage = 'set_up_factor', last_input_at = started_at, held = 1 WHERE ended_at IS NULL;
CREATE INDEX sessions_idle ON sessions (last_input_at) WHERE ended_at IS NULL;
CREATE INDEX sessions_of_agent ON sessions (agent) WHERE ended_at IS NULL;

-- Wrong tries: by a keyed hash of a site and a name, by a known device, by a network, and with second factors.
CREATE TABLE attempts (
    name         BLOB    NOT NULL PRIMARY KEY CHECK (length(name) = 32),
    agent        BLOB,
    failures     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    locked_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX attempts_of_agent ON attempts (agent) WHERE agent IS NOT NULL;
CREATE INDEX attempts_by_age ON attempts (last_at);

CREATE TABLE devices (
    cookie       BLOB    NOT NULL PRIMARY KEY CHECK (length(cookie) = 32), -- SHA-256
    agent        BLOB    NOT NULL REFERENCES agents,
    made_at      INTEGER NOT NULL,
    ends_at      INTEGER NOT NULL,
    failures     INTEGER NOT NULL DEFAULT 0,
    last_at      INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX devices_of_agent ON devices (agent, made_at);
CREATE INDEX devices_by_end ON devices (ends_at);

CREATE TABLE networks (
    network  TEXT    NOT NULL PRIMARY KEY,
    failures INTEGER NOT NULL,
    since    INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX networks_by_age ON networks (since);

CREATE TABLE captchas (
    name    BLOB    NOT NULL PRIMARY KEY CHECK (length(name) = 32),
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX captchas_by_end ON captchas (ends_at);

CREATE TABLE factor_attempts (
    agent        BLOB    NOT NULL PRIMARY KEY REFERENCES agents,
    failures     INTEGER NOT NULL,
    last_at      INTEGER NOT NULL,
    locked_until INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE totp_factors (
    agent     BLOB    NOT NULL PRIMARY KEY REFERENCES agents,
    sealed    BLOB    NOT NULL,
    since     INTEGER NOT NULL,
    last_step INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TRIGGER totp_steps_only_grow BEFORE UPDATE OF last_step ON totp_factors
WHEN NEW.sealed = OLD.sealed AND NEW.last_step <= OLD.last_step BEGIN
    SELECT RAISE(ABORT, 'a code works once');
END;

CREATE TABLE passkeys (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    agent        BLOB    NOT NULL REFERENCES agents,
    name         TEXT    NOT NULL,
    credential   BLOB    NOT NULL CHECK (length(credential) BETWEEN 1 AND 1023),
    verifier     BLOB    NOT NULL, -- the public half
    counter      INTEGER NOT NULL,
    backup_eligible INTEGER NOT NULL CHECK (backup_eligible IN (0, 1)),
    since        INTEGER NOT NULL,
    last_used_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_of_agent ON passkeys (agent, since);
CREATE UNIQUE INDEX passkeys_by_credential ON passkeys (credential);

CREATE TABLE recovery_codes (
    agent BLOB NOT NULL REFERENCES agents,
    code  BLOB NOT NULL CHECK (length(code) = 32), -- SHA-256
    PRIMARY KEY (agent, code)
) STRICT, WITHOUT ROWID;

CREATE TABLE former_passwords (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    agent       BLOB    NOT NULL REFERENCES agents,
    password    TEXT    NOT NULL, -- a PHC string
    replaced_at INTEGER NOT NULL
) STRICT;
CREATE INDEX former_passwords_of_agent ON former_passwords (agent, number);

-- One living link for each account: a new one voids the former.
CREATE TABLE links (
    agent   BLOB    NOT NULL PRIMARY KEY REFERENCES agents,
    opens   BLOB    NOT NULL CHECK (length(opens) = 32), -- SHA-256
    ends_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX links_by_hash ON links (opens);

CREATE TABLE api_keys (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    site         TEXT    NOT NULL REFERENCES sites,
    name         TEXT    NOT NULL,
    prefix       TEXT    NOT NULL,
    secret       BLOB    NOT NULL CHECK (length(secret) = 32), -- SHA-256
    scopes       TEXT    NOT NULL, -- names with spaces between
    created_by   BLOB    NOT NULL REFERENCES agents,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    revoked_at   INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX api_keys_of_site ON api_keys (site, created_at);
CREATE TRIGGER api_keys_are_revoked_for_good BEFORE UPDATE ON api_keys
WHEN OLD.revoked_at IS NOT NULL AND (NEW.revoked_at IS NULL OR NEW.secret <> OLD.secret OR NEW.scopes <> OLD.scopes) BEGIN
    SELECT RAISE(ABORT, 'a key is revoked for good');
END;

-- Who could see answers, and when.
CREATE TABLE rights_spans (
    agent   BLOB    NOT NULL REFERENCES agents,
    granted TEXT    NOT NULL, -- a permission's name
    from_at INTEGER NOT NULL,
    until   INTEGER,
    site    TEXT    NOT NULL,
    number  INTEGER PRIMARY KEY AUTOINCREMENT
) STRICT;
CREATE UNIQUE INDEX rights_spans_lasting ON rights_spans (agent, granted) WHERE until IS NULL;
CREATE INDEX rights_spans_of_site ON rights_spans (site, from_at);
CREATE TRIGGER rights_spans_end_once BEFORE UPDATE ON rights_spans
WHEN OLD.until IS NOT NULL OR NEW.from_at <> OLD.from_at OR NEW.agent <> OLD.agent OR NEW.granted <> OLD.granted BEGIN
    SELECT RAISE(ABORT, 'what was possible is never rewritten');
END;
CREATE TRIGGER rights_spans_are_kept BEFORE DELETE ON rights_spans BEGIN
    SELECT RAISE(ABORT, 'what was possible is never taken away');
END;

CREATE INDEX invitations_open ON invitations (site) WHERE status IN ('sent', 'received', 'viewed');

-- More kinds of errand; those about one subject keep their order.
CREATE TABLE errands_of_all_kinds (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    site       TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('end_session', 'close_conversation', 'cancel_invitation', 'lock_session',
        'unlock_session', 'set_rights', 'reset_factors', 'switch_forms')),
    subject    BLOB    NOT NULL CHECK (length(subject) IN (0, 16)), -- empty: the site
    reason     TEXT, -- of a cancellation; for rights and forms: what they become
    attempts   INTEGER NOT NULL DEFAULT 0,
    due_at     INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
INSERT INTO errands_of_all_kinds (id, site, kind, subject, reason, attempts, due_at, created_at)
    SELECT id, site, kind, subject, reason, attempts, due_at, created_at FROM errands;
DROP TABLE errands;
ALTER TABLE errands_of_all_kinds RENAME TO errands;
CREATE INDEX errands_due ON errands (due_at);
CREATE INDEX errands_by_subject ON errands (site, subject, id);
INSERT INTO errands (site, kind, subject, due_at, created_at) SELECT site, 'lock_session', id, 0, 0 FROM sessions WHERE ended_at IS NULL;
