//! Invitations as the desk asks for them: sent, minted, re-issued, cancelled, granted, closed.

use aside_base::{AgentId, ConversationId, InvitationId, KeyHash, Purpose, SessionId, SiteId, SubmissionId, Timestamp};
use aside_vault_domain::{Act, Invitation, Lease, Occasion, On, Otk, Reference, Refusal};
use aside_vault_store::{Ended, Granted, InviteOutcome, MintKey};
use aside_wire::{CancelReason, Clocks, EventKind, Invite};
use rusqlite::{Connection, OptionalExtension as _, Params, Row, params};

use crate::fault::{Fault, Step};
use crate::{audit, erasure, events, factors, off_the_record, otks, rows, sessions, sites, views};

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

fn insert(connection: &Connection, invitation: &Invitation) -> Step<()> {
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

fn key(invitation: &Invitation, purpose: Purpose, hash: KeyHash, expires_at: Timestamp) -> Otk {
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

pub(crate) fn invite(
    connection: &Connection,
    occasion: &Occasion,
    site: SiteId,
    invite: Invite,
    reference: Reference,
    link_key: Option<KeyHash>,
) -> Step<InviteOutcome> {
    if let Some(known) = find(connection, invite.invitation)? {
        if known.site != site {
            return Err(Refusal::NotValid.into());
        }
        if !known.repeats(&site, &invite) {
            return Err(Refusal::WrongState(known.state.status()).into());
        }
        return Ok(InviteOutcome { invitation: known, link_key_kept: false });
    }
    // `Alive`: a session that may send need not be able to view at this moment.
    let session = sessions::of_site(connection, &site, invite.session)?;
    session.check_alive(Lease::Alive)?;
    if !sites::has_forms_on(connection, &site)? {
        return Err(Refusal::Stopped.into());
    }
    session.check_right()?;
    if !session.agent.map_or(Ok(false), |agent| factors::any(connection, &site, agent))? {
        return Err(Refusal::NoFactor.into());
    }
    if is_closed(connection, &site, invite.conversation)? {
        return Err(Refusal::ConversationClosed.into());
    }
    if !sites::has_definition(connection, &site, &invite.definition)? {
        return Err(Refusal::NotValid.into());
    }
    let invitation = Invitation::sent(site, invite, reference, link_key, occasion.now)?;
    insert(connection, &invitation)?;
    if let Some(hash) = invitation.open_key {
        mint(connection, &invitation, Purpose::Open, hash, invitation.life_ends_at)?;
    }
    audit::done(connection, occasion, Act::Invited, &on(&invitation))?;
    Ok(InviteOutcome { link_key_kept: invitation.open_key.is_some(), invitation })
}

pub(crate) fn is_closed(connection: &Connection, site: &SiteId, conversation: ConversationId) -> Step<bool> {
    let found = connection
        .prepare_cached("SELECT 1 FROM closed_conversations WHERE site = ?1 AND conversation = ?2")?
        .query_row(params![site.as_str(), conversation.as_uuid().as_bytes()], |_| Ok(()))
        .optional()?;
    Ok(found.is_some())
}

pub(crate) fn mint_open(
    connection: &Connection,
    occasion: &Occasion,
    site: &SiteId,
    id: InvitationId,
    hash: KeyHash,
) -> Step<Timestamp> {
    let mut invitation = of_site(connection, site, id)?;
    let expires_at = invitation.mint_open(hash, occasion.now)?;
    mint(connection, &invitation, Purpose::Open, hash, expires_at)?;
    save(connection, &invitation)?;
    audit::done(connection, occasion, Act::OpenMinted, &on(&invitation))?;
    Ok(expires_at)
}

pub(crate) fn reissue(
    connection: &Connection,
    occasion: &Occasion,
    site: &SiteId,
    id: InvitationId,
    hash: KeyHash,
) -> Step<Timestamp> {
    let mut invitation = of_site(connection, site, id)?;
    let expires_at = invitation.reissue(hash, occasion.now)?;
    mint(connection, &invitation, Purpose::Open, hash, expires_at)?;
    save(connection, &invitation)?;
    events::emit(connection, &invitation, occasion.now, &EventKind::Reissued)?;
    audit::done(connection, occasion, Act::Reissued, &on(&invitation))?;
    Ok(expires_at)
}

pub(crate) fn cancel(
    connection: &Connection,
    occasion: &Occasion,
    site: &SiteId,
    id: InvitationId,
    reason: CancelReason,
) -> Step<()> {
    let mut invitation = of_site(connection, site, id)?;
    if invitation.cancel(reason, occasion.now)? {
        save(connection, &invitation)?;
        cancelled(connection, occasion, &invitation, reason)?;
    }
    Ok(())
}

/// What the visitor's own doing has closed.
pub(crate) fn closed_by_visitor(
    connection: &Connection,
    occasion: &Occasion,
    invitation: &Invitation,
    reason: CancelReason,
) -> Step<()> {
    save(connection, invitation)?;
    cancelled(connection, occasion, invitation, reason)
}

/// Closes what the device of `opened` has open beside it in the conversation (S11, S12).
pub(crate) fn close_others(
    connection: &Connection,
    occasion: &Occasion,
    opened: &Invitation,
) -> Step<Vec<InvitationId>> {
    let Some(device) = opened.device else { return Ok(Vec::new()) };
    let others = all(
        connection,
        select!("WHERE conversation = ?1 AND state = 'viewed' AND device = ?2 AND site = ?3 AND id <> ?4"),
        params![
            opened.conversation.as_uuid().as_bytes(),
            device.0,
            opened.site.as_str(),
            opened.id.as_uuid().as_bytes()
        ],
    )?;
    let mut closed = Vec::new();
    for mut other in others {
        if other.give_way_to(opened, occasion.now).is_some() {
            closed_by_visitor(connection, occasion, &other, CancelReason::AnotherForm)?;
            closed.push(other.id);
        }
    }
    Ok(closed)
}

fn cancelled(connection: &Connection, occasion: &Occasion, invitation: &Invitation, reason: CancelReason) -> Step<()> {
    events::emit(connection, invitation, occasion.now, &EventKind::Cancelled { reason })?;
    let on = On { detail: Some(rows::reason(reason).to_owned()), ..on(invitation) };
    Ok(audit::done(connection, occasion, Act::Cancelled, &on)?)
}

pub(crate) fn grant(
    connection: &Connection,
    occasion: &Occasion,
    site: &SiteId,
    id: InvitationId,
    session: SessionId,
    lease: Lease,
    minted: MintKey,
) -> Step<Granted> {
    let mut invitation = of_site(connection, site, id)?;
    let session = sessions::of_site(connection, site, session)?;
    let submission = invitation.grant(&session, lease, minted.hash)?;
    let otk = Otk { session: Some(session.id), ..key(&invitation, Purpose::View, minted.hash, minted.expires_at) };
    otks::insert(connection, &otk)?;
    save(connection, &invitation)?;
    audit::done(connection, occasion, Act::Granted, &on(&invitation))?;
    Ok(Granted { submission, expires_at: minted.expires_at })
}

pub(crate) fn close_conversation(
    connection: &Connection,
    occasion: &Occasion,
    site: SiteId,
    conversation: ConversationId,
) -> Step<Ended> {
    let news = connection
        .prepare_cached(
            "INSERT INTO closed_conversations (site, conversation, closed_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
        )?
        .execute(params![site.as_str(), conversation.as_uuid().as_bytes(), occasion.now.0])?;
    if news == 0 {
        return Ok(Ended::default());
    }
    let with_rights = all(
        connection,
        select!("WHERE conversation = ?1 AND right_lost = 0 AND site = ?2"),
        params![conversation.as_uuid().as_bytes(), site.as_str()],
    )?;
    let of = site.clone();
    let on = On { site: Some(site), conversation: Some(conversation), ..On::default() };
    audit::done(connection, occasion, Act::ConversationClosed, &on)?;
    let mut ended = lose_rights(connection, occasion, with_rights, CancelReason::ConversationClosed)?;
    for submission in &ended.submissions {
        ended.views.extend(views::close_of_submission(connection, occasion, *submission)?);
    }
    ended.erased = erasure::at_close(connection, occasion, &of, conversation)?.parts > 0;
    Ok(ended)
}

/// Cancels everything of the site that awaits answers: its forms are stopped. Rights to view what was submitted stay.
pub(crate) fn cancel_awaited(connection: &Connection, occasion: &Occasion, site: &SiteId) -> Step<Ended> {
    let awaited = all(connection, select!("WHERE state IN ('sent', 'viewed') AND site = ?1"), params![site.as_str()])?;
    let mut ended = Ended::default();
    for mut invitation in awaited {
        if invitation.cancel(CancelReason::Stopped, occasion.now)? {
            save(connection, &invitation)?;
            cancelled(connection, occasion, &invitation, CancelReason::Stopped)?;
            ended.cancelled.push(invitation.id);
        }
    }
    Ok(ended)
}

/// The right to view these is gone for good (S8); those that await answers are cancelled.
pub(crate) fn lose_rights(
    connection: &Connection,
    occasion: &Occasion,
    invitations: Vec<Invitation>,
    reason: CancelReason,
) -> Step<Ended> {
    let mut ended = Ended::default();
    for mut invitation in invitations {
        let cancelled_now = invitation.lose_right(reason, occasion.now).is_some();
        connection
            .prepare_cached("UPDATE invitations SET right_lost = 1 WHERE id = ?1")?
            .execute([invitation.id.as_uuid().as_bytes()])?;
        save(connection, &invitation)?;
        if cancelled_now {
            cancelled(connection, occasion, &invitation, reason)?;
            ended.cancelled.push(invitation.id);
        }
        off_the_record::gone(connection, occasion, &invitation, off_the_record::lost(reason))?;
        ended.submissions.extend(invitation.submission);
    }
    Ok(ended)
}
