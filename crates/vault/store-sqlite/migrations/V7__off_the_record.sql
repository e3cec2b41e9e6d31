-- Which submissions have, or had, answers that are in memory only (V3), so that their end is told once, also after a restart.
CREATE TABLE off_the_record (
    submission BLOB    PRIMARY KEY,
    invitation BLOB    NOT NULL REFERENCES invitations,
    until      INTEGER NOT NULL,               -- when their time ends
    why        TEXT                            -- why they are gone; none while they are in memory
) STRICT, WITHOUT ROWID;
CREATE INDEX off_the_record_held ON off_the_record (until) WHERE why IS NULL;

-- Of what came before this table, only that is told which somebody may still ask for. Ten minutes were the default.
INSERT INTO off_the_record (submission, invitation, until)
SELECT submissions.id, invitations.id, submissions.submitted_at + 600000
FROM submissions JOIN invitations ON invitations.id = submissions.invitation
WHERE invitations.right_lost = 0
  AND EXISTS (SELECT 1 FROM answers WHERE answers.submission = submissions.id AND answers.sealed IS NULL);
