//! Audit rows: written in the transaction of the act itself, so that neither is without the other.

use aside_base::{ConversationId, InvitationId, SessionId, SubmissionId};
use aside_vault_domain::{Act, AuditRow, CallerKind, Occasion, On, Outcome, Refusal, ViewId};
use rusqlite::{Connection, params};

use crate::fault::Step;
use crate::rows;

/// What a command is about to try: for the row of its refusal.
pub(crate) struct Tried {
    pub(crate) act: Act,
    pub(crate) on: On,
}

/// Writes the row of something done.
pub(crate) fn done(connection: &Connection, occasion: &Occasion, act: Act, on: &On) -> rusqlite::Result<()> {
    write(connection, occasion, act, on, Outcome::Done)
}

/// Writes the row of a refusal, if the caller is known: a desk always, a browser when the command proved it. Refusals of
/// strangers are counted elsewhere, so that a flood cannot fill the disk.
pub(crate) fn refused(
    connection: &Connection,
    occasion: &Occasion,
    tried: Tried,
    refusal: Refusal,
    known: Option<Box<On>>,
) -> rusqlite::Result<()> {
    let on = match known {
        Some(on) => *on,
        None if occasion.caller.kind == CallerKind::Desk => tried.on,
        None => return Ok(()),
    };
    write(connection, occasion, tried.act, &on, Outcome::Refused(refusal))
}

fn write(connection: &Connection, occasion: &Occasion, act: Act, on: &On, outcome: Outcome) -> rusqlite::Result<()> {
    let caller = &occasion.caller;
    connection
        .prepare_cached(
            "INSERT INTO audit (at, caller_kind, caller_name, address, act, site, session, conversation, invitation,
                                submission, view, detail, outcome)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
        )?
        .execute(params![
            occasion.now.0,
            caller.kind.as_str(),
            caller.name,
            caller.address,
            act.as_str(),
            on.site.as_ref().map(aside_base::SiteId::as_str),
            on.session.as_ref().map(|id| id.as_uuid().as_bytes()),
            on.conversation.as_ref().map(|id| id.as_uuid().as_bytes()),
            on.invitation.as_ref().map(|id| id.as_uuid().as_bytes()),
            on.submission.as_ref().map(|id| id.as_uuid().as_bytes()),
            on.view.as_ref().map(|id| id.as_uuid().as_bytes()),
            on.detail,
            outcome.as_str(),
        ])
        .map(|_| ())
}

/// Rows after `after`, at most `limit`.
pub(crate) fn read(connection: &Connection, after: i64, limit: u32) -> Step<Vec<AuditRow>> {
    let mut statement = connection.prepare_cached(
        "SELECT sequence, at, caller_kind, caller_name, address, act, site, session, conversation, invitation, submission,
                view, detail, outcome
         FROM audit WHERE sequence > ?1 ORDER BY sequence LIMIT ?2",
    )?;
    let read = statement.query_map(params![after, limit], |row| {
        Ok(AuditRow {
            sequence: row.get(0)?,
            at: rows::time(row, 1)?,
            caller: (row.get(2)?, row.get(3)?, row.get(4)?),
            act: row.get(5)?,
            on: On {
                site: row
                    .get_ref(6)?
                    .as_str_or_null()?
                    .map(str::parse)
                    .transpose()
                    .map_err(|_| rows::broken(6, "not a site"))?,
                session: rows::uuid_or_none(row, 7)?.map(SessionId::from_uuid),
                conversation: rows::uuid_or_none(row, 8)?.map(ConversationId::from_uuid),
                invitation: rows::uuid_or_none(row, 9)?.map(InvitationId::from_uuid),
                submission: rows::uuid_or_none(row, 10)?.map(SubmissionId::from_uuid),
                view: rows::uuid_or_none(row, 11)?.map(ViewId::from_uuid),
                detail: row.get(12)?,
            },
            outcome: row.get(13)?,
        })
    })?;
    Ok(read.collect::<rusqlite::Result<_>>()?)
}
