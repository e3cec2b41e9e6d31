-- Versions of the sites' keys (V2, PCI 3.7): the newest seals, older ones open what was not moved yet. Of a retired one the row
-- stays, for the inventory, and the key is gone.
ALTER TABLE site_keys ADD COLUMN provider TEXT;         -- which key sealed it; none before providers had names
ALTER TABLE site_keys ADD COLUMN made_at INTEGER;       -- none before it was noted
ALTER TABLE site_keys ADD COLUMN replaced_at INTEGER;
ALTER TABLE site_keys ADD COLUMN retired_at INTEGER;    -- then `sealed` is zeros
UPDATE site_keys SET replaced_at = 0
WHERE EXISTS (SELECT 1 FROM site_keys AS newer WHERE newer.site = site_keys.site AND newer.version > site_keys.version);
CREATE UNIQUE INDEX site_keys_current ON site_keys (site) WHERE replaced_at IS NULL;

-- Finds equal card numbers of a site; sealed by the site's key, never replaced.
CREATE TABLE fingerprint_keys (
    site        TEXT PRIMARY KEY REFERENCES sites,
    key_version INTEGER NOT NULL,
    sealed      BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- A move to the newest keys, as long as it is under way: a crash does not end it.
CREATE TABLE rewrap (
    only       INTEGER PRIMARY KEY CHECK (only = 1),
    started_at INTEGER NOT NULL,
    total      INTEGER NOT NULL
) STRICT;
