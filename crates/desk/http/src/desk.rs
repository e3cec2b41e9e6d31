//! What every handler and task of the desk shares.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aside_base::{Clock, DefinitionHash, Origin, Rng, Timestamp, VisitorId};
use aside_desk_store::Store;
use aside_form::Published;
use aside_local_key::{DerivedKey, LocalKey};
use aside_web::{AddressPrefix, Limiter};
use tokio::sync::Notify;

use crate::captcha::Captcha;
use crate::link::Link;
use crate::live::Live;
use crate::password::{Cost, PasswordError, Passwords};
use crate::pending::Pending;
use crate::tally::Tally;
use crate::watch::{Outlook, Watch};

/// What an operator sets.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The workspace's origin.
    pub desk_origin: Origin,
    /// The widget's origin.
    pub chat_origin: Origin,
    /// The vault's origin, as browsers reach it.
    pub vault_origin: Origin,
    /// Logins a minute from one network.
    pub logins_per_minute: NonZeroU32,
    /// Visitors' commands a minute from one network.
    pub messages_per_minute: NonZeroU32,
    /// What hashing a password costs.
    pub password_cost: Cost,
}

/// The desk: its store, its link to the vault, and what it knows while it runs.
pub struct Desk {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) link: Arc<Link>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) rng: Arc<dyn Rng>,
    pub(crate) settings: Settings,
    /// The forms an agent may send, in the order of the list.
    pub(crate) forms: Vec<Published>,
    pub(crate) passwords: Passwords,
    pub(crate) captcha: Captcha,
    /// What sign-in names are counted under.
    pub(crate) attempt_key: DerivedKey,
    /// What code apps' secrets are sealed under.
    pub(crate) totp_key: DerivedKey,
    /// What was begun and waits for the browser's answer.
    pub(crate) pending: Pending,
    pub(crate) live: Arc<Live>,
    /// Refusals of unknown callers that are not written yet.
    pub(crate) refusals: Tally,
    /// Rung when an errand to the vault was written.
    pub(crate) errands: Notify,
    pub(crate) logins: Limiter<AddressPrefix>,
    pub(crate) captchas: Limiter<AddressPrefix>,
    pub(crate) visitors: Limiter<AddressPrefix>,
    pub(crate) typing: Limiter<VisitorId>,
    pub(crate) watch: Watch,
    low_on_space: AtomicBool,
}

impl Desk {
    /// A desk over `store`, speaking to the vault through `link`, offering `forms`; `local_key` is this machine's.
    ///
    /// # Errors
    /// When passwords cannot be checked on this machine.
    pub fn new(
        store: Arc<dyn Store>,
        link: Arc<Link>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        local_key: &LocalKey,
        forms: Vec<Published>,
        settings: Settings,
    ) -> Result<Self, PasswordError> {
        Ok(Self {
            passwords: Passwords::new(settings.password_cost, Arc::clone(&rng))?,
            captcha: Captcha::new(local_key.derive("captcha 1")),
            attempt_key: local_key.derive("sign-in attempts 1"),
            totp_key: local_key.derive("totp secrets 1"),
            pending: Pending::default(),
            live: Arc::default(),
            refusals: Tally::default(),
            watch: Watch::new(Outlook::default()),
            low_on_space: AtomicBool::new(false),
            errands: Notify::new(),
            logins: Limiter::per_minute(settings.logins_per_minute),
            captchas: Limiter::per_minute(settings.logins_per_minute),
            visitors: Limiter::per_minute(settings.messages_per_minute),
            typing: Limiter::per_minute(settings.messages_per_minute),
            store,
            link,
            clock,
            rng,
            settings,
            forms,
        })
    }

    /// The same desk, watched with `outlook`.
    #[must_use]
    pub fn watched(mut self, outlook: Outlook) -> Self {
        self.watch = Watch::new(outlook);
        self
    }

    /// Says whether disk space runs low, for the security page.
    pub fn set_low_on_space(&self, low: bool) {
        self.low_on_space.store(low, Ordering::Relaxed);
    }

    pub(crate) fn is_low_on_space(&self) -> bool {
        self.low_on_space.load(Ordering::Relaxed)
    }

    /// Ends every feed and task: the program is stopping.
    pub fn stop(&self) {
        self.live.stop();
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub(crate) fn form(&self, hash: &DefinitionHash) -> Option<&Published> {
        self.forms.iter().find(|form| form.hash() == hash)
    }
}
