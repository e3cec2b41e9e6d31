//! The event stream: ids and statuses, in the transaction of the change they tell of.

use aside_base::{InvitationId, SiteId, SubmissionId, Timestamp};
use aside_vault_domain::Invitation;
use aside_wire::{Event, EventKind, EventPage};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use crate::fault::{Fault, Step};
use crate::rows;

/// How many events a page holds at most.
const PAGE: u32 = 500;

/// Appends an event.
pub(crate) fn emit(connection: &Connection, invitation: &Invitation, at: Timestamp, kind: &EventKind) -> Step<()> {
    let (name, submission, reason) = match kind {
        EventKind::Viewed => ("viewed", None, None),
        EventKind::Submitted { submission } => ("submitted", Some(submission), None),
        EventKind::Read => ("read", None, None),
        EventKind::Expired => ("expired", None, None),
        EventKind::Cancelled { reason } => ("cancelled", None, Some(rows::reason(*reason))),
        EventKind::Declined => ("declined", None, None),
        EventKind::Asked => ("asked", None, None),
        EventKind::Reissued => ("reissued", None, None),
        EventKind::Gone { why } => ("gone", None, Some(rows::gone(*why))),
        EventKind::Erased { why } => ("erased", None, Some(rows::erased(*why))),
        EventKind::Unknown => return Err(Fault::Broken("an event of no known kind".into())),
    };
    connection
        .prepare_cached(
            "INSERT INTO events (site, invitation, at, kind, submission, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            invitation.site.as_str(),
            invitation.id.as_uuid().as_bytes(),
            at.0,
            name,
            submission.map(|id| id.as_uuid().as_bytes()),
            reason,
        ])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Event> {
    let submission = rows::uuid_or_none(row, 5)?.map(SubmissionId::from_uuid);
    let reason = row.get_ref(6)?.as_str_or_null()?.and_then(rows::parse_reason);
    let kind = match (row.get_ref(4)?.as_str()?, submission, reason) {
        ("viewed", ..) => EventKind::Viewed,
        ("submitted", Some(submission), _) => EventKind::Submitted { submission },
        ("read", ..) => EventKind::Read,
        ("expired", ..) => EventKind::Expired,
        ("cancelled", _, Some(reason)) => EventKind::Cancelled { reason },
        ("declined", ..) => EventKind::Declined,
        ("asked", ..) => EventKind::Asked,
        ("reissued", ..) => EventKind::Reissued,
        ("gone", ..) => EventKind::Gone { why: rows::read_gone(row, 6)? },
        ("erased", ..) => EventKind::Erased { why: rows::read_erased(row, 6)? },
        _ => return Err(rows::broken(4, "not an event")),
    };
    Ok(Event {
        sequence: row.get(0)?,
        site: rows::parsed(row, 1)?,
        invitation: InvitationId::from_uuid(rows::uuid(row, 2)?),
        at: rows::time(row, 3)?,
        kind,
    })
}

pub(crate) fn page(connection: &Connection, sites: &[SiteId], after: i64) -> Step<EventPage> {
    let epoch = connection.prepare_cached("SELECT epoch FROM house")?.query_row([], |row| rows::uuid(row, 0))?;
    // Not max(sequence): the head must not fall back when old events are purged.
    let head = connection
        .prepare_cached("SELECT seq FROM sqlite_sequence WHERE name = 'events'")?
        .query_row([], |row| row.get(0))
        .optional()?
        .unwrap_or(0);
    let mut statement = connection.prepare_cached(
        "SELECT sequence, site, invitation, at, kind, submission, reason FROM events
         WHERE sequence > ?1 AND site IN (SELECT value FROM json_each(?2)) ORDER BY sequence LIMIT ?3",
    )?;
    let events = statement.query_map(params![after, names(sites)?, PAGE], read)?.collect::<rusqlite::Result<_>>()?;
    Ok(EventPage { epoch, head, events })
}

pub(crate) fn acknowledge(connection: &Connection, sites: &[SiteId], after: i64) -> Step<()> {
    connection
        .prepare_cached(
            "UPDATE sites SET acknowledged = ?1 WHERE acknowledged < ?1 AND site IN (SELECT value FROM json_each(?2))",
        )?
        .execute(params![after, names(sites)?])?;
    Ok(())
}

fn names(sites: &[SiteId]) -> Step<String> {
    serde_json::to_string(sites).map_err(|error| Fault::Broken(error.to_string()))
}
