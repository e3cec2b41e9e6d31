//! The vault as its two faces share it: store, keys, memory, clocks and who may call.

use std::num::NonZeroU32;
use std::sync::Arc;

use aside_base::{Clock, Origin, Rng, Timestamp};
use aside_vault_domain::{Caller, CallerKind, Occasion};
use aside_vault_keys::KeyProvider;
use aside_vault_memory::OffTheRecord;
use aside_vault_pages::Pages;
use aside_vault_store::{Ended, Store};
use aside_web::{AddressPrefix, ErrorId, Limiter};
use tokio::sync::watch;

use crate::api::ApiLimits;
use crate::asked::Asked;
use crate::desk::Desks;
use crate::lease::Leases;
use crate::purge::Purging;
use crate::rewrap::Moving;
use crate::screen::Screens;
use crate::sealing::SealingKeys;
use crate::setting::Faces;
use crate::site_keys::SiteKeys;
use crate::tally::Tally;
use crate::watch::{Outlook, Watch};
use crate::zone::Acknowledged;

/// What a vault is made of.
pub struct Parts {
    /// Where it keeps what it keeps.
    pub store: Arc<dyn Store>,
    /// What seals the sites' keys.
    pub key_provider: Arc<dyn KeyProvider>,
    /// What sealed them before, and only opens.
    pub former_key_providers: Vec<Arc<dyn KeyProvider>>,
    /// Off-the-record answers.
    pub memory: OffTheRecord,
    /// Renders its pages.
    pub pages: Pages,
    /// Server time.
    pub clock: Arc<dyn Clock>,
    /// Randomness for keys and names.
    pub rng: Arc<dyn Rng>,
    /// Its own public origin.
    pub origin: Origin,
    /// The desks that may call.
    pub desks: Desks,
    /// How many POSTs a network may send a minute.
    pub public_posts_per_minute: NonZeroU32,
    /// How long a `view` key lives, in seconds (S4).
    pub view_key_seconds: u32,
    /// What it is watched with.
    pub outlook: Outlook,
}

/// The vault.
pub struct Vault {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) keys: SiteKeys,
    pub(crate) moving: Moving,
    pub(crate) memory: OffTheRecord,
    pub(crate) sealing: SealingKeys,
    pub(crate) purging: Purging,
    pub(crate) api_limits: ApiLimits,
    pub(crate) pages: Pages,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) origin: Origin,
    pub(crate) desks: Arc<Desks>,
    pub(crate) posts: Limiter<AddressPrefix>,
    pub(crate) view_key_seconds: u32,
    pub(crate) leases: Leases,
    pub(crate) screens: Screens,
    pub(crate) asked: Asked,
    pub(crate) tally: Tally,
    pub(crate) faces: Faces,
    pub(crate) acknowledged: Acknowledged,
    pub(crate) watch: Watch,
    pub(crate) stopping: watch::Sender<bool>,
}

impl Vault {
    /// Puts a vault together.
    #[must_use]
    pub fn new(parts: Parts) -> Arc<Self> {
        Arc::new(Self {
            store: parts.store,
            keys: SiteKeys::new(parts.key_provider, parts.former_key_providers, Arc::clone(&parts.clock)),
            moving: Moving::default(),
            memory: parts.memory,
            sealing: SealingKeys::default(),
            purging: Purging::default(),
            api_limits: ApiLimits::default(),
            pages: parts.pages,
            clock: parts.clock,
            rng: parts.rng,
            origin: parts.origin,
            desks: Arc::new(parts.desks),
            posts: Limiter::per_minute(parts.public_posts_per_minute),
            view_key_seconds: parts.view_key_seconds,
            leases: Leases::default(),
            screens: Screens::default(),
            asked: Asked::default(),
            tally: Tally::default(),
            faces: Faces::default(),
            acknowledged: Acknowledged::default(),
            watch: Watch::new(parts.outlook),
            stopping: watch::Sender::new(false),
        })
    }

    /// The program stops: every view closes, and whoever waits for an event is answered.
    pub fn stop(&self) {
        self.stopping.send_replace(true);
        self.screens.close_where(|_| true);
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Clears the memory of what the store says has ended.
    pub(crate) fn forget(&self, ended: &Ended) {
        if ended.erased {
            self.purging.erased();
        }
        self.screens.close(&ended.views);
        for invitation in &ended.cancelled {
            self.memory.release(*invitation);
        }
        for submission in &ended.submissions {
            self.memory.forget(*submission);
        }
    }

    /// Logs a failure's private text under a fresh opaque id, which may be shown.
    pub(crate) fn log_failure(&self, private: &str) -> ErrorId {
        let id = ErrorId::generate(self.rng.as_ref());
        tracing::error!(error = id.0, private, "a request failed");
        id
    }
}

/// Somebody of this kind, now, from this address.
pub(crate) fn occasion(kind: CallerKind, name: &str, address: std::net::IpAddr, now: Timestamp) -> Occasion {
    Occasion { now, caller: Caller { kind, name: name.to_owned(), address: address.to_canonical().to_string() } }
}
