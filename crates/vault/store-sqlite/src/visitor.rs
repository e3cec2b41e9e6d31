//! What the visitor does: opens, loads, asks, submits, declines.

use aside_base::{InvitationId, KeyHash, Purpose, Timestamp};
use aside_vault_domain::{Act, Invitation, Loaded, Occasion, Opened, Refusal, Repeat};
use aside_vault_store::{KeyFound, LoadOutcome, Open, OpenOutcome, Submit, SubmitOutcome};
use aside_wire::{CancelReason, EventKind};
use rusqlite::Connection;

use crate::fault::{Fault, Step};
use crate::{audit, events, invitations, off_the_record, otks, submissions};

pub(crate) fn find_open_key(connection: &Connection, hash: KeyHash) -> Step<KeyFound> {
    find_key(connection, hash, Purpose::Open)
}

pub(crate) fn find_key(connection: &Connection, hash: KeyHash, purpose: Purpose) -> Step<KeyFound> {
    let otk = otks::find(connection, hash)?;
    if otk.purpose != purpose {
        return Err(Refusal::NotValid.into());
    }
    let invitation = invitations::of_key(connection, &otk)?;
    Ok(KeyFound { otk, invitation })
}

pub(crate) fn open(connection: &Connection, occasion: &Occasion, open: &Open) -> Step<OpenOutcome> {
    let KeyFound { otk, mut invitation } = find_open_key(connection, open.key)?;
    if invitation.open(&otk, open.device, open.submit, occasion.now)? == Opened::Before {
        return Ok(OpenOutcome::Before(invitation));
    }
    otks::consume(connection, &otk, occasion.now)?;
    if let Some(submit) = open.submit {
        invitations::mint(connection, &invitation, Purpose::Submit, submit, invitation.deadline)?;
    }
    invitations::save(connection, &invitation)?;
    events::emit(connection, &invitation, occasion.now, &EventKind::Viewed)?;
    audit::done(connection, occasion, Act::Opened, &invitations::on(&invitation))?;
    let closed = invitations::close_others(connection, occasion, &invitation)?;
    Ok(OpenOutcome::Now { invitation, closed })
}

pub(crate) fn ask(connection: &Connection, occasion: &Occasion, hash: KeyHash) -> Step<()> {
    let KeyFound { otk, mut invitation } = find_open_key(connection, hash)?;
    if invitation.ask(&otk, occasion.now)? {
        invitations::save(connection, &invitation)?;
        events::emit(connection, &invitation, occasion.now, &EventKind::Asked)?;
        audit::done(connection, occasion, Act::Asked, &invitations::on(&invitation))?;
    }
    Ok(())
}

/// The invitation of an address. Nobody needs to know whether it is unknown or another's.
pub(crate) fn named(connection: &Connection, id: InvitationId) -> Step<Invitation> {
    invitations::find(connection, id)?.ok_or(Fault::from(Refusal::NotValid))
}

pub(crate) fn load_form(
    connection: &Connection,
    occasion: &Occasion,
    id: InvitationId,
    device: KeyHash,
    submit: KeyHash,
) -> Step<LoadOutcome> {
    let mut invitation = named(connection, id)?;
    let Loaded::Until(expires_at) = invitation.load_form(device, submit, occasion.now)? else {
        invitations::closed_by_visitor(connection, occasion, &invitation, CancelReason::FormClosed)?;
        return Ok(LoadOutcome::Closed(invitation));
    };
    invitations::mint(connection, &invitation, Purpose::Submit, submit, expires_at)?;
    invitations::save(connection, &invitation)?;
    audit::done(connection, occasion, Act::FormLoaded, &invitations::on(&invitation))?;
    Ok(LoadOutcome::Loaded(invitation))
}

pub(crate) fn check_submit(
    connection: &Connection,
    id: InvitationId,
    key: KeyHash,
    device: Option<KeyHash>,
    now: Timestamp,
) -> Step<SubmitOutcome> {
    let invitation = named(connection, id)?;
    let otk = otks::find(connection, key)?;
    Ok(match invitation.check_submit(&otk, device, now)? {
        Repeat::First => SubmitOutcome::First(invitation),
        Repeat::AlreadySent => SubmitOutcome::AlreadySent(invitation),
    })
}

pub(crate) fn submit(connection: &Connection, occasion: &Occasion, submit: &Submit) -> Step<SubmitOutcome> {
    let mut invitation = named(connection, submit.invitation)?;
    let otk = otks::find(connection, submit.key)?;
    if invitation.submit(&otk, submit.device, submit.submission.id, occasion.now)? == Repeat::AlreadySent {
        return Ok(SubmitOutcome::AlreadySent(invitation));
    }
    otks::consume(connection, &otk, occasion.now)?;
    invitations::save(connection, &invitation)?;
    submissions::keep(connection, &invitation, &submit.submission, occasion.now)?;
    if let Some(gone_at) = submit.gone_at {
        off_the_record::hold(connection, &invitation, submit.submission.id, gone_at)?;
    }
    events::emit(connection, &invitation, occasion.now, &EventKind::Submitted { submission: submit.submission.id })?;
    audit::done(connection, occasion, Act::Submitted, &invitations::on(&invitation))?;
    Ok(SubmitOutcome::First(invitation))
}

pub(crate) fn decline(
    connection: &Connection,
    occasion: &Occasion,
    id: InvitationId,
    key: KeyHash,
    device: Option<KeyHash>,
) -> Step<Invitation> {
    let mut invitation = named(connection, id)?;
    let otk = otks::find(connection, key)?;
    if invitation.decline(&otk, device, occasion.now)? {
        otks::consume(connection, &otk, occasion.now)?;
        invitations::save(connection, &invitation)?;
        events::emit(connection, &invitation, occasion.now, &EventKind::Declined)?;
        audit::done(connection, occasion, Act::Declined, &invitations::on(&invitation))?;
    }
    Ok(invitation)
}
