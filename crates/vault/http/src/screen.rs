//! Which views are on a screen right now, so that they can be told to close. In memory only: a restart closes them all. It
//! holds names, never an answer; whether a right stands is the store's to say.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aside_base::{AgentId, ConversationId, InvitationId, KeyHash, SessionId, SiteId, Timestamp};
use aside_vault_domain::{Invitation, Sight, View, ViewId};
use tokio::sync::watch;

/// Whose screen it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Screen {
    /// The browser: the hash of its viewer cookie.
    pub(crate) viewer: KeyHash,
    /// The session's site.
    pub(crate) site: SiteId,
    /// The session that looks.
    pub(crate) session: SessionId,
    /// Whose session it is.
    pub(crate) agent: Option<AgentId>,
}

/// What a view shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shown {
    pub(crate) invitation: InvitationId,
    pub(crate) conversation: ConversationId,
    /// By the sender's right, which a transfer or the close takes away; history begins after that.
    by_sender: bool,
    /// When a factor must have been set up at the latest to confirm there.
    latest_factor: Timestamp,
}

impl Shown {
    pub(crate) fn of(view: &View, invitation: &Invitation, now: Timestamp) -> Self {
        Self {
            invitation: invitation.id,
            conversation: invitation.conversation,
            by_sender: view.sight == Sight::Sender,
            latest_factor: view.latest_factor(invitation, now),
        }
    }
}

struct Entry {
    screen: Screen,
    /// None while the view is being opened.
    shown: Option<Shown>,
    /// True once closed.
    closed: watch::Sender<bool>,
}

/// The screens with a view on them.
#[derive(Default)]
pub(crate) struct Screens(Mutex<HashMap<ViewId, Entry>>);

impl Screens {
    /// A view comes on a screen. Called before the store is asked, so that no end of a right can slip in between unseen.
    pub(crate) fn open(&self, view: ViewId, screen: Screen) {
        self.entries().insert(view, Entry { screen, shown: None, closed: watch::Sender::new(false) });
    }

    /// Whose screen it is, if the view is on one of this browser.
    pub(crate) fn find(&self, view: ViewId, viewer: KeyHash) -> Option<Screen> {
        self.entries().get(&view).map(|entry| entry.screen.clone()).filter(|screen| screen.viewer == viewer)
    }

    /// The view shows answers.
    pub(crate) fn shows(&self, view: ViewId, shown: Shown) {
        if let Some(entry) = self.entries().get_mut(&view) {
            entry.shown = Some(shown);
        }
    }

    /// When a factor must have been set up at the latest to confirm in the view, if it is on a screen of this browser.
    pub(crate) fn latest_factor(&self, view: ViewId, viewer: KeyHash) -> Option<Timestamp> {
        let entries = self.entries();
        let shown = entries.get(&view).filter(|entry| entry.screen.viewer == viewer)?.shown?;
        Some(shown.latest_factor)
    }

    /// Tells when the view closes; nothing if it is on no screen of this browser.
    pub(crate) fn watch(&self, view: ViewId, viewer: KeyHash) -> Option<watch::Receiver<bool>> {
        let entries = self.entries();
        entries.get(&view).filter(|entry| entry.screen.viewer == viewer).map(|entry| entry.closed.subscribe())
    }

    /// Closes these views.
    pub(crate) fn close(&self, views: &[ViewId]) {
        let mut entries = self.entries();
        for view in views {
            if let Some(entry) = entries.remove(view) {
                entry.closed.send_replace(true);
            }
        }
    }

    /// Closes the views of all sessions for which `ended` holds, and names the sessions, each once.
    pub(crate) fn close_where(&self, ended: impl Fn(&Screen) -> bool) -> Vec<(SiteId, SessionId)> {
        self.close_entries(|entry| ended(&entry.screen))
    }

