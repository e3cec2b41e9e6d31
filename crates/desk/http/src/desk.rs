//! What every handler and task of the desk shares.

use std::num::NonZeroU32;
use std::sync::Arc;

use aside_base::{Clock, DefinitionHash, Origin, Rng, Timestamp, VisitorId};
use aside_desk_store::Store;
use aside_form::Published;
use aside_web::{AddressPrefix, Limiter};
use tokio::sync::Notify;

use crate::link::Link;
use crate::live::Live;
use crate::password::{PasswordError, Passwords};
use crate::tally::Tally;

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
    pub(crate) live: Arc<Live>,
    /// Refusals of unknown callers that are not written yet.
    pub(crate) refusals: Tally,
    /// Rung when an errand to the vault was written.
    pub(crate) errands: Notify,
    pub(crate) logins: Limiter<AddressPrefix>,
    pub(crate) visitors: Limiter<AddressPrefix>,
    pub(crate) typing: Limiter<VisitorId>,
}

impl Desk {
    /// A desk over `store`, speaking to the vault through `link`, offering `forms`.
    ///
    /// # Errors
    /// When passwords cannot be checked on this machine.
    pub fn new(
        store: Arc<dyn Store>,
        link: Arc<Link>,
        clock: Arc<dyn Clock>,
        rng: Arc<dyn Rng>,
        forms: Vec<Published>,
        settings: Settings,
    ) -> Result<Self, PasswordError> {
        Ok(Self {
            passwords: Passwords::new(&*rng)?,
            live: Arc::default(),
            refusals: Tally::default(),
            errands: Notify::new(),
            logins: Limiter::per_minute(settings.logins_per_minute),
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
