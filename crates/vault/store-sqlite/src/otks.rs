//! One-time keys as rows. The key itself is never here, only its hash.

use aside_base::{InvitationId, KeyHash, Purpose, SessionId, Timestamp};
use aside_vault_domain::{Otk, Refusal};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::{Fault, Step};
use crate::rows;

/// Keeps a fresh key.
pub(crate) fn insert(connection: &Connection, otk: &Otk) -> Step<()> {
    connection
        .prepare_cached(
            "INSERT INTO otks (hash, purpose, site, invitation, session, expires_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![
            otk.hash.0,
            otk.purpose.as_str(),
            otk.site.as_str(),
            otk.invitation.as_ref().map(|id| id.as_uuid().as_bytes()),
            otk.session.as_ref().map(|id| id.as_uuid().as_bytes()),
            otk.expires_at.0,
        ])?;
    Ok(())
}

/// Finds a key. One that nobody made is *not valid*.
pub(crate) fn find(connection: &Connection, hash: KeyHash) -> Step<Otk> {
    connection
        .prepare_cached("SELECT purpose, site, invitation, session, expires_at, used_at FROM otks WHERE hash = ?1")?
        .query_row([hash.0], |row| {
            Ok(Otk {
                hash,
                purpose: match row.get_ref(0)?.as_str()? {
                    "open" => Purpose::Open,
                    "submit" => Purpose::Submit,
                    "view" => Purpose::View,
                    "history" => Purpose::History,
                    "export" => Purpose::Export,
                    "enrol" => Purpose::Enrol,
                    _ => return Err(rows::broken(0, "not a purpose")),
                },
                site: rows::parsed(row, 1)?,
                invitation: rows::uuid_or_none(row, 2)?.map(InvitationId::from_uuid),
                session: rows::uuid_or_none(row, 3)?.map(SessionId::from_uuid),
                expires_at: rows::time(row, 4)?,
                used_at: rows::time_or_none(row, 5)?,
            })
        })
        .optional()?
        .ok_or(Fault::from(Refusal::NotValid))
}

/// Uses a key up: one conditional statement, which can change a row only once. Called after the rules agreed, so that
/// finding it used here means that this store broke its promise: everything is undone.
pub(crate) fn consume(connection: &Connection, otk: &Otk, now: Timestamp) -> Step<()> {
    let used = connection
        .prepare_cached(
            "UPDATE otks SET used_at = ?3 WHERE hash = ?1 AND purpose = ?2 AND used_at IS NULL AND expires_at > ?3",
        )?
        .execute(params![otk.hash.0, otk.purpose.as_str(), now.0])?;
    if used == 1 { Ok(()) } else { Err(Fault::Broken("a key was used between decision and use".into())) }
}
