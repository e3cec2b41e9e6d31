-- The former migration took answers that were stored and are erased for answers that were off the record: neither has a sealed
-- value. What is erased was told when it was erased.
DELETE FROM off_the_record
WHERE why IS NULL
  AND NOT EXISTS (SELECT 1 FROM answers
                  WHERE answers.submission = off_the_record.submission AND answers.sealed IS NULL AND answers.erased_at IS NULL);
