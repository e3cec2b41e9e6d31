//! Waking the live feeds of this process: a wake-up says that something changed, the store says what.
//!
//! A notice carries ids only. A feed that misses notices loses nothing: it reads the store after its own place.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aside_base::{AgentId, ConversationId, SessionId, SiteId, VisitorId};
use aside_desk_store::Aftermath;
use tokio::sync::{broadcast, watch};

use crate::api::Side;
use crate::desk::Desk;

/// How many notices a slow feed may lag behind before it is told to look at everything.
const BACKLOG: usize = 1_024;

/// Something a feed may care about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Notice {
    /// A conversation has new entries.
    Entries {
        /// Whose.
        site: SiteId,
        /// Which.
        conversation: ConversationId,
    },
    /// A visitor's message started a conversation.
    Started {
        /// Whose site.
        site: SiteId,
        /// Which.
        conversation: ConversationId,
        /// Whose conversation.
        visitor: VisitorId,
    },
    /// A conversation changed in the list (read, asked settled), without a new entry.
    Changed {
        /// Whose.
        site: SiteId,
        /// Which.
        conversation: ConversationId,
    },
    /// Somebody is writing. Lost if nobody listens.
    Typing {
        /// Whose.
        site: SiteId,
        /// Which.
        conversation: ConversationId,
        /// Which side.
        from: Side,
        /// The agent's name, where it is one.
        display_name: Option<String>,
    },
    /// The first agent of a site came, or the last one left.
    Presence {
        /// Whose.
        site: SiteId,
        /// Whether somebody is there.
        online: bool,
    },
    /// A session was locked: its feeds say so and close.
    Locked {
        /// Which.
        session: SessionId,
    },
    /// What people may do has changed, or whether secure forms work: feeds read again who they speak to.
    Rights {
        /// Whose site.
        site: SiteId,
        /// Whom it concerns; everybody of the site without one.
        agent: Option<AgentId>,
    },
    /// The review found something.
    Alert {
        /// On which site.
        site: SiteId,
    },
    /// A session is over: its feeds say so and close.
    Ended {
        /// Which.
        session: SessionId,
        /// Why, for the client.
        reason: &'static str,
    },
}

/// Where notices go out.
#[derive(Debug)]
pub(crate) struct Live {
    notices: broadcast::Sender<Notice>,
    stopping: watch::Sender<bool>,
    /// How many agents' feeds of each site are open.
    agents: Mutex<HashMap<SiteId, usize>>,
}

impl Default for Live {
    fn default() -> Self {
        Self { notices: broadcast::Sender::new(BACKLOG), stopping: watch::Sender::new(false), agents: Mutex::default() }
    }
}

impl Live {
    /// Tells every feed of this process.
    pub(crate) fn tell(&self, notice: Notice) {
        // An error only means that nobody listens.
        let _ = self.notices.send(notice);
    }

    /// What goes out from now on.
    #[must_use]
    pub(crate) fn listen(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// An agent's feed is open, until what this answers is dropped.
    pub(crate) fn attend(live: &Arc<Self>, site: &SiteId) -> Attendance {
        let attendance = Attendance { live: Arc::clone(live), site: site.clone() };
        live.count(site, |agents| agents + 1);
        attendance
    }

    /// Whether an agent of the site has a feed open.
    pub(crate) fn is_attended(&self, site: &SiteId) -> bool {
        self.lock().contains_key(site)
    }

    fn count(&self, site: &SiteId, change: impl FnOnce(usize) -> usize) {
        let mut agents = self.lock();
        let before = agents.remove(site).unwrap_or(0);
        let after = change(before);
        if after > 0 {
            agents.insert(site.clone(), after);
        }
        if (before > 0) != (after > 0) {
            // Told under the lock, so that two changes are told in their order.
            self.tell(Notice::Presence { site: site.clone(), online: after > 0 });
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<SiteId, usize>> {
        // A panic while counting leaves a count, not a broken one.
        self.agents.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends every feed and every task of this process: the program is stopping.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Turns true when the program is stopping.
    #[must_use]
    pub(crate) fn stopping(&self) -> watch::Receiver<bool> {
        self.stopping.subscribe()
    }
}

/// An agent's open feed, counted.
#[derive(Debug)]
pub(crate) struct Attendance {
    live: Arc<Live>,
    site: SiteId,
}

impl Drop for Attendance {
    fn drop(&mut self) {
        self.live.count(&self.site, |agents| agents.saturating_sub(1));
    }
}

impl Desk {
    /// A conversation has new entries.
    pub(crate) fn tell_entries(&self, site: &SiteId, conversation: ConversationId) {
        self.live.tell(Notice::Entries { site: site.clone(), conversation });
    }

    /// What followed from a change of one site: sessions that ended or locked, rights, entries.
    pub(crate) fn tell_aftermath(&self, site: &SiteId, aftermath: &Aftermath) {
        self.tell_sessions(aftermath);
        for agent in &aftermath.rights {
            self.live.tell(Notice::Rights { site: site.clone(), agent: Some(*agent) });
        }
        if aftermath.forms_on.is_some() {
            self.live.tell(Notice::Rights { site: site.clone(), agent: None });
        }
        for entry in &aftermath.entries {
            self.tell_entries(&entry.site, entry.conversation);
        }
    }

    /// The sessions that ended or locked, on whatever site. Wakes the outbox.
    pub(crate) fn tell_sessions(&self, aftermath: &Aftermath) {
        for ended in &aftermath.ended {
            self.tell_ended(ended.session, ended.reason);
        }
        for locked in &aftermath.locked {
            self.live.tell(Notice::Locked { session: locked.session });
        }
        self.errands.notify_one();
    }

    /// A conversation looks different in the list.
    pub(crate) fn tell_changed(&self, site: &SiteId, conversation: ConversationId) {
        self.live.tell(Notice::Changed { site: site.clone(), conversation });
    }
}
