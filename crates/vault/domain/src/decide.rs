//! What may happen to an invitation, and what follows. Each function decides on the records alone; on a refusal it has
//! changed nothing. The store writes back what changed, the event and the audit row in the same transaction.

mod right;

use aside_base::{KeyHash, Purpose, SubmissionId, Timestamp};
use aside_wire::{CancelReason, Channel, EventKind, Reopen};

use crate::{Clock, Invitation, Otk, Refusal, State};

/// What opening came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// The key was good and is to be consumed: the form is this device's now.
    Now,
    /// The key was used before, by this same device: it may go to its form (edge case 6). Nothing changes.
    Before,
}

/// Whether a submit is the first or the repeat of one that succeeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Go on.
    First,
    /// The same device sent the same key before and it was taken: drop the body, say *sent* (edge case 13).
    AlreadySent,
}

/// What loading an opened form came to. Both change the invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loaded {
    /// An empty form, whose `submit` key ends then.
    Until(Timestamp),
    /// It opens once and was loaded before: now it is closed for good (S11).
    Closed,
}

/// What leaving a form came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Left {
    /// The device may come back. Nothing changes.
    ToComeBack,
    /// It opens once: it is closed for good, now or since a former leaving.
    ForGood {
        /// Whether that is news.
        news: bool,
    },
}

/// Loads within so many seconds of the first are one arrival: two taps, or a browser that asks again for what it did not get.
const ARRIVAL_SECONDS: u32 = 5;

impl Invitation {
    /// Mints an `open` key for a click (step 2), voiding the former; returns when it ends.
    ///
    /// # Errors
    /// Once opened, answered or ended; and on link channels, whose key stands in the link.
    pub fn mint_open(&mut self, key: KeyHash, now: Timestamp) -> Result<Timestamp, Refusal> {
        self.check_awaits(now)?;
        if self.state != State::Sent || self.channel != Channel::Web {
            return Err(Refusal::WrongState(self.state.status()));
        }
        // The click must come within the life, also while a former click's open limit still runs past it.
        if now >= self.life_ends_at {
            return Err(Refusal::Expired(Clock::InvitationLife));
        }
        let expires_at = now.plus_seconds(self.clocks.open_limit);
        self.open_key = Some(key);
        self.deadline = self.life_ends_at.max(expires_at);
        Ok(expires_at)
    }

    /// Issues the invitation anew (S14): the old link, keys and binding are void, the life begins again. Returns when the new
    /// `open` key ends: with the invitation's life.
    ///
    /// # Errors
    /// Once answered or ended.
    pub fn reissue(&mut self, key: KeyHash, now: Timestamp) -> Result<Timestamp, Refusal> {
        self.check_awaits(now)?;
        self.life_ends_at = now.plus_seconds(self.clocks.invitation_life);
        self.deadline = self.life_ends_at;
        if self.state != State::Sent {
            self.since = now;
        }
        self.state = State::Sent;
        self.open_key = Some(key);
        self.submit_key = None;
        self.device = None;
        self.loaded_at = None;
        self.asked = false;
        Ok(self.life_ends_at)
    }

    /// Opens the form (step 2): binds it to `device` if that can keep a cookie, else `submit` is the only binding. The submit
    /// limit begins.
    ///
    /// # Errors
    /// Says used, replaced or expired of a key that was once good, and *not valid* of everything else.
    pub fn open(
        &mut self,
        otk: &Otk,
        device: Option<KeyHash>,
        submit: Option<KeyHash>,
        now: Timestamp,
    ) -> Result<Opened, Refusal> {
        if otk.purpose != Purpose::Open || otk.invitation != Some(self.id) || otk.site != self.site {
            return Err(Refusal::NotValid);
        }
        let bound_here = device.is_some() && self.device == device;
        if otk.used_at.is_some() {
            // The device that used it may always come back to its form, in whatever state that is.
            return if bound_here { Ok(Opened::Before) } else { Err(self.ended(now).unwrap_or(Refusal::Used)) };
        }
        if let Some(refusal) = self.ended(now) {
            return Err(refusal);
        }
        if self.open_key != Some(otk.hash) || self.state != State::Sent {
            return Err(Refusal::Replaced);
        }
        if now >= otk.expires_at {
            return Err(Refusal::Expired(Clock::OpenLimit));
        }
        self.open_key = None;
        self.device = device;
        self.submit_key = submit;
        // Where no cookie sticks the reply to the click is the form itself.
        self.loaded_at = submit.map(|_| now);
        self.state = State::Viewed;
        self.since = now;
        self.deadline = now.plus_seconds(self.clocks.submit_limit);
        Ok(Opened::Now)
    }

