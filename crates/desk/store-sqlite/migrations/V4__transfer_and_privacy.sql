-- Transfers and lost rights; how long answers are kept; erasing. Runs with foreign keys off and checked afterwards, because
-- tables that others refer to are made anew.
--
-- Erasing must leave no copy. SQLite wipes what is deleted (secure_delete), but a row of changing size in a WITHOUT ROWID table
-- leaves copies of its neighbours in the gaps of pages when the tree is balanced. So what people wrote stands in one place
-- only, in tables that grow at their end, and is written over with blanks of the same length. The tables that held such texts
-- before are dropped, which wipes their pages whole.

ALTER TABLE sites ADD COLUMN keep_days INTEGER NOT NULL DEFAULT 395 CHECK (keep_days BETWEEN 0 AND 395);
ALTER TABLE sites ADD COLUMN reopen TEXT NOT NULL DEFAULT 'same_device' CHECK (reopen IN ('same_device', 'once'));

ALTER TABLE invitations ADD COLUMN reopen TEXT NOT NULL DEFAULT 'same_device' CHECK (reopen IN ('same_device', 'once'));
ALTER TABLE invitations ADD COLUMN lost TEXT CHECK (lost IN ('transferred')); -- the right to view its answers
ALTER TABLE invitations ADD COLUMN gone TEXT; -- its answers off the record
ALTER TABLE invitations ADD COLUMN erased TEXT; -- its stored answers, all or some
CREATE INDEX invitations_by_conversation ON invitations (conversation, begun_at);
CREATE INDEX invitations_by_reference ON invitations (site, reference) WHERE reference IS NOT NULL;
CREATE TRIGGER invitations_lose_rights_for_good BEFORE UPDATE ON invitations
WHEN OLD.lost IS NOT NULL AND NEW.lost IS NOT OLD.lost BEGIN
    SELECT RAISE(ABORT, 'a right is lost for good');
END;

