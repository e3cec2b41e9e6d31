//! Invitations as the desk asks for them: sent, minted, re-issued, cancelled, granted, closed.

mod row;

use aside_base::{ConversationId, InvitationId, KeyHash, Purpose, SessionId, SiteId, Timestamp};
use aside_vault_domain::{Act, Invitation, Lease, Occasion, On, Otk, Reference, Refusal};
use aside_vault_store::{Ended, Granted, InviteOutcome, MintKey};
use aside_wire::{CancelReason, EventKind, Invite};
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::fault::Step;
use crate::{audit, erasure, events, factors, off_the_record, otks, rows, sessions, sites, views};
pub(crate) use row::{
    answered_in, due, find, mint, of_key, of_site, on, save, with_rights_of_agent, with_rights_of_session,
};
use row::{awaited, insert, key, open_beside, save_lost_right, with_rights_in};

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
    let mut closed = Vec::new();
    for mut other in open_beside(connection, opened, device)? {
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
    let with_rights = with_rights_in(connection, &site, conversation)?;
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
    let mut ended = Ended::default();
    for mut invitation in awaited(connection, site)? {
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
        save_lost_right(connection, invitation.id)?;
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