    /// Notes that the visitor asks for a new link (S14). Returns whether this is news: it is once until the next re-issue.
    ///
    /// # Errors
    /// When the key still works, or was never this invitation's, or the invitation was answered or ended by a person.
    pub fn ask(&mut self, otk: &Otk, now: Timestamp) -> Result<bool, Refusal> {
        if otk.purpose != Purpose::Open || otk.invitation != Some(self.id) || otk.site != self.site {
            return Err(Refusal::NotValid);
        }
        match self.ended(now) {
            None | Some(Refusal::Expired(_)) => {}
            Some(refusal) => return Err(refusal),
        }
        let live = otk.used_at.is_none() && now < otk.expires_at && self.open_key == Some(otk.hash);
        if live {
            return Err(Refusal::WrongState(self.state.status()));
        }
        Ok(!std::mem::replace(&mut self.asked, true))
    }

    /// Gives the bound device a fresh, empty form: a new `submit` key, voiding the former. A form that opens once gives none to
    /// whoever comes back: it is closed for good then.
    ///
    /// # Errors
    /// *Not valid* for any other device, which learns nothing; else why there is no form any more.
    pub fn load_form(&mut self, device: KeyHash, submit: KeyHash, now: Timestamp) -> Result<Loaded, Refusal> {
        if self.device != Some(device) {
            return Err(Refusal::NotValid);
        }
        if let Some(refusal) = self.ended(now) {
            return Err(refusal);
        }
        let arrival_ends_at = self.loaded_at.get_or_insert(now).plus_seconds(ARRIVAL_SECONDS);
        if self.reopen == Reopen::Once && now > arrival_ends_at {
            self.end(CancelReason::FormClosed, now);
            return Ok(Loaded::Closed);
        }
        self.submit_key = Some(submit);
        Ok(Loaded::Until(self.deadline))
    }

    /// The visitor leaves the form, with its `submit` key (S9, S11). A repeat changes nothing.
    ///
    /// # Errors
    /// As [`Self::check_submit`].
    pub fn leave(&mut self, otk: &Otk, device: Option<KeyHash>, now: Timestamp) -> Result<Left, Refusal> {
        let own_device = self.device.is_none() || self.device == device;
        let belongs = otk.purpose == Purpose::Submit && otk.invitation == Some(self.id) && otk.site == self.site;
        if self.state == State::Cancelled(CancelReason::FormClosed) && own_device && belongs {
            return Ok(Left::ForGood { news: false });
        }
        if self.check_submit(otk, device, now)? == Repeat::AlreadySent {
            return Err(Refusal::AlreadySubmitted);
        }
        match self.reopen {
            Reopen::SameDevice => Ok(Left::ToComeBack),
            Reopen::Once => {
                self.end(CancelReason::FormClosed, now);
                Ok(Left::ForGood { news: true })
            }
        }
    }

    /// Closes this form because its device has opened `other` of the same conversation (S11, S12). One that was only received
    /// stays, and so does one whose device is not known. Returns the event, if it was closed.
    pub fn give_way_to(&mut self, other: &Self, now: Timestamp) -> Option<EventKind> {
        let same_place = self.site == other.site && self.conversation == other.conversation;
        let same_device = self.device.is_some() && self.device == other.device;
        if self.id == other.id || !same_place || !same_device || self.state != State::Viewed {
            return None;
        }
        let reason = CancelReason::AnotherForm;
        matches!(self.cancel(reason, now), Ok(true)).then_some(EventKind::Cancelled { reason })
    }

