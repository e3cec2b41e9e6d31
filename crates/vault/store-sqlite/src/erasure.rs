//! Erasing (V5, V8): the data key and the sealed answers of a part are deleted, its tokens stay as markers. `secure_delete`
//! writes zeros over what is deleted; the log is cut afterwards.

use aside_base::{ConversationId, InvitationId, SiteId, SubmissionId, Timestamp};
use aside_vault_domain::{Act, Caller, Occasion, On, earliest_kept};
use aside_vault_store::{Ended, Erased};
use aside_wire::{EraseReason, EventKind, Keeping, KeepingReport, SiteProfile};
use rusqlite::{Connection, OptionalExtension as _, Params, params};

use crate::fault::{Fault, Step};
use crate::{audit, events, invitations, rows, views};

macro_rules! of_conversation {
    () => {
        "SELECT data_keys.site, data_keys.submission, data_keys.part
         FROM invitations
         JOIN submissions ON submissions.invitation = invitations.id
         JOIN data_keys ON data_keys.submission = submissions.id
         WHERE invitations.site = ?1 AND invitations.conversation = ?2"
    };
}

/// A part that is to be erased.
struct Part {
    site: SiteId,
    submission: SubmissionId,
    part: u8,
}

fn parts(connection: &Connection, sql: &str, params: impl Params) -> Step<Vec<Part>> {
    let mut statement = connection.prepare_cached(sql)?;
    let parts = statement.query_map(params, |row| {
        Ok(Part {
            site: rows::parsed(row, 0)?,
            submission: SubmissionId::from_uuid(rows::uuid(row, 1)?),
            part: row.get(2)?,
        })
    })?;
    Ok(parts.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn erase_due(connection: &Connection, now: Timestamp, limit: u32) -> Step<Erased> {
    let mut due = parts(
        connection,
        "SELECT site, submission, part FROM data_keys WHERE erase_at <= ?1 ORDER BY erase_at LIMIT ?2",
        params![now.0, limit],
    )?;
    let occasion = Occasion { now, caller: Caller::vault() };
    let mut erased = erase(connection, &occasion, &due, EraseReason::Retention)?;
    // A site's profile may have been made shorter than what was submitted under it.
    for (site, keeping) in shortened(connection)? {
        let left = limit.saturating_sub(erased.parts);
        if left == 0 {
            break;
        }
        let why = if keeping.days == 0 { EraseReason::Closed } else { EraseReason::Retention };
        due = if keeping.days == 0 {
            closed_of_site(connection, &site, left)?
        } else {
            older_of_site(connection, &site, earliest_kept(now, keeping.days), left)?
        };
        let more = erase(connection, &occasion, &due, why)?;
        erased.parts += more.parts;
        erased.views.extend(more.views);
    }
    Ok(erased)
}

/// The sites whose answers are kept for less than the longest time.
fn shortened(connection: &Connection) -> Step<Vec<(SiteId, Keeping)>> {
    let mut statement = connection.prepare_cached("SELECT site, profile FROM sites")?;
    let sites = statement
        .query_map([], |row| Ok((rows::parsed(row, 0)?, row.get::<_, String>(1)?)))?
        .collect::<rusqlite::Result<Vec<(SiteId, String)>>>()?;
    let mut shortened = Vec::new();
    for (site, json) in sites {
        let profile: SiteProfile = serde_json::from_str(&json).map_err(|error| Fault::Broken(error.to_string()))?;
        if profile.keeping.days < Keeping::LONGEST {
            shortened.push((site, profile.keeping));
        }
    }
    Ok(shortened)
}

/// Parts of submissions that are older than the earliest that is kept. The index of a site's keys is by version first.
fn older_of_site(connection: &Connection, site: &SiteId, earliest: SubmissionId, limit: u32) -> Step<Vec<Part>> {
    let mut found = Vec::new();
    let mut versions = connection.prepare_cached("SELECT version FROM site_keys WHERE site = ?1 ORDER BY version")?;
    let versions: Vec<u32> = versions.query_map([site.as_str()], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for version in versions {
        let left = limit.saturating_sub(u32::try_from(found.len()).unwrap_or(u32::MAX));
        found.extend(parts(
            connection,
            "SELECT site, submission, part FROM data_keys INDEXED BY data_keys_by_version
             WHERE site = ?1 AND site_key_version = ?2 AND submission < ?3 ORDER BY submission LIMIT ?4",
            params![site.as_str(), version, earliest.as_uuid().as_bytes(), left],
        )?);
    }
    Ok(found)
}

fn closed_of_site(connection: &Connection, site: &SiteId, limit: u32) -> Step<Vec<Part>> {
    parts(
        connection,
        "SELECT data_keys.site, data_keys.submission, data_keys.part
         FROM data_keys
         JOIN submissions ON submissions.id = data_keys.submission
         JOIN invitations ON invitations.id = submissions.invitation
         JOIN closed_conversations AS closed ON closed.site = invitations.site AND closed.conversation = invitations.conversation
         WHERE data_keys.site = ?1 LIMIT ?2",
        params![site.as_str(), limit],
    )
}

/// Erases what is kept until the conversation closes: it has just been closed.
pub(crate) fn at_close(
    connection: &Connection,
    occasion: &Occasion,
    site: &SiteId,
    conversation: ConversationId,
) -> Step<Erased> {
    let all = crate::sites::profile(connection, site)?.is_some_and(|profile| profile.keeping.days == 0);
    let due = parts(
        connection,
        concat!(of_conversation!(), " AND (?3 OR data_keys.at_close)"),
        params![site.as_str(), conversation.as_uuid().as_bytes(), all],
    )?;
    erase(connection, occasion, &due, EraseReason::Closed)
}

pub(crate) fn erase_conversation(
    connection: &Connection,
    occasion: &Occasion,
    site: SiteId,
    conversation: ConversationId,
) -> Step<Ended> {
    // Nothing comes after it: what awaits answers is cancelled, the rights to view are lost, and no form can be sent again.
    let mut ended = invitations::close_conversation(connection, occasion, site.clone(), conversation)?;
    let due = parts(connection, of_conversation!(), params![site.as_str(), conversation.as_uuid().as_bytes()])?;
    let erased = erase(connection, occasion, &due, EraseReason::Request)?;
    ended.views.extend(erased.views);
    ended.erased |= erased.parts > 0;
    let on = On {
        site: Some(site),
        conversation: Some(conversation),
        detail: Some(format!("{} parts", erased.parts)),
        ..On::default()
    };
    audit::done(connection, occasion, Act::ConversationErased, &on)?;
    Ok(ended)
}

/// Erases these parts: keys, sealed answers and fingerprints go, tokens stay. One audit row a site, with ids only; one event an
/// invitation.
fn erase(connection: &Connection, occasion: &Occasion, due: &[Part], why: EraseReason) -> Step<Erased> {
    let mut erased = Erased::default();
    let mut sites: Vec<(SiteId, Vec<String>)> = Vec::new();
    let mut submissions: Vec<SubmissionId> = Vec::new();
    for Part { site, submission, part } in due {
        let id = submission.as_uuid().as_bytes();
        connection
            .prepare_cached("DELETE FROM data_keys WHERE submission = ?1 AND part = ?2")?
            .execute(params![id, part])?;
        connection
            .prepare_cached(
                "UPDATE answers SET sealed = NULL, fingerprint = NULL, erased_at = ?3
                 WHERE submission = ?1 AND part = ?2 AND sealed IS NOT NULL",
            )?
            .execute(params![id, part, occasion.now.0])?;
        erased.parts += 1;
        if !submissions.contains(submission) {
            submissions.push(*submission);
        }
        let name = format!("{submission}/{part}");
        match sites.iter_mut().find(|(known, _)| known == site) {
            Some((_, names)) => names.push(name),
            None => sites.push((site.clone(), vec![name])),
        }
    }
    for submission in submissions {
        erased.views.extend(views::close_of_submission(connection, occasion, submission)?);
        let invitation = invitation_of(connection, submission)?;
        let invitation = invitations::find(connection, invitation)?
            .ok_or_else(|| Fault::Broken(format!("submission {submission} has lost its invitation")))?;
        events::emit(connection, &invitation, occasion.now, &EventKind::Erased { why })?;
    }
    for (site, names) in sites {
        connection
            .prepare_cached(
                "INSERT INTO erasures (site, total, last_at) VALUES (?1, ?2, ?3)
                 ON CONFLICT (site) DO UPDATE SET total = total + excluded.total, last_at = excluded.last_at",
            )?
            .execute(params![site.as_str(), i64::try_from(names.len()).unwrap_or(i64::MAX), occasion.now.0])?;
        let detail = format!("{}: {}", rows::erased(why), names.join(" "));
        let on = On { site: Some(site), detail: Some(detail), ..On::default() };
        audit::done(connection, occasion, Act::Erased, &on)?;
    }
    Ok(erased)
}

fn invitation_of(connection: &Connection, submission: SubmissionId) -> Step<InvitationId> {
    Ok(connection
        .prepare_cached("SELECT invitation FROM submissions WHERE id = ?1")?
        .query_row([submission.as_uuid().as_bytes()], |row| rows::uuid(row, 0).map(InvitationId::from_uuid))?)
}

/// So far ahead a report looks, in days.
const SOON_DAYS: i64 = 30;
/// So many days a card number may be kept without a word.
const CARD_DAYS: u16 = 7;

pub(crate) fn report(connection: &Connection, site: &SiteId, now: Timestamp) -> Step<KeepingReport> {
    let profile = crate::sites::profile(connection, site)?.ok_or(aside_vault_domain::Refusal::NotValid)?;
    let soon = Timestamp(now.0 + SOON_DAYS * 86_400_000);
    // What is kept until the close has no day that is known.
    let earliest = match profile.keeping.days {
        0 => SubmissionId::from_uuid(uuid::Uuid::nil()),
        days => earliest_kept(soon, days),
    };
    let (held, due_soon) = connection
        .prepare_cached(
            "SELECT count(*), count(*) FILTER (WHERE erase_at <= ?2 OR submission < ?3) FROM data_keys WHERE site = ?1",
        )?
        .query_row(params![site.as_str(), soon.0, earliest.as_uuid().as_bytes()], |row| {
            Ok((rows::count(row, 0)?, rows::count(row, 1)?))
        })?;
    let erased = connection
        .prepare_cached("SELECT total, last_at FROM erasures WHERE site = ?1")?
        .query_row([site.as_str()], |row| Ok((rows::count(row, 0)?, rows::time(row, 1)?)))
        .optional()?;
    Ok(KeepingReport {
        held,
        due_soon,
        erased_total: erased.map_or(0, |(total, _)| total),
        last_erased: erased.map(|(_, at)| at),
        last_purge: None,
        cards_over_week: has_card_before(connection, site, earliest_kept(now, CARD_DAYS))?,
    })
}

/// Whether a card number of the site was submitted before this: what has a fingerprint is one.
fn has_card_before(connection: &Connection, site: &SiteId, earliest: SubmissionId) -> Step<bool> {
    Ok(connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM answers INDEXED BY answers_by_fingerprint
                            CROSS JOIN submissions ON submissions.id = answers.submission
                            WHERE answers.fingerprint IS NOT NULL AND answers.submission < ?2 AND submissions.site = ?1)",
        )?
        .query_row(params![site.as_str(), earliest.as_uuid().as_bytes()], |row| row.get(0))?)
}