CREATE TABLE visitors_without_names (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    site       TEXT    NOT NULL REFERENCES sites,
    cookie     BLOB    CHECK (length(cookie) = 32), -- SHA-256; none once the visitor was erased
    created_at INTEGER NOT NULL,
    erased_at  INTEGER CHECK (erased_at IS NULL OR cookie IS NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO visitors_without_names (id, site, cookie, created_at) SELECT id, site, cookie, created_at FROM visitors;
CREATE TABLE visitor_names (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    visitor BLOB    NOT NULL REFERENCES visitors,
    site    TEXT    NOT NULL,
    name    TEXT    NOT NULL -- blanks once it was erased
) STRICT;
INSERT INTO visitor_names (visitor, site, name) SELECT id, site, name FROM visitors WHERE trim(name) <> '' ORDER BY id;
CREATE UNIQUE INDEX visitor_names_by_visitor ON visitor_names (visitor);
CREATE INDEX visitor_names_of_site ON visitor_names (site, number);
DROP TABLE visitors;
ALTER TABLE visitors_without_names RENAME TO visitors;
CREATE UNIQUE INDEX visitors_by_cookie ON visitors (cookie) WHERE cookie IS NOT NULL;
CREATE INDEX visitors_by_reference ON visitors (site, substr(id, 12, 5));
CREATE TRIGGER visitors_are_erased_for_good BEFORE UPDATE ON visitors
WHEN OLD.erased_at IS NOT NULL AND (NEW.erased_at IS NULL OR NEW.cookie IS NOT NULL) BEGIN
    SELECT RAISE(ABORT, 'a visitor is erased for good');
END;

CREATE TABLE conversations_without_texts (
    id              BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    site            TEXT    NOT NULL,
    visitor         BLOB    NOT NULL REFERENCES visitors,
    owner           BLOB    REFERENCES agents,
    opened_at       INTEGER NOT NULL,
    closed_at       INTEGER,
    last_message    INTEGER, -- its entry
    last_at         INTEGER NOT NULL,
    waiting_since   INTEGER,
    last_invitation BLOB,
    erased_at       INTEGER CHECK (erased_at IS NULL OR closed_at IS NOT NULL),
    vault_erased_at INTEGER -- when the vault had said so
) STRICT, WITHOUT ROWID;
INSERT INTO conversations_without_texts (id, site, visitor, owner, opened_at, closed_at, last_message, last_at, waiting_since, last_invitation)
    SELECT id, site, visitor, owner, opened_at, closed_at,
        (SELECT max(e.sequence) FROM entries e WHERE e.conversation = c.id AND e.kind = 'message'), last_at, waiting_since, last_invitation
    FROM conversations c;
DROP TABLE conversations;
ALTER TABLE conversations_without_texts RENAME TO conversations;
CREATE UNIQUE INDEX conversations_open_of_visitor ON conversations (visitor) WHERE closed_at IS NULL;
CREATE INDEX conversations_by_visitor ON conversations (visitor, opened_at);
CREATE INDEX conversations_open ON conversations (site, waiting_since) WHERE closed_at IS NULL;
CREATE INDEX conversations_closed ON conversations (site, closed_at) WHERE closed_at IS NOT NULL;
CREATE INDEX conversations_by_reference ON conversations (site, substr(id, 12, 5));
CREATE INDEX conversations_erased ON conversations (erased_at) WHERE erased_at IS NOT NULL;
CREATE TRIGGER conversations_close_for_good BEFORE UPDATE OF closed_at ON conversations
WHEN OLD.closed_at IS NOT NULL BEGIN
    SELECT RAISE(ABORT, 'a conversation closes for good');
END;
CREATE TRIGGER conversations_are_erased_for_good BEFORE UPDATE ON conversations
WHEN OLD.erased_at IS NOT NULL AND NEW.erased_at IS NULL BEGIN
    SELECT RAISE(ABORT, 'a conversation is erased for good');
END;

-- The log: only ever added to, except that what was written in an erased conversation is blanked.
CREATE TABLE entries_of_all_kinds (
    sequence     INTEGER PRIMARY KEY AUTOINCREMENT,
    at           INTEGER NOT NULL,
    site         TEXT    NOT NULL,
    conversation BLOB    NOT NULL REFERENCES conversations,
    kind         TEXT    NOT NULL CHECK (kind IN ('message', 'invitation', 'status', 'asked', 'joined', 'closed', 'transferred', 'gone',
        'erased')),
    message      BLOB,
    agent        BLOB, -- the author (none: the visitor), who joined, who closed, who took over
    former       BLOB, -- who owned before
    text         TEXT, -- blanks once it was erased
    invitation   BLOB,
    status       TEXT,
    since        INTEGER,
    expires_at   INTEGER,
    reason       TEXT
) STRICT;
INSERT INTO entries_of_all_kinds (sequence, at, site, conversation, kind, message, agent, text, invitation, status, since, expires_at, reason)
    SELECT sequence, at, site, conversation, kind, message, agent, text, invitation, status, since, expires_at, reason FROM entries ORDER BY sequence;
DROP TRIGGER entries_are_kept;
DROP TABLE entries;
ALTER TABLE entries_of_all_kinds RENAME TO entries;
CREATE UNIQUE INDEX entries_by_message ON entries (message) WHERE message IS NOT NULL;
CREATE INDEX entries_by_conversation ON entries (conversation, sequence);
CREATE INDEX entries_by_site ON entries (site, sequence);
CREATE TRIGGER entries_stay BEFORE UPDATE ON entries
WHEN NOT (OLD.kind = 'message' AND trim(NEW.text) = '' AND octet_length(NEW.text) = octet_length(OLD.text)
    AND NEW.sequence = OLD.sequence AND NEW.at = OLD.at AND NEW.site = OLD.site AND NEW.conversation = OLD.conversation
    AND NEW.kind = OLD.kind AND NEW.message IS OLD.message AND NEW.agent IS OLD.agent AND NEW.former IS OLD.former
    AND NEW.invitation IS OLD.invitation AND NEW.status IS OLD.status AND NEW.since IS OLD.since
    AND NEW.expires_at IS OLD.expires_at AND NEW.reason IS OLD.reason
    AND EXISTS (SELECT 1 FROM conversations c WHERE c.id = OLD.conversation AND c.erased_at IS NOT NULL)) BEGIN
    SELECT RAISE(ABORT, 'entries never change');
END;
CREATE TRIGGER entries_are_kept BEFORE DELETE ON entries BEGIN
    SELECT RAISE(ABORT, 'entries are never taken away');
END;
CREATE TRIGGER entries_end_with_erasing BEFORE INSERT ON entries
WHEN NEW.kind = 'message' AND EXISTS (SELECT 1 FROM conversations c WHERE c.id = NEW.conversation AND c.erased_at IS NOT NULL) BEGIN
    SELECT RAISE(ABORT, 'nothing is written into an erased conversation');
END;

-- While there is a row, the log of the database may still hold what was erased.
CREATE TABLE erasing (
    only  INTEGER NOT NULL PRIMARY KEY CHECK (only = 1),
    times INTEGER NOT NULL -- how often something was erased since the log was cut
) STRICT;

CREATE TABLE errands_to_erase_too (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    site       TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('end_session', 'close_conversation', 'cancel_invitation', 'lock_session',
        'unlock_session', 'set_rights', 'reset_factors', 'switch_forms', 'publish_site', 'revoke_invitation', 'erase_conversation')),
    subject    BLOB    NOT NULL CHECK (length(subject) IN (0, 16)), -- empty: the site
    reason     TEXT, -- of a cancellation or a revocation; for rights and forms: what they become
    attempts   INTEGER NOT NULL DEFAULT 0,
    due_at     INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
INSERT INTO errands_to_erase_too (id, site, kind, subject, reason, attempts, due_at, created_at)
    SELECT id, site, kind, subject, reason, attempts, due_at, created_at FROM errands;
DROP TABLE errands;
ALTER TABLE errands_to_erase_too RENAME TO errands;
CREATE INDEX errands_due ON errands (due_at);
CREATE INDEX errands_by_subject ON errands (site, subject, id);

-- The vault knows rights that it did not know before: it is told all of them, as one that was restored.
UPDATE vault_cursor SET epoch = zeroblob(16);
