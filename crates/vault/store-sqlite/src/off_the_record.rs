//! The notes of answers that are in memory only: a row while they are there, and why they went.

use aside_base::{InvitationId, KeyHash, SubmissionId, Timestamp};
use aside_vault_domain::{Act, Invitation, Occasion, On, ViewId};
use aside_vault_store::{Ended, OffTheRecordNotes, Result};
use aside_wire::{CancelReason, EventKind, GoneReason};
use async_trait::async_trait;
use rusqlite::{Connection, params};

use crate::audit::{self, Tried};
use crate::fault::{Fault, Step};
use crate::{SqliteStore, events, invitations, rows, views};

#[async_trait]
impl OffTheRecordNotes for SqliteStore {
    async fn note_gone(&self, on: Occasion, submissions: Vec<SubmissionId>, why: GoneReason) -> Result<u32> {
        self.noting("note_gone", move |db| {
            let mut noted = 0;
            for submission in submissions {
                let held = held(db, "submission = ?1", params![submission.as_uuid().as_bytes()])?;
                noted += note_all(db, &on, held, |_| why)?;
            }
            Ok(noted)
        })
        .await
    }

    async fn note_due(&self, on: Occasion, limit: u32) -> Result<u32> {
        self.noting("note_due", move |db| {
            let due = held(db, "until <= ?1 ORDER BY until LIMIT ?2", params![on.now.0, limit])?;
            note_all(db, &on, due, |_| GoneReason::Time)
        })
        .await
    }

    async fn note_restart(&self, on: Occasion) -> Result<u32> {
        self.noting("note_restart", move |db| {
            let all = held(db, "TRUE ORDER BY until", [])?;
            // Those whose time was over while nobody was there would be gone anyhow.
            note_all(db, &on, all, |until| if until <= on.now { GoneReason::Time } else { GoneReason::Restart })
        })
        .await
    }

    async fn finish_and_wipe(&self, on: Occasion, view: ViewId, viewer: KeyHash) -> Result<Ended> {
        let tried = Tried { act: Act::ViewClosed, on: On::default() };
        let ended = self
            .change("finish_and_wipe", on, tried, move |db, on| {
                let mut ended = views::finish(db, on, view, viewer)?;
                let (_, invitation, _) = views::found(db, view)?;
                if gone(db, on, &invitation, GoneReason::Done)? {
                    ended.submissions.extend(invitation.submission);
                }
                Ok(ended)
            })
            .await?;
        self.announce();
        Ok(ended)
    }
}

impl SqliteStore {
    async fn noting(
        &self,
        name: &'static str,
        command: impl FnOnce(&Connection) -> Step<u32> + Send + 'static,
    ) -> Result<u32> {
        let noted = self.write(name, command).await?;
        if noted > 0 {
            self.announce();
        }
        Ok(noted)
    }
}

/// The invitation's submission has answers in memory, until their time ends.
pub(crate) fn hold(
    connection: &Connection,
    invitation: &Invitation,
    submission: SubmissionId,
    until: Timestamp,
) -> Step<()> {
    connection
        .prepare_cached("INSERT INTO off_the_record (submission, invitation, until) VALUES (?1, ?2, ?3)")?
        .execute(params![submission.as_uuid().as_bytes(), invitation.id.as_uuid().as_bytes(), until.0])?;
    Ok(())
}

/// Notes that the answers of the invitation's submission that were in memory are gone. Answers whether this is the first to
/// say so: only then are the event and the audit row written. Nothing of it for a submission without such answers.
pub(crate) fn gone(
    connection: &Connection,
    occasion: &Occasion,
    invitation: &Invitation,
    why: GoneReason,
) -> Step<bool> {
    let Some(submission) = invitation.submission else { return Ok(false) };
    let noted = connection
        .prepare_cached("UPDATE off_the_record SET why = ?2 WHERE submission = ?1 AND why IS NULL")?
        .execute(params![submission.as_uuid().as_bytes(), rows::gone(why)])?;
    if noted == 0 {
        return Ok(false);
    }
    events::emit(connection, invitation, occasion.now, &EventKind::Gone { why })?;
    let on = On { detail: Some(rows::gone(why).to_owned()), ..invitations::on(invitation) };
    audit::done(connection, occasion, Act::OffTheRecordGone, &on)?;
    Ok(true)
}

/// What the loss of a right means for the answers that nobody can look at any more.
pub(crate) const fn lost(reason: CancelReason) -> GoneReason {
    match reason {
        CancelReason::SessionEnded => GoneReason::SessionEnded,
        CancelReason::ConversationClosed => GoneReason::ConversationClosed,
        CancelReason::Transferred => GoneReason::Transferred,
        CancelReason::Agent
        | CancelReason::RightLost
        | CancelReason::Stopped
        | CancelReason::FormClosed
        | CancelReason::AnotherForm => GoneReason::RightLost,
    }
}

/// The invitations whose answers are in memory, of those that `which` names, with when their time ends.
fn held(
    connection: &Connection,
    which: &'static str,
    params: impl rusqlite::Params,
) -> Step<Vec<(InvitationId, Timestamp)>> {
    let sql = format!("SELECT invitation, until FROM off_the_record WHERE why IS NULL AND {which}");
    let mut statement = connection.prepare_cached(&sql)?;
    let held = statement
        .query_map(params, |row| Ok((InvitationId::from_uuid(rows::uuid(row, 0)?), rows::time(row, 1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(held)
}

fn note_all(
    connection: &Connection,
    occasion: &Occasion,
    held: Vec<(InvitationId, Timestamp)>,
    why: impl Fn(Timestamp) -> GoneReason,
) -> Step<u32> {
    let mut noted = 0;
    for (id, until) in held {
        let invitation = invitations::find(connection, id)?
            .ok_or_else(|| Fault::Broken(format!("what is in memory has lost its invitation {id}")))?;
        noted += u32::from(gone(connection, occasion, &invitation, why(until))?);
    }
    Ok(noted)
}
