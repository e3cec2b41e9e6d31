-- What agents may do, whether forms are on, locked sessions, and second factors of the vault's own.

ALTER TABLE sites ADD COLUMN forms INTEGER NOT NULL DEFAULT 1;   -- 0: stopped

ALTER TABLE sessions ADD COLUMN locked_at INTEGER;
ALTER TABLE sessions ADD COLUMN confirmed_at INTEGER;
ALTER TABLE sessions ADD COLUMN confirmed_since INTEGER;         -- since when the factor that confirmed was set up
CREATE INDEX sessions_living_by_agent ON sessions (site, agent) WHERE ended_at IS NULL;

-- Of what was sent before this column came, the last (re-)issue is known.
ALTER TABLE invitations ADD COLUMN sent_at INTEGER NOT NULL DEFAULT 0;
UPDATE invitations SET sent_at = life_ends_at - invitation_life * 1000;

CREATE TABLE agents (
    site         TEXT NOT NULL,
    agent        BLOB NOT NULL,
    secure_forms INTEGER NOT NULL,
    card_numbers INTEGER NOT NULL,
    wrong_codes  INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER,
    PRIMARY KEY (site, agent)
) STRICT, WITHOUT ROWID;
-- Before there were rights, whoever had a session had them all.
INSERT INTO agents (site, agent, secure_forms, card_numbers)
SELECT DISTINCT site, agent, 1, 1 FROM sessions
WHERE agent IS NOT NULL AND ended_at IS NULL;

-- One code app an agent. The secret is sealed by the site's key.
CREATE TABLE code_apps (
    site        TEXT NOT NULL,
    agent       BLOB NOT NULL,
    since       INTEGER NOT NULL,
    key_version INTEGER NOT NULL,
    sealed      BLOB NOT NULL,
    last_step   INTEGER NOT NULL,              -- a step works once
    PRIMARY KEY (site, agent),
    FOREIGN KEY (site, agent) REFERENCES agents
) STRICT, WITHOUT ROWID;

CREATE TABLE passkeys (
    credential      BLOB PRIMARY KEY,          -- its id, of one agent only
    site            TEXT NOT NULL,
    agent           BLOB NOT NULL,
    since           INTEGER NOT NULL,
    name            TEXT NOT NULL,
    public_key      BLOB NOT NULL,
    counter         INTEGER NOT NULL,
    backup_eligible INTEGER NOT NULL,
    FOREIGN KEY (site, agent) REFERENCES agents
) STRICT, WITHOUT ROWID;
CREATE INDEX passkeys_by_agent ON passkeys (site, agent);

ALTER TABLE audit ADD COLUMN agent BLOB;
