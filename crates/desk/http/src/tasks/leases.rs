//! Leases (V4): every ten seconds the vault hears which sessions still live, and says which do not.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use aside_base::SessionId;
use aside_desk_domain::{By, EndReason, LiveSession};
use aside_desk_store::StoreError;
use aside_wire::RenewSessions;

use super::Stopping;
use crate::desk::Desk;
use crate::link::LinkError;

/// A third of the silence after which the vault closes views.
const ROUND: Duration = Duration::from_secs(10);
/// A younger session was told to the vault by its login just now, and the key from it is still on its way to the browser:
/// starting it again here would void that key.
const YOUNG: Duration = Duration::from_secs(15);

/// Sessions in one call: its body stays small.
const AT_ONCE: usize = 500;

pub(super) async fn run(desk: Arc<Desk>) {
    let mut stopping = Stopping::of(&desk);
    loop {
        match stopping.or(renew(&desk)).await {
            None => return,
            Some(Ok(())) => {}
            Some(Err(error)) => tracing::warn!(%error, "leases could not be renewed"),
        }
        if !stopping.sleep(ROUND).await {
            return;
        }
    }
}

pub(super) async fn renew(desk: &Desk) -> Result<(), StoreError> {
    let now = desk.now();
    let mut sites = BTreeMap::<_, HashMap<SessionId, LiveSession>>::new();
    for live in desk.store.live_sessions(now).await? {
        if live.session.started_at.plus(YOUNG) <= now {
            sites.entry(live.session.site.clone()).or_default().insert(live.session.id, live);
        }
    }
    for (site, sessions) in sites {
        let all: Vec<_> = sessions.keys().copied().collect();
        for some in all.chunks(AT_ONCE) {
            match desk.link.renew_sessions(&site, &RenewSessions { sessions: some.to_vec() }).await {
                Ok(renewed) => {
                    for live in renewed.ended.iter().filter_map(|ended| sessions.get(ended)) {
                        start_or_end(desk, live).await;
                    }
                }
                Err(LinkError::Down(_)) => return Ok(()),
                Err(error) => tracing::warn!(%error, "a site's leases could not be renewed"),
            }
        }
    }
    Ok(())
}

/// The vault does not hold this session. Either it was down when the session began, then it is started there now; or it has
/// ended it, then it says so again, and the session is over here too. A console that is locked here is locked there before
/// anything can be granted: nobody holds an enrolment key of it yet.
async fn start_or_end(desk: &Desk, live: &LiveSession) {
    let session = &live.session;
    match desk.start_at_vault(live).await {
        Ok(_) if live.is_locked(desk.now()) => {
            if let Err(error) = desk.link.lock_session(&session.site, session.id).await {
                tracing::warn!(%error, "a locked session could not be locked at the vault");
            }
        }
        Ok(_) => {}
        Err(LinkError::Refused(_)) => {
            let (reason, by) = (EndReason::EndedByVault, By::desk(desk.now()));
            match desk.store.end_session(&session.site, session.id, reason, by).await {
                Ok(_) => desk.tell_ended(session.id, reason),
                Err(error) => tracing::warn!(%error, "a session that the vault ended could not be ended here"),
            }
        }
        Err(error) => tracing::info!(%error, "a session could not be started at the vault yet"),
    }
}
