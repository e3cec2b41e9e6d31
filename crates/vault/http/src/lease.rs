//! Which agents' sessions live, as the desk last said (V4). In memory only: after a restart the desk says it again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aside_base::{SessionId, SiteId, Timestamp};
use aside_vault_domain::Lease;

/// So long after its last renewal a session's views close and grants stop, in milliseconds: 30 s less the second that the
/// sweep may come late, so that 30 s after the last renewal no view is left on a screen.
const SILENCE: i64 = 29_000;

/// The leases: session → last renewed. The site belongs to the name: a desk can renew its own sites' sessions only.
#[derive(Default)]
pub(crate) struct Leases(Mutex<HashMap<(SiteId, SessionId), Timestamp>>);

impl Leases {
    /// The desk vouched for the session at `now`.
    pub(crate) fn renew(&self, site: &SiteId, session: SessionId, now: Timestamp) {
        self.sessions().insert((site.clone(), session), now);
    }

    /// The session is over.
    pub(crate) fn end(&self, site: &SiteId, session: SessionId) {
        self.sessions().remove(&(site.clone(), session));
    }

    /// Whether the desk vouched for the session lately enough.
    pub(crate) fn of(&self, site: &SiteId, session: SessionId, now: Timestamp) -> Lease {
        match self.sessions().get(&(site.clone(), session)) {
            Some(renewed) if alive(*renewed, now) => Lease::Alive,
            _ => Lease::Lapsed,
        }
    }

    /// Forgets sessions whose lease ran out.
    pub(crate) fn sweep(&self, now: Timestamp) {
        self.sessions().retain(|_, renewed| alive(*renewed, now));
    }

    fn sessions(&self) -> MutexGuard<'_, HashMap<(SiteId, SessionId), Timestamp>> {
        // A map of plain values is whole after any panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn alive(renewed: Timestamp, now: Timestamp) -> bool {
    now.0.saturating_sub(renewed.0) < SILENCE
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    #[test]
    fn a_lease_ends_before_30_seconds_of_silence_are_over() {
        let (leases, start) = (Leases::default(), Timestamp(1_000_000));
        let session = SessionId::generate(start, &SeededRng::new(1));
        let site: SiteId = "northwind".parse().unwrap();
        assert_eq!(leases.of(&site, session, start), Lease::Lapsed);
        leases.renew(&site, session, start);
        assert_eq!(leases.of(&site, session, start.plus_seconds(28)), Lease::Alive);
        assert_eq!(leases.of(&site, session, start.plus_seconds(29)), Lease::Lapsed);
        leases.end(&site, session);
        assert_eq!(leases.of(&site, session, start), Lease::Lapsed);
    }

    #[test]
    fn another_site_cannot_renew_a_session() {
        let (leases, start) = (Leases::default(), Timestamp(1_000_000));
        let session = SessionId::generate(start, &SeededRng::new(1));
        leases.renew(&"fabrikam".parse().unwrap(), session, start);
        assert_eq!(leases.of(&"northwind".parse().unwrap(), session, start), Lease::Lapsed);
    }
}
