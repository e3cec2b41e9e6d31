//! Waking the live feeds of this process: a wake-up says that something changed, the store says what.
//!
//! A notice carries ids only. A feed that misses notices loses nothing: it reads the store after its own place.

use aside_base::{ConversationId, SessionId, SiteId, VisitorId};
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
}

impl Default for Live {
    fn default() -> Self {
        Self { notices: broadcast::Sender::new(BACKLOG), stopping: watch::Sender::new(false) }
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

impl Desk {
    /// A conversation has new entries.
    pub(crate) fn tell_entries(&self, site: &SiteId, conversation: ConversationId) {
        self.live.tell(Notice::Entries { site: site.clone(), conversation });
    }

    /// A conversation looks different in the list.
    pub(crate) fn tell_changed(&self, site: &SiteId, conversation: ConversationId) {
        self.live.tell(Notice::Changed { site: site.clone(), conversation });
    }
}
