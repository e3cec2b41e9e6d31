//! An invitation's columns, and reading them back.

use aside_desk_domain::{AgentRef, Draft, Invitation, Lost, Timeline};
use aside_wire::Clocks;
use rusqlite::Row;
use rusqlite::types::Type;

use crate::row::{
    channel, erased, gone, id, id_or_none, moment, moment_or_none, named, parsed, reason_or_none, reopen, site,
    status_or_none, where_set,
};

/// An invitation's columns in the order of [`read_draft`] and [`read_invitation`]; `i` is its table, `ia` its agent's.
macro_rules! invitation_columns {
    () => {
        concat!(
            "i.id, i.site, i.conversation, i.agent, ia.display_name, i.session, i.definition, i.title, i.description, ",
            "i.channel, i.invitation_life, i.open_limit, i.submit_limit, i.locale, i.begun_at, i.status, i.reference, ",
            "i.expires_at, i.sent_at, i.received_at, i.viewed_at, i.submitted_at, i.read_at, i.ended_at, i.submission, ",
            "i.asked_at, i.reason, i.reopen, coalesce(i.lost, (SELECT 'session_ended' FROM sessions se WHERE se.id = i.session ",
            "AND se.ended_at IS NOT NULL)), i.gone, i.erased"
        )
    };
}

pub(crate) use invitation_columns;

/// How many columns [`invitation_columns`] are.
pub(crate) const INVITATION_COLUMNS: usize = 31;
/// Which of them is the status.
pub(crate) const STATUS: usize = 15;

const ALL_LOST: [Lost; 2] = [Lost::Transferred, Lost::SessionEnded];

const fn lost_name(lost: Lost) -> &'static str {
    match lost {
        Lost::Transferred => "transferred",
        Lost::SessionEnded => "session_ended",
    }
}

fn missing(column: usize) -> rusqlite::Error {
    rusqlite::Error::InvalidColumnType(column, "invitation".into(), Type::Null)
}

/// The part of an invitation that is there from the beginning.
pub(crate) fn read_draft(row: &Row<'_>, first: usize) -> rusqlite::Result<Draft> {
    Ok(Draft {
        id: id(row, first)?,
        site: site(row, first + 1)?,
        conversation: id(row, first + 2)?,
        agent: AgentRef { id: id(row, first + 3)?, display_name: row.get(first + 4)? },
        session: id(row, first + 5)?,
        definition: parsed(row, first + 6)?,
        title: row.get(first + 7)?,
        description: row.get(first + 8)?,
        channel: channel(row, first + 9)?,
        clocks: Clocks {
            invitation_life: row.get(first + 10)?,
            open_limit: row.get(first + 11)?,
            submit_limit: row.get(first + 12)?,
        },
        locale: row.get(first + 13)?,
        reopen: reopen(row, first + 27)?,
        begun_at: moment(row, first + 14)?,
    })
}

/// An invitation that is shown.
pub(crate) fn read_invitation(row: &Row<'_>, first: usize) -> rusqlite::Result<Invitation> {
    Ok(Invitation {
        draft: read_draft(row, first)?,
        status: status_or_none(row, first + STATUS)?.ok_or_else(|| missing(first + STATUS))?,
        reference: row.get(first + 16)?,
        expires_at: moment(row, first + 17)?,
        timeline: Timeline {
            sent: moment(row, first + 18)?,
            received: moment_or_none(row, first + 19)?,
            viewed: moment_or_none(row, first + 20)?,
            submitted: moment_or_none(row, first + 21)?,
            read: moment_or_none(row, first + 22)?,
            ended: moment_or_none(row, first + 23)?,
        },
        submission: id_or_none(row, first + 24)?,
        asked_at: moment_or_none(row, first + 25)?,
        reason: reason_or_none(row, first + 26)?,
        lost: where_set(row, first + 28, |row, column| named(row, column, &ALL_LOST, lost_name))?,
        gone: where_set(row, first + 29, gone)?,
        erased: where_set(row, first + 30, erased)?,
    })
}
