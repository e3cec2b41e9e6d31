//! What ends with a session, a conversation or a right.

use std::sync::Arc;

use aside_base::{SubmissionId, Timestamp};
use aside_vault_domain::{Invitation, Sight};
use aside_wire::{AgentRights, CancelReason};

use super::Disk;
use crate::name;

/// What ends with a session, a conversation or a right.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Ended {
    /// Views that were open.
    pub views: Vec<u8>,
    /// Submissions whose off-the-record answers go.
    pub submissions: Vec<SubmissionId>,
}

impl Disk {
    /// The session is over.
    pub fn end_session(&mut self, session: u8, now: Timestamp) -> Ended {
        if let Some(session) = self.sessions.get_mut(&session) {
            Arc::make_mut(session).end(now);
        }
        let mut ended = self.lose_rights(now, CancelReason::SessionEnded, |i| i.session == name::session(session));
        ended.views = self.close_views(now, |view| view.session == name::session(session));
        ended
    }

    /// The session is locked.
    pub fn lock_session(&mut self, session: u8, now: Timestamp) -> Ended {
        if let Some(session) = self.sessions.get_mut(&session) {
            Arc::make_mut(session).lock(now);
        }
        let views = self.close_views(now, |view| view.session == name::session(session));
        Ended { views, ..Ended::default() }
    }

    /// The conversation is closed.
    pub fn close_conversation(&mut self, now: Timestamp) -> Ended {
        self.closed = true;
        let mut ended = self.lose_rights(now, CancelReason::ConversationClosed, |_| true);
        let gone = ended.submissions.clone();
        ended.views = self.close_views(now, |view| gone.contains(&view.submission));
        ended
    }

    /// The conversation went to another agent: one invitation's right is gone.
    pub fn revoke(&mut self, form: u8, now: Timestamp) -> Ended {
        let mut ended = self.lose_rights(now, CancelReason::Transferred, |i| i.id == name::invitation(form));
        let gone = ended.submissions.clone();
        ended.views = self.close_views(now, |view| view.sight == Sight::Sender && gone.contains(&view.submission));
        ended
    }

    /// The agent of the session may do nothing with answers any more.
    pub fn take_rights(&mut self, session: u8, now: Timestamp) -> Ended {
        if let Some(session) = self.sessions.get_mut(&session) {
            Arc::make_mut(session).rights = AgentRights::default();
        }
        let mut ended = self.lose_rights(now, CancelReason::RightLost, |i| i.session == name::session(session));
        ended.views = self.close_views(now, |view| view.session == name::session(session));
        ended
    }

    fn lose_rights(&mut self, now: Timestamp, reason: CancelReason, of: impl Fn(&Invitation) -> bool) -> Ended {
        let mut ended = Ended::default();
        let with_right = self.invitations.values_mut().filter(|invitation| !invitation.right_lost && of(invitation));
        for invitation in with_right {
            let invitation = Arc::make_mut(invitation);
            invitation.lose_right(reason, now);
            ended.submissions.extend(invitation.submission);
        }
        ended
    }
}
