//! The right to view as it ends, and as history has it.

use aside_base::{InvitationId, KeyHash, Purpose, SiteId};
use aside_vault_domain::{Act, Invitation, Lease, Left, Occasion, On, Otk, Refusal, Stated};
use aside_vault_store::{Ended, Granted, MintKey, Result, Reveal, RightToView};
use aside_wire::{CancelReason, HistoryRequest};
use async_trait::async_trait;
use rusqlite::{Connection, params};

use crate::audit::Tried;
use crate::fault::Step;
use crate::{SqliteStore, audit, invitations, otks, rows, sessions, views, visitor};

#[async_trait]
impl RightToView for SqliteStore {
    async fn revoke(
        &self,
        on: Occasion,
        site: SiteId,
        invitation: InvitationId,
        reason: CancelReason,
    ) -> Result<Ended> {
        let what = On { site: Some(site.clone()), invitation: Some(invitation), ..On::default() };
        let tried = Tried { act: Act::Revoked, on: what };
        self.telling("revoke", on, tried, move |db, on| revoke(db, on, &site, invitation, reason)).await
    }

    async fn leave_form(
        &self,
        on: Occasion,
        invitation: InvitationId,
        key: KeyHash,
        device: Option<KeyHash>,
    ) -> Result<(Invitation, Left)> {
        let tried = Tried { act: Act::Cancelled, on: On::default() };
        self.telling("leave_form", on, tried, move |db, on| leave_form(db, on, invitation, key, device)).await
    }

    async fn grant_history(
        &self,
        on: Occasion,
        site: SiteId,
        invitation: InvitationId,
        request: HistoryRequest,
        lease: Lease,
        key: MintKey,
    ) -> Result<Granted> {
        let what = On {
            site: Some(site.clone()),
            session: Some(request.session),
            invitation: Some(invitation),
            ..On::default()
        };
        let tried = Tried { act: Act::HistoryGranted, on: what };
        self.change("grant_history", on, tried, move |db, on| {
            grant_history(db, on, &site, invitation, request, lease, key)
        })
        .await
    }

    async fn copy(&self, on: Occasion, copied: Reveal) -> Result<()> {
        let tried = Tried { act: Act::Copied, on: On::default() };
        self.change("copy", on, tried, move |db, on| views::copy(db, on, &copied)).await
    }
}

fn revoke(
    connection: &Connection,
    occasion: &Occasion,
    site: &SiteId,
    id: InvitationId,
    reason: CancelReason,
) -> Step<Ended> {
    let invitation = invitations::of_site(connection, site, id)?;
    if invitation.right_lost {
        return Ok(Ended::default());
    }
    let on = On { detail: Some(rows::reason(reason).to_owned()), ..invitations::on(&invitation) };
    audit::done(connection, occasion, Act::Revoked, &on)?;
    let mut ended = invitations::lose_rights(connection, occasion, vec![invitation], reason)?;
    for submission in &ended.submissions {
        ended.views.extend(views::close_of_submission(connection, occasion, *submission)?);
    }
    Ok(ended)
}

fn leave_form(
    connection: &Connection,
    occasion: &Occasion,
    id: InvitationId,
    key: KeyHash,
    device: Option<KeyHash>,
) -> Step<(Invitation, Left)> {
    let mut invitation = visitor::named(connection, id)?;
    let otk = otks::find(connection, key)?;
    let left = invitation.leave(&otk, device, occasion.now)?;
    if left == (Left::ForGood { news: true }) {
        invitations::closed_by_visitor(connection, occasion, &invitation, CancelReason::FormClosed)?;
    }
    Ok((invitation, left))
}

fn grant_history(
    connection: &Connection,
    occasion: &Occasion,
    site: &SiteId,
    id: InvitationId,
    request: HistoryRequest,
    lease: Lease,
    minted: MintKey,
) -> Step<Granted> {
    if !request.has_fit_reference() {
        return Err(Refusal::Invalid("reference").into());
    }
    let mut invitation = invitations::of_site(connection, site, id)?;
    let session = sessions::of_site(connection, site, request.session)?;
    let closed = invitations::is_closed(connection, site, invitation.conversation)?;
    let submission = invitation.grant_history(&session, lease, closed, minted.hash)?;
    let otk = Otk {
        hash: minted.hash,
        purpose: Purpose::History,
        site: site.clone(),
        invitation: Some(invitation.id),
        session: Some(session.id),
        expires_at: minted.expires_at,
        used_at: None,
    };
    otks::insert(connection, &otk)?;
    let stated = Stated { reason: request.reason, reference: request.reference };
    connection.prepare_cached("UPDATE otks SET reason = ?2, reference = ?3 WHERE hash = ?1")?.execute(params![
        minted.hash.0,
        stated.reason.as_str(),
        stated.reference
    ])?;
    invitations::save(connection, &invitation)?;
    let on = On { session: Some(session.id), detail: Some(stated.to_string()), ..invitations::on(&invitation) };
    audit::done(connection, occasion, Act::HistoryGranted, &on)?;
    Ok(Granted { submission, expires_at: minted.expires_at })
}
