//! The right to view: granted, used, lost (S8), and the right to read what is stored after the close (V6).

use aside_base::{KeyHash, Purpose, SubmissionId, Timestamp};
use aside_wire::{CancelReason, EventKind};

use crate::{Clock, Invitation, Lease, NoRight, Otk, Refusal, Session, State};

impl Invitation {
    /// The session has ended, or the conversation was closed or went to another agent: the right to view is lost for good,
    /// before submission the invitation with it (S8). Returns the event, if the invitation was cancelled by it.
    pub fn lose_right(&mut self, reason: CancelReason, now: Timestamp) -> Option<EventKind> {
        self.right_lost = true;
        self.view_key = None;
        matches!(self.cancel(reason, now), Ok(true)).then_some(EventKind::Cancelled { reason })
    }

    /// Grants the sending session a `view` key (step 6), voiding the former.
    ///
    /// # Errors
    /// [`Refusal::NoRight`] to everybody else and forever after the right was lost; [`Refusal::WrongState`] without answers.
    pub fn grant(&mut self, session: &Session, lease: Lease, key: KeyHash) -> Result<SubmissionId, Refusal> {
        self.check_right(session, lease)?;
        let submission = self.answers()?;
        self.view_key = Some(key);
        Ok(submission)
    }

    /// Grants a session a `history` key: of what is stored, once the conversation is `closed` (V6). Voids the former.
    ///
    /// # Errors
    /// [`Refusal::NoRight`] without the right or while the conversation is open; [`Refusal::WrongState`] without answers.
    pub fn grant_history(
        &mut self,
        session: &Session,
        lease: Lease,
        closed: bool,
        key: KeyHash,
    ) -> Result<SubmissionId, Refusal> {
        self.check_history(session, lease, closed)?;
        let submission = self.answers()?;
        self.history_key = Some(key);
        Ok(submission)
    }

    /// Opens a view (step 7): everything is checked again, on the vault's own records. Returns whether it is the first.
    ///
    /// # Errors
    /// *Not valid* for a key or submission that does not belong here, used or expired for one that did, and
    /// [`Refusal::NoRight`] for the wrong browser or a lost right.
    pub fn view(
        &mut self,
        otk: &Otk,
        submission: SubmissionId,
        session: &Session,
        viewer: KeyHash,
        lease: Lease,
        now: Timestamp,
    ) -> Result<bool, Refusal> {
        self.check_belongs(otk, Purpose::View, submission, session)?;
        session.check_viewer(viewer)?;
        self.check_right(session, lease)?;
        check_live(otk, self.view_key, now)?;
        self.view_key = None;
        let first = self.state == State::Submitted;
        if first {
            self.state = State::Read;
            self.since = now;
        }
        Ok(first)
    }

    /// Opens a history view, as [`Self::view`] opens one of the sender's. Nobody counts it as *read*.
    ///
    /// # Errors
    /// As [`Self::view`] and [`Self::grant_history`].
    #[expect(clippy::too_many_arguments, reason = "each is a record or a moment that the decision needs")]
    pub fn view_history(
        &mut self,
        otk: &Otk,
        submission: SubmissionId,
        session: &Session,
        viewer: KeyHash,
        lease: Lease,
        closed: bool,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.check_belongs(otk, Purpose::History, submission, session)?;
        session.check_viewer(viewer)?;
        self.check_history(session, lease, closed)?;
        check_live(otk, self.history_key, now)?;
        self.history_key = None;
        Ok(())
    }

    fn answers(&self) -> Result<SubmissionId, Refusal> {
        let submission = self.submission.filter(|_| self.state.answered());
        submission.ok_or(Refusal::WrongState(self.state.status()))
    }

    fn check_belongs(
        &self,
        otk: &Otk,
        purpose: Purpose,
        submission: SubmissionId,
        session: &Session,
    ) -> Result<(), Refusal> {
        let belongs = otk.purpose == purpose
            && otk.invitation == Some(self.id)
            && otk.site == self.site
            && otk.session == Some(session.id)
            && self.submission == Some(submission);
        if belongs { Ok(()) } else { Err(Refusal::NotValid) }
    }

    /// The right to read what is stored: whoever's session has it, once the conversation is closed.
    fn check_history(&self, session: &Session, lease: Lease, closed: bool) -> Result<(), Refusal> {
        if session.site != self.site {
            return Err(Refusal::NotValid);
        }
        session.check_history(lease)?;
        if closed { Ok(()) } else { Err(Refusal::NoRight(NoRight::ConversationOpen)) }
    }

    /// The right to view: the sending session's, while it lives and the conversation is open.
    fn check_right(&self, session: &Session, lease: Lease) -> Result<(), Refusal> {
        if session.id != self.session || session.site != self.site {
            return Err(Refusal::NoRight(NoRight::OtherSession));
        }
        session.check_viewing(lease)?;
        if self.right_lost { Err(Refusal::NoRight(NoRight::Lost)) } else { Ok(()) }
    }
}

/// Whether a key that belongs here still works: `live` is the one that its invitation names.
fn check_live(otk: &Otk, live: Option<KeyHash>, now: Timestamp) -> Result<(), Refusal> {
    if otk.used_at.is_some() {
        return Err(Refusal::Used);
    }
    if live != Some(otk.hash) {
        return Err(Refusal::Replaced);
    }
    if now >= otk.expires_at {
        return Err(Refusal::Expired(Clock::KeyLife));
    }
    Ok(())
}
