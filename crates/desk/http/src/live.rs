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

/// How many notices a slow feed of an agent may lag behind before it is told to look at everything.
const BACKLOG: usize = 1_024;
/// The same of a visitor, who hears of one conversation only.
const VISITOR_BACKLOG: usize = 16;

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
    /// A visitor was erased: its feeds say so and close.
    Erased {
        /// Who.
        visitor: VisitorId,
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
    /// To every agent's feed.
    notices: broadcast::Sender<Notice>,
    /// To visitors' feeds, each for itself: there may be thousands, and none is woken for another's conversation.
    visitors: Mutex<Visitors>,
    stopping: watch::Sender<bool>,
    /// How many agents' feeds of each site are open.
    agents: Mutex<HashMap<SiteId, usize>>,
}

/// The visitors who have feeds open.
#[derive(Debug, Default)]
struct Visitors {
    feeds: HashMap<VisitorId, VisitorFeeds>,
    by_conversation: HashMap<ConversationId, VisitorId>,
}

/// The open feeds of one visitor.
#[derive(Debug)]
struct VisitorFeeds {
    notices: broadcast::Sender<Notice>,
    open: usize,
    conversation: Option<ConversationId>,
}

impl Visitors {
    fn follow(&mut self, visitor: VisitorId, conversation: Option<ConversationId>) {
        let Some(feeds) = self.feeds.get_mut(&visitor) else { return };
        if let Some(former) = std::mem::replace(&mut feeds.conversation, conversation) {
            self.by_conversation.remove(&former);
        }
        if let Some(conversation) = conversation {
            self.by_conversation.insert(conversation, visitor);
        }
    }

    fn leave(&mut self, visitor: VisitorId) {
        let Some(feeds) = self.feeds.get_mut(&visitor) else { return };
        feeds.open = feeds.open.saturating_sub(1);
        if feeds.open == 0 {
            self.follow(visitor, None);
            self.feeds.remove(&visitor);
        }
    }

    fn tell(&self, visitor: Option<&VisitorId>, notice: &Notice) {
        if let Some(feeds) = visitor.and_then(|visitor| self.feeds.get(visitor)) {
            // An error only means that nobody listens.
            let _ = feeds.notices.send(notice.clone());
        }
    }
}

/// A visitor's open feed, which hears of its conversation.
#[derive(Debug)]
pub(crate) struct Following {
    live: Arc<Live>,
    visitor: VisitorId,
}

impl Following {
    /// The visitor's newest conversation is this one.
    pub(crate) fn follow(&self, conversation: Option<ConversationId>) {
        self.live.visitors().follow(self.visitor, conversation);
    }
}

impl Drop for Following {
    fn drop(&mut self) {
        self.live.visitors().leave(self.visitor);
    }
}

impl Default for Live {
    fn default() -> Self {
        Self {
            notices: broadcast::Sender::new(BACKLOG),
            visitors: Mutex::default(),
            stopping: watch::Sender::new(false),
            agents: Mutex::default(),
        }
    }
}

impl Live {
    /// Tells every feed of this process that it may concern.
    pub(crate) fn tell(&self, notice: Notice) {
        match &notice {
            Notice::Entries { conversation, .. }
            | Notice::Changed { conversation, .. }
            | Notice::Typing { conversation, .. } => {
                let visitors = self.visitors();
                visitors.tell(visitors.by_conversation.get(conversation), &notice);
            }
            Notice::Started { visitor, .. } | Notice::Erased { visitor } => {
                self.visitors().tell(Some(visitor), &notice);
            }
            Notice::Presence { .. } => {
                let visitors = self.visitors();
                visitors.feeds.keys().for_each(|visitor| visitors.tell(Some(visitor), &notice));
            }
            Notice::Locked { .. } | Notice::Rights { .. } | Notice::Alert { .. } | Notice::Ended { .. } => {}
        }
        // An error only means that nobody listens.
        let _ = self.notices.send(notice);
    }

