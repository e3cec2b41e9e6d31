//! Submissions: sealed answers with the data keys that open them, a key for each part that is kept equally long.

use aside_base::{AnswerToken, SubmissionId, Timestamp};
use aside_vault_domain::{Fingerprint, Invitation, SealedAnswer, SealedDataKey, SealedSubmission};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::fault::Step;
use crate::{key_ring, rows};

pub(crate) fn keep(
    connection: &Connection,
    invitation: &Invitation,
    submission: &SealedSubmission,
    now: Timestamp,
) -> Step<()> {
    let id = submission.id.as_uuid().as_bytes();
    connection
        .prepare_cached("INSERT INTO submissions (id, site, invitation, submitted_at) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![id, invitation.site.as_str(), invitation.id.as_uuid().as_bytes(), now.0])?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO data_keys (submission, part, site, site_key_version, born_version, sealed, erase_at, at_close)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for key in &submission.data_keys {
        key_ring::refuse_retired(connection, &invitation.site, key.version)?;
        statement.execute(params![
            id,
            key.part,
            invitation.site.as_str(),
            key.version,
            key.born_version,
            key.sealed,
            key.erase_at.0,
            key.at_close,
        ])?;
    }
    let mut statement = connection.prepare_cached(
        "INSERT INTO answers (submission, place, token, question, sealed, part, fingerprint)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (place, answer) in (0_i64..).zip(&submission.answers) {
        statement.execute(params![
            id,
            place,
            answer.token.as_str(),
            answer.question,
            answer.sealed,
            answer.part,
            answer.fingerprint.map(|fingerprint| fingerprint.0),
        ])?;
    }
    Ok(())
}

pub(crate) fn submitted_at(connection: &Connection, submission: SubmissionId) -> Step<Timestamp> {
    Ok(connection
        .prepare_cached("SELECT submitted_at FROM submissions WHERE id = ?1")?
        .query_row([submission.as_uuid().as_bytes()], |row| rows::time(row, 0))?)
}

macro_rules! select_key {
    ($rest:literal) => {
        concat!("SELECT part, site_key_version, born_version, sealed, erase_at, at_close FROM data_keys ", $rest)
    };
}

/// The keys that are left, by part.
pub(crate) fn data_keys(connection: &Connection, submission: SubmissionId) -> Step<Vec<SealedDataKey>> {
    let mut statement = connection.prepare_cached(select_key!("WHERE submission = ?1 ORDER BY part"))?;
    let keys = statement.query_map([submission.as_uuid().as_bytes()], read_key)?;
    Ok(keys.collect::<rusqlite::Result<_>>()?)
}

/// The key of one part; none when it was erased, or when the part is off the record.
pub(crate) fn data_key(connection: &Connection, submission: SubmissionId, part: u8) -> Step<Option<SealedDataKey>> {
    let mut statement = connection.prepare_cached(select_key!("WHERE submission = ?1 AND part = ?2"))?;
    Ok(statement.query_row(params![submission.as_uuid().as_bytes(), part], read_key).optional()?)
}

fn read_key(row: &Row<'_>) -> rusqlite::Result<SealedDataKey> {
    Ok(SealedDataKey {
        part: row.get(0)?,
        version: row.get(1)?,
        born_version: row.get(2)?,
        sealed: row.get(3)?,
        erase_at: rows::time(row, 4)?,
        at_close: row.get(5)?,
    })
}

macro_rules! select_answer {
    ($rest:literal) => {
        concat!("SELECT token, question, part, sealed, fingerprint, erased_at FROM answers ", $rest)
    };
}

/// The answers, in the form's order.
pub(crate) fn answers(connection: &Connection, submission: SubmissionId) -> Step<Vec<SealedAnswer>> {
    let mut statement = connection.prepare_cached(select_answer!("WHERE submission = ?1 ORDER BY place"))?;
    let answers = statement.query_map([submission.as_uuid().as_bytes()], read_answer)?;
    Ok(answers.collect::<rusqlite::Result<_>>()?)
}

/// The answer to one question.
pub(crate) fn answer(connection: &Connection, submission: SubmissionId, question: &str) -> Step<Option<SealedAnswer>> {
    let mut statement = connection.prepare_cached(select_answer!("WHERE submission = ?1 AND question = ?2"))?;
    Ok(statement.query_row(params![submission.as_uuid().as_bytes(), question], read_answer).optional()?)
}

fn read_answer(row: &Row<'_>) -> rusqlite::Result<SealedAnswer> {
    Ok(SealedAnswer {
        token: AnswerToken::from_stored(row.get(0)?),
        question: row.get(1)?,
        part: row.get(2)?,
        sealed: row.get(3)?,
        fingerprint: row.get::<_, Option<[u8; 16]>>(4)?.map(Fingerprint),
        erased_at: rows::time_or_none(row, 5)?,
    })
}
