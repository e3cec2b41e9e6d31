//! What the vault does by itself: ends clocks, purges what is done with, counts refusals.

use aside_base::Timestamp;
use aside_vault_domain::{Act, Caller, Occasion, On};
use aside_vault_store::{Expired, Purged};
use rusqlite::{Connection, params};

use crate::fault::{Fault, Step};
use crate::{audit, events, invitations};

/// How long done keys and acknowledged events stay: long enough to say *used* instead of *not valid*, and for a desk that
/// was away.
const KEPT_MILLIS: i64 = 7 * 86_400_000;

pub(crate) fn expire_due(connection: &Connection, now: Timestamp, limit: u32) -> Step<Vec<Expired>> {
    let occasion = Occasion { now, caller: Caller::vault() };
    let mut expired = Vec::new();
    for mut invitation in invitations::due(connection, now, limit)? {
        let event = invitation.expire(now);
        let event = event.ok_or_else(|| Fault::Broken("an invitation was due by its row, not by the rules".into()))?;
        invitations::save(connection, &invitation)?;
        events::emit(connection, &invitation, invitation.since, &event)?;
        audit::done(connection, &occasion, Act::Expired, &invitations::on(&invitation))?;
        expired.push(Expired { site: invitation.site, invitation: invitation.id });
    }
    Ok(expired)
}

/// Events that their site's desk has applied and that are older than `before`, the oldest first. They stand in the order of
/// time, so that it ends at the first that is younger and reads nothing of the days that stay.
fn done_events(connection: &Connection, before: i64, limit: u32) -> Step<Vec<i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT sequence, at, EXISTS (
             SELECT 1 FROM sites WHERE sites.site = events.site AND sites.acknowledged >= events.sequence)
         FROM events ORDER BY sequence",
    )?;
    let (mut rows, mut done) = (statement.query([])?, Vec::new());
    while done.len() < limit as usize
        && let Some(row) = rows.next()?
        && row.get::<_, i64>(1)? < before
    {
        if row.get(2)? {
            done.push(row.get(0)?);
        }
    }
    Ok(done)
}

pub(crate) fn purge(connection: &Connection, now: Timestamp, limit: u32) -> Step<Purged> {
    let before = now.0 - KEPT_MILLIS;
    let keys = connection
        .prepare_cached(
            "DELETE FROM otks WHERE hash IN (SELECT hash FROM otks WHERE expires_at < ?1 ORDER BY expires_at LIMIT ?2)",
        )?
        .execute(params![before, limit])?;
    let mut events = 0;
    for sequence in done_events(connection, before, limit)? {
        events += connection.prepare_cached("DELETE FROM events WHERE sequence = ?1")?.execute([sequence])?;
    }
    if keys > 0 || events > 0 {
        let occasion = Occasion { now, caller: Caller::vault() };
        let on = On { detail: Some(format!("{keys} keys, {events} events")), ..On::default() };
        audit::done(connection, &occasion, Act::Purged, &on)?;
    }
    Ok(Purged { keys: keys as u64, events: events as u64 })
}
