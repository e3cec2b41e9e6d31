//! An invitation's row: read, found, written, and the keys that name it.

use aside_base::{AgentId, ConversationId, InvitationId, KeyHash, Purpose, SessionId, SiteId, SubmissionId, Timestamp};
use aside_vault_domain::{Invitation, On, Otk, Reference, Refusal};
use aside_wire::Clocks;
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};

use crate::fault::{Fault, Step};
use crate::{otks, rows};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, site, conversation, session, agent_name, definition, channel, invitation_life, open_limit,
                    submit_limit, locale, reference, state, reason, since, life_ends_at, deadline, open_key, submit_key,
                    view_key, device, submission, asked, right_lost, sent_at, reopen, loaded_at, history_key
             FROM invitations ",
            $rest
        )
    };
}

fn read(row: &Row<'_>) -> rusqlite::Result<Invitation> {
    Ok(Invitation {
        id: InvitationId::from_uuid(rows::uuid(row, 0)?),
        site: rows::parsed(row, 1)?,
        conversation: ConversationId::from_uuid(rows::uuid(row, 2)?),
        session: SessionId::from_uuid(rows::uuid(row, 3)?),
        agent_name: row.get(4)?,
        definition: rows::parsed(row, 5)?,
        channel: rows::read_channel(row, 6)?,
        clocks: Clocks { invitation_life: row.get(7)?, open_limit: row.get(8)?, submit_limit: row.get(9)? },
        locale: row.get(10)?,
        reference: Reference::from_stored(row.get(11)?),
        state: rows::read_state(row, 12)?,
        since: rows::time(row, 14)?,
        life_ends_at: rows::time(row, 15)?,
        deadline: rows::time(row, 16)?,
        open_key: rows::hash_or_none(row, 17)?,
        submit_key: rows::hash_or_none(row, 18)?,
        view_key: rows::hash_or_none(row, 19)?,
        device: rows::hash_or_none(row, 20)?,
        submission: rows::uuid_or_none(row, 21)?.map(SubmissionId::from_uuid),
        asked: row.get(22)?,
        right_lost: row.get(23)?,
        sent_at: rows::time(row, 24)?,
        reopen: rows::read_reopen(row, 25)?,
        loaded_at: rows::time_or_none(row, 26)?,
        history_key: rows::hash_or_none(row, 27)?,
    })
}

pub(crate) fn find(connection: &Connection, id: InvitationId) -> Step<Option<Invitation>> {
    let mut statement = connection.prepare_cached(select!("WHERE id = ?1"))?;
    Ok(statement.query_row([id.as_uuid().as_bytes()], read).optional()?)
}

/// The invitation that a key was made for.
pub(crate) fn of_key(connection: &Connection, otk: &Otk) -> Step<Invitation> {
    let found = otk.invitation.map(|id| find(connection, id)).transpose()?.flatten();
    found.ok_or(Fault::from(Refusal::NotValid))
}

/// The invitation, if it belongs to the site.
pub(crate) fn of_site(connection: &Connection, site: &SiteId, id: InvitationId) -> Step<Invitation> {
    find(connection, id)?.filter(|invitation| invitation.site == *site).ok_or(Fault::from(Refusal::NotValid))
}

fn all(connection: &Connection, sql: &str, params: impl Params) -> Step<Vec<Invitation>> {
    let mut statement = connection.prepare_cached(sql)?;
    Ok(statement.query_map(params, read)?.collect::<rusqlite::Result<_>>()?)
}

pub(crate) fn with_rights_of_session(connection: &Connection, session: SessionId) -> Step<Vec<Invitation>> {
    all(connection, select!("WHERE session = ?1 AND right_lost = 0"), [session.as_uuid().as_bytes()])
}

pub(crate) fn with_rights_of_agent(connection: &Connection, site: &SiteId, agent: AgentId) -> Step<Vec<Invitation>> {
    all(
        connection,
        select!(
            "WHERE right_lost = 0 AND session IN (
                 SELECT id FROM sessions WHERE site = ?1 AND agent = ?2 AND ended_at IS NULL)"
        ),
        params![site.as_str(), agent.as_uuid().as_bytes()],
    )
}

/// Up to `limit` invitations whose clock has ended, the longest due first.
pub(crate) fn due(connection: &Connection, now: Timestamp, limit: u32) -> Step<Vec<Invitation>> {
    all(
        connection,
        select!("WHERE state IN ('sent', 'viewed') AND deadline <= ?1 ORDER BY deadline LIMIT ?2"),
        params![now.0, limit],
    )
}

/// What was answered in a conversation, the oldest first.
pub(crate) fn answered_in(
    connection: &Connection,
    site: &SiteId,
    conversation: ConversationId,
) -> Step<Vec<Invitation>> {
    all(
        connection,
        select!("WHERE conversation = ?1 AND site = ?2 AND submission IS NOT NULL ORDER BY id"),
        params![conversation.as_uuid().as_bytes(), site.as_str()],
    )
}

