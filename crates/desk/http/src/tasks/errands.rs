//! The outbox: what the desk promised to tell the vault in the transaction of a logout, a close or a lost send.

use std::sync::Arc;
use std::time::Duration;

use aside_base::Timestamp;
use aside_desk_domain::{Errand, PendingErrand};
use aside_desk_store::StoreError;
use aside_wire::ProblemKind;

use super::Stopping;
use crate::desk::Desk;
use crate::link::LinkError;

/// The most errands of one round.
const BATCH: u32 = 50;
/// The longest pause without looking.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// The pause after the vault could not be told.
const AFTER_FAILURE: Duration = Duration::from_millis(500);

pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    loop {
        let pause = match stopping.or(round(&desk)).await {
            None => return,
            Some(Ok(pause)) => pause,
            Some(Err(error)) => {
                tracing::warn!(%error, "the outbox could not be read");
                AFTER_FAILURE
            }
        };
        let rung = tokio::time::timeout(pause, desk.errands.notified());
        if stopping.or(rung).await.is_none() {
            return;
        }
    }
}

/// Tells what is due, oldest first, and answers how long to wait.
pub(super) async fn round(desk: &Desk) -> Result<Duration, StoreError> {
    loop {
        let due = desk.store.due_errands(desk.now(), BATCH).await?;
        if due.is_empty() {
            break;
        }
        for pending in due {
            match tell(desk, &pending).await {
                Ok(()) => desk.store.errand_done(pending.id, desk.now()).await?,
                // What the vault refuses, it has no right left to take away: it does not know it, or it is over already.
                Err(LinkError::Refused(kind)) if is_done(&pending.errand, kind) => {
                    tracing::info!(?kind, "the vault had nothing to do for an errand");
                    desk.store.errand_done(pending.id, desk.now()).await?;
                }
                Err(LinkError::Refused(kind)) => {
                    tracing::warn!(?kind, "the vault cannot take an errand yet");
                    desk.store.errand_failed(pending.id, desk.now()).await?;
                }
                Err(LinkError::Down(_) | LinkError::Busy(_) | LinkError::Garbled(_)) => {
                    desk.store.errand_failed(pending.id, desk.now()).await?;
                    return Ok(AFTER_FAILURE);
                }
            }
        }
    }
    Ok(desk.store.next_errand_at().await?.map_or(LONGEST_PAUSE, |next| until(desk.now(), next)))
}

async fn tell(desk: &Desk, pending: &PendingErrand) -> Result<(), LinkError> {
    let site = &pending.site;
    match pending.errand {
        Errand::EndSession(session) => desk.link.end_session(site, session).await,
        Errand::CloseConversation(conversation) => desk.link.close_conversation(site, conversation).await,
        Errand::CancelInvitation(invitation, reason) => desk.link.cancel(site, invitation, reason).await,
        Errand::LockSession(session) => desk.link.lock_session(site, session).await,
        Errand::UnlockSession(session) => desk.link.unlock_session(site, session).await,
        Errand::SetRights(agent, rights) => desk.link.set_rights(site, agent, &rights).await,
        Errand::ResetFactors(agent) => desk.link.reset_factors(site, agent).await,
        Errand::SwitchForms(on) => desk.link.switch_forms(site, on).await,
        Errand::PublishSite => desk.put_site(site).await,
        Errand::RevokeInvitation(invitation, reason) => desk.link.revoke(site, invitation, reason).await,
        Errand::EraseConversation(conversation) => desk.link.erase(site, conversation).await,
    }
}

/// Whether a refusal settles an errand. A vault that cannot just now is told again; of an erasing only a vault that knows no
/// such conversation keeps nothing.
const fn is_done(errand: &Errand, kind: ProblemKind) -> bool {
    match errand {
        Errand::EraseConversation(_) => matches!(kind, ProblemKind::NotValid),
        _ => !matches!(kind, ProblemKind::Sealed | ProblemKind::Full),
    }
}

fn until(now: Timestamp, next: Timestamp) -> Duration {
    Duration::from_millis(u64::try_from(next.0.saturating_sub(now.0)).unwrap_or(0)).min(LONGEST_PAUSE)
}