    /// Closes what senders of the site see of what `lost` names: their right to it ends.
    pub(crate) fn close_senders(&self, site: &SiteId, lost: impl Fn(&Shown) -> bool) {
        self.close_entries(|entry| {
            entry.screen.site == *site && entry.shown.is_some_and(|shown| shown.by_sender && lost(&shown))
        });
    }

    fn close_entries(&self, ended: impl Fn(&Entry) -> bool) -> Vec<(SiteId, SessionId)> {
        let mut sessions = Vec::new();
        self.entries().retain(|_, entry| {
            let ends = ended(entry);
            if ends {
                entry.closed.send_replace(true);
                let session = (entry.screen.site.clone(), entry.screen.session);
                if !sessions.contains(&session) {
                    sessions.push(session);
                }
            }
            !ends
        });
        sessions
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<ViewId, Entry>> {
        // A map of plain values is whole after any panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    fn shown(conversation: ConversationId, by_sender: bool) -> Shown {
        let invitation = InvitationId::generate(Timestamp(1_000), &SeededRng::new(7));
        Shown { invitation, conversation, by_sender, latest_factor: Timestamp(5) }
    }

    fn conversation(seed: u64) -> ConversationId {
        ConversationId::generate(Timestamp(1_000), &SeededRng::new(seed))
    }

    fn opened(screens: &Screens, seed: u64) -> (ViewId, Screen) {
        let (now, rng) = (Timestamp(1_000), SeededRng::new(seed));
        let session = SessionId::generate(now, &rng);
        let screen = Screen { viewer: KeyHash([1; 32]), site: "northwind".parse().unwrap(), session, agent: None };
        let view = ViewId::generate(now, &rng);
        screens.open(view, screen.clone());
        (view, screen)
    }

    #[test]
    fn a_view_is_known_only_to_the_browser_that_has_it() {
        let screens = Screens::default();
        let (view, screen) = opened(&screens, 1);
        assert_eq!(screens.find(view, KeyHash([1; 32])), Some(screen));
        assert_eq!(screens.find(view, KeyHash([2; 32])), None);
        assert!(screens.watch(view, KeyHash([2; 32])).is_none());
        assert_eq!(screens.latest_factor(view, KeyHash([1; 32])), None, "it is being opened");
        screens.shows(view, shown(conversation(8), true));
        assert_eq!(screens.latest_factor(view, KeyHash([1; 32])), Some(Timestamp(5)));
        assert_eq!(screens.latest_factor(view, KeyHash([2; 32])), None);
    }

    #[test]
    fn closing_a_session_tells_whoever_watches_and_leaves_the_others() {
        let screens = Screens::default();
        let ((view, screen), (other, _)) = (opened(&screens, 1), opened(&screens, 2));
        let closed = screens.watch(view, screen.viewer).unwrap();
        let sessions = screens.close_where(|on| on.session == screen.session);
        assert_eq!(sessions, [(screen.site, screen.session)]);
        assert!(*closed.borrow());
        assert_eq!(screens.find(view, screen.viewer), None);
        assert!(screens.find(other, screen.viewer).is_some());
    }

    #[test]
    fn the_end_of_the_sender_s_right_closes_what_the_sender_sees_and_nothing_of_another_site_or_of_history() {
        let screens = Screens::default();
        let views = [1, 2, 3].map(|seed| opened(&screens, seed));
        let (closing, other) = (conversation(8), conversation(9));
        for ((view, _), shown) in views.iter().zip([shown(closing, true), shown(closing, false), shown(other, true)]) {
            screens.shows(*view, shown);
        }
        let stands = || views.clone().map(|(view, screen)| screens.find(view, screen.viewer).is_some());
        screens.close_senders(&"contoso".parse().unwrap(), |shown| shown.conversation == closing);
        assert_eq!(stands(), [true; 3]);
        screens.close_senders(&"northwind".parse().unwrap(), |shown| shown.conversation == closing);
        assert_eq!(stands(), [false, true, true]);
    }
}