    /// What goes out to agents from now on.
    #[must_use]
    pub(crate) fn listen(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// What goes out to a visitor from now on, until what this answers is dropped; of conversations only the one that is
    /// followed, or begins.
    #[must_use]
    pub(crate) fn listen_to(live: &Arc<Self>, visitor: VisitorId) -> (broadcast::Receiver<Notice>, Following) {
        let mut visitors = live.visitors();
        let feeds = visitors.feeds.entry(visitor).or_insert_with(|| VisitorFeeds {
            notices: broadcast::Sender::new(VISITOR_BACKLOG),
            open: 0,
            conversation: None,
        });
        feeds.open += 1;
        let notices = feeds.notices.subscribe();
        drop(visitors);
        (notices, Following { live: Arc::clone(live), visitor })
    }

    fn visitors(&self) -> MutexGuard<'_, Visitors> {
        // No step in between leaves more than a feed that hears nothing until it is opened again.
        self.visitors.lock().unwrap_or_else(PoisonError::into_inner)
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

#[cfg(test)]
mod tests {
    use aside_base::{SeededRng, Timestamp};

    use super::*;

    fn ids<T>(make: impl Fn(Timestamp, &SeededRng) -> T) -> [T; 2] {
        let rng = SeededRng::new(1);
        [make(Timestamp(1), &rng), make(Timestamp(1), &rng)]
    }

    fn entries(site: &SiteId, conversation: ConversationId) -> Notice {
        Notice::Entries { site: site.clone(), conversation }
    }

    #[test]
    fn a_visitor_hears_of_the_conversation_it_follows_and_of_no_other() {
        let live = Arc::new(Live::default());
        let site: SiteId = "northwind".parse().unwrap();
        let [first, second] = ids(|now, rng| ConversationId::generate(now, rng));
        let [visitor, other] = ids(|now, rng| VisitorId::generate(now, rng));
        let mut agent = live.listen();
        let (mut notices, following) = Live::listen_to(&live, visitor);
        let (mut elsewhere, others) = Live::listen_to(&live, other);
        following.follow(Some(first));
        others.follow(Some(second));

        live.tell(entries(&site, first));
        assert_eq!(notices.try_recv().unwrap(), entries(&site, first));
        assert!(elsewhere.try_recv().is_err());
        live.tell(Notice::Presence { site: site.clone(), online: true });
        assert!(notices.try_recv().is_ok() && elsewhere.try_recv().is_ok());

        // Its next conversation begins: the former is no more followed.
        let [third, _] = ids(|_, rng| ConversationId::generate(Timestamp(2), rng));
        let started = Notice::Started { site: site.clone(), conversation: third, visitor };
        live.tell(started.clone());
        assert_eq!(notices.try_recv().unwrap(), started);
        following.follow(Some(third));
        live.tell(entries(&site, first));
        assert!(notices.try_recv().is_err());
        live.tell(entries(&site, third));
        assert!(notices.try_recv().is_ok());
        assert_eq!(std::iter::from_fn(|| agent.try_recv().ok()).count(), 5);
    }

    #[test]
    fn nothing_is_kept_of_a_visitor_whose_last_feed_is_gone() {
        let live = Arc::new(Live::default());
        let [conversation, _] = ids(|now, rng| ConversationId::generate(now, rng));
        let [visitor, _] = ids(|now, rng| VisitorId::generate(now, rng));
        let (_, one) = Live::listen_to(&live, visitor);
        let (mut notices, two) = Live::listen_to(&live, visitor);
        one.follow(Some(conversation));
        drop(one);
        live.tell(entries(&"northwind".parse().unwrap(), conversation));
        assert!(notices.try_recv().is_ok());
        drop(two);
        let visitors = live.visitors();
        assert!(visitors.feeds.is_empty() && visitors.by_conversation.is_empty());
    }
}