/// What the device has open beside `opened` in its conversation.
pub(crate) fn open_beside(connection: &Connection, opened: &Invitation, device: KeyHash) -> Step<Vec<Invitation>> {
    all(
        connection,
        select!("WHERE conversation = ?1 AND state = 'viewed' AND device = ?2 AND site = ?3 AND id <> ?4"),
        params![
            opened.conversation.as_uuid().as_bytes(),
            device.0,
            opened.site.as_str(),
            opened.id.as_uuid().as_bytes()
        ],
    )
}

/// Whatever of the conversation its sender has not lost the right to, answered or not.
pub(crate) fn with_rights_in(
    connection: &Connection,
    site: &SiteId,
    conversation: ConversationId,
) -> Step<Vec<Invitation>> {
    all(
        connection,
        select!("WHERE conversation = ?1 AND right_lost = 0 AND site = ?2"),
        params![conversation.as_uuid().as_bytes(), site.as_str()],
    )
}

/// What awaits answers at the site.
pub(crate) fn awaited(connection: &Connection, site: &SiteId) -> Step<Vec<Invitation>> {
    all(connection, select!("WHERE state IN ('sent', 'viewed') AND site = ?1"), params![site.as_str()])
}

pub(crate) fn insert(connection: &Connection, invitation: &Invitation) -> Step<()> {
    connection
        .prepare_cached(
            "INSERT INTO invitations (id, site, conversation, session, agent_name, definition, channel, invitation_life,
                                      open_limit, submit_limit, locale, reference, state, since, life_ends_at, deadline,
                                      open_key, asked, right_lost, sent_at, reopen)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, 0, 0, ?18, ?19)",
        )?
        .execute(params![
            invitation.id.as_uuid().as_bytes(),
            invitation.site.as_str(),
            invitation.conversation.as_uuid().as_bytes(),
            invitation.session.as_uuid().as_bytes(),
            invitation.agent_name,
            invitation.definition.as_str(),
            rows::channel(invitation.channel),
            invitation.clocks.invitation_life,
            invitation.clocks.open_limit,
            invitation.clocks.submit_limit,
            invitation.locale,
            invitation.reference.as_str(),
            rows::state(invitation.state).0,
            invitation.since.0,
            invitation.life_ends_at.0,
            invitation.deadline.0,
            invitation.open_key.map(|key| key.0),
            invitation.sent_at.0,
            rows::reopen(invitation.reopen),
        ])?;
    Ok(())
}

/// Writes back everything that the rules may change, but for the right: that has a statement of its own, so that the
/// indexes of living rights stay untouched here.
pub(crate) fn save(connection: &Connection, invitation: &Invitation) -> Step<()> {
    let (state, reason) = rows::state(invitation.state);
    connection
        .prepare_cached(
            "UPDATE invitations SET state = ?2, reason = ?3, since = ?4, life_ends_at = ?5, deadline = ?6, open_key = ?7,
                    submit_key = ?8, view_key = ?9, device = ?10, submission = ?11, asked = ?12, loaded_at = ?13, history_key = ?14
             WHERE id = ?1",
        )?
        .execute(params![
            invitation.id.as_uuid().as_bytes(),
            state,
            reason,
            invitation.since.0,
            invitation.life_ends_at.0,
            invitation.deadline.0,
            invitation.open_key.map(|key| key.0),
            invitation.submit_key.map(|key| key.0),
            invitation.view_key.map(|key| key.0),
            invitation.device.map(|device| device.0),
            invitation.submission.as_ref().map(|id| id.as_uuid().as_bytes()),
            invitation.asked,
            invitation.loaded_at.map(|at| at.0),
            invitation.history_key.map(|key| key.0),
        ])?;
    Ok(())
}

/// Notes that nobody may view its answers any more.
pub(crate) fn save_lost_right(connection: &Connection, id: InvitationId) -> Step<()> {
    connection
        .prepare_cached("UPDATE invitations SET right_lost = 1 WHERE id = ?1")?
        .execute([id.as_uuid().as_bytes()])?;
    Ok(())
}

/// What an audit row says of it.
pub(crate) fn on(invitation: &Invitation) -> On {
    On {
        site: Some(invitation.site.clone()),
        session: Some(invitation.session),
        conversation: Some(invitation.conversation),
        invitation: Some(invitation.id),
        submission: invitation.submission,
        ..On::default()
    }
}

pub(crate) fn key(invitation: &Invitation, purpose: Purpose, hash: KeyHash, expires_at: Timestamp) -> Otk {
    Otk {
        hash,
        purpose,
        site: invitation.site.clone(),
        invitation: Some(invitation.id),
        session: None,
        expires_at,
        used_at: None,
    }
}

/// Keeps a fresh key of the invitation.
pub(crate) fn mint(
    connection: &Connection,
    invitation: &Invitation,
    purpose: Purpose,
    hash: KeyHash,
    expires_at: Timestamp,
) -> Step<()> {
    otks::insert(connection, &key(invitation, purpose, hash, expires_at))
}