    /// Whether a submission with this key may go on (step 3). Asked before the body is looked at, and again when the answers
    /// are kept.
    ///
    /// # Errors
    /// Says what became of a key that was once good, and *not valid* of everything else.
    pub fn check_submit(&self, otk: &Otk, device: Option<KeyHash>, now: Timestamp) -> Result<Repeat, Refusal> {
        if otk.purpose != Purpose::Submit || otk.invitation != Some(self.id) || otk.site != self.site {
            return Err(Refusal::NotValid);
        }
        if self.device.is_some() && self.device != device {
            return Err(if device.is_some() { Refusal::OtherDevice } else { Refusal::NotValid });
        }
        if self.state.answered() {
            let same_key = otk.used_at.is_some() && self.submit_key == Some(otk.hash);
            return if same_key { Ok(Repeat::AlreadySent) } else { Err(Refusal::AlreadySubmitted) };
        }
        if let Some(refusal) = self.ended(now) {
            return Err(refusal);
        }
        if otk.used_at.is_some() {
            return Err(Refusal::Used);
        }
        if self.submit_key != Some(otk.hash) || self.state != State::Viewed {
            return Err(Refusal::Replaced);
        }
        if now >= otk.expires_at {
            return Err(Refusal::Expired(Clock::SubmitLimit));
        }
        Ok(Repeat::First)
    }

    /// Keeps the one submission there will ever be (S6).
    ///
    /// # Errors
    /// As [`Self::check_submit`].
    pub fn submit(
        &mut self,
        otk: &Otk,
        device: Option<KeyHash>,
        submission: SubmissionId,
        now: Timestamp,
    ) -> Result<Repeat, Refusal> {
        if self.check_submit(otk, device, now)? == Repeat::AlreadySent {
            return Ok(Repeat::AlreadySent);
        }
        self.state = State::Submitted;
        self.since = now;
        self.submission = Some(submission);
        Ok(Repeat::First)
    }

    /// The visitor declines, for good. A repeat changes nothing; returns whether this is news.
    ///
    /// # Errors
    /// As [`Self::check_submit`].
    pub fn decline(&mut self, otk: &Otk, device: Option<KeyHash>, now: Timestamp) -> Result<bool, Refusal> {
        let own_device = self.device.is_none() || self.device == device;
        if self.state == State::Declined && own_device && self.submit_key == Some(otk.hash) {
            return Ok(false);
        }
        if self.check_submit(otk, device, now)? == Repeat::AlreadySent {
            return Err(Refusal::AlreadySubmitted);
        }
        self.state = State::Declined;
        self.since = now;
        Ok(true)
    }

    /// Takes the invitation back. Returns whether that changed anything: one that ended otherwise stays as it is.
    ///
    /// # Errors
    /// Once there are answers.
    pub fn cancel(&mut self, reason: CancelReason, now: Timestamp) -> Result<bool, Refusal> {
        if self.state.answered() {
            return Err(Refusal::WrongState(self.state.status()));
        }
        // A clock that has ended already has the say, swept or not.
        if !self.state.awaits_answers() || self.clock_ended(now).is_some() {
            return Ok(false);
        }
        self.end(reason, now);
        Ok(true)
    }

    fn end(&mut self, reason: CancelReason, now: Timestamp) {
        self.state = State::Cancelled(reason);
        self.since = now;
        self.open_key = None;
        self.submit_key = None;
    }

    /// Ends the invitation if a clock has ended. Returns the event.
    pub fn expire(&mut self, now: Timestamp) -> Option<EventKind> {
        let clock = self.clock_ended(now)?;
        self.state = State::Expired(clock);
        self.since = self.deadline;
        Some(EventKind::Expired)
    }

    fn check_awaits(&self, now: Timestamp) -> Result<(), Refusal> {
        self.ended(now).map_or(Ok(()), Err)
    }

    /// Why no answers are awaited any more.
    #[must_use]
    pub fn ended(&self, now: Timestamp) -> Option<Refusal> {
        if let Some(clock) = self.clock_ended(now) {
            return Some(Refusal::Expired(clock));
        }
        match self.state {
            State::Sent | State::Viewed => None,
            State::Submitted | State::Read => Some(Refusal::AlreadySubmitted),
            State::Expired(clock) => Some(Refusal::Expired(clock)),
            State::Cancelled(CancelReason::Stopped) => Some(Refusal::Stopped),
            State::Cancelled(_) | State::Declined => Some(Refusal::WrongState(self.state.status())),
        }
    }
}

#[cfg(test)]
mod tests;
