-- Forms that open once (S11), what is stored read after the conversation was closed (V6), and copies.

ALTER TABLE invitations ADD COLUMN reopen TEXT NOT NULL DEFAULT 'same_device' CHECK (reopen IN ('same_device', 'once'));
ALTER TABLE invitations ADD COLUMN loaded_at INTEGER;            -- when the bound device first loaded its page
ALTER TABLE invitations ADD COLUMN history_key BLOB;

-- Whoever looks at what is stored says why: with the key, and then with the view. The sender's say nothing.
ALTER TABLE otks ADD COLUMN reason TEXT;
ALTER TABLE otks ADD COLUMN reference TEXT;
ALTER TABLE views ADD COLUMN reason TEXT;
ALTER TABLE views ADD COLUMN reference TEXT;

-- Nobody had these rights before there were any.
ALTER TABLE agents ADD COLUMN history INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN copy INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN export INTEGER NOT NULL DEFAULT 0;
