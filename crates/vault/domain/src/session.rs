//! An agent's session as the vault keeps it, on its own record (V4).

use aside_base::{AgentId, KeyHash, Purpose, SessionId, SiteId, Timestamp};
use aside_wire::AgentRights;

use crate::{CONFIRMED_SECONDS, Clock, NoRight, Otk, Refusal};

/// Whether the desk has renewed the session's lease in time. The lease lives in memory beside the store, never in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lease {
    /// Renewed within 30 s.
    Alive,
    /// Silent for 30 s or more.
    Lapsed,
}

/// That a second factor has confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Confirmation {
    /// When.
    pub at: Timestamp,
    /// Since when the factor was set up.
    pub since: Timestamp,
}

/// A session.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Session {
    /// Its id, made by the desk.
    pub id: SessionId,
    /// The site.
    pub site: SiteId,
    /// Whose it is; none when the session ended or was locked before the vault ever heard of its start.
    pub agent: Option<AgentId>,
    /// The agent's name for watermark and audit.
    pub agent_name: String,
    /// The live `enrol` key.
    pub enrol_key: Option<KeyHash>,
    /// The browser that may view: its cookie's hash.
    pub viewer: Option<KeyHash>,
    /// When it began.
    pub started_at: Timestamp,
    /// When it ended, for good.
    pub ended_at: Option<Timestamp>,
    /// Since when it is locked (A4).
    pub locked_at: Option<Timestamp>,
    /// The last confirmation by a second factor (A5).
    pub confirmed: Option<Confirmation>,
    /// What its agent may do, as of now.
    pub rights: AgentRights,
}

impl Session {
    /// Checks that views of what the session itself asked for are possible now.
    ///
    /// # Errors
    /// [`Refusal::NoRight`] when it has ended, its lease has lapsed or its agent may not use secure forms;
    /// [`Refusal::Locked`] while it is locked.
    pub fn check_viewing(&self, lease: Lease) -> Result<(), Refusal> {
        self.check_alive(lease)?;
        self.check_right()?;
        self.check_unlocked()
    }

    /// Checks that views of what is stored are possible now (V6).
    ///
    /// # Errors
    /// [`Refusal::NoRight`] when it has ended, its lease has lapsed or its agent may not read stored answers;
    /// [`Refusal::Locked`] while it is locked.
    pub fn check_history(&self, lease: Lease) -> Result<(), Refusal> {
        self.check_alive(lease)?;
        if !self.rights.history {
            return Err(Refusal::NoRight(NoRight::History));
        }
        self.check_unlocked()
    }

    /// Checks that its agent may come to see any answer at all, and so needs second factors here.
    ///
    /// # Errors
    /// [`Refusal::NoRight`] when it has ended, its lease has lapsed or its agent has no right to any answer;
    /// [`Refusal::Locked`] while it is locked.
    pub fn check_seeing(&self, lease: Lease) -> Result<(), Refusal> {
        self.check_alive(lease)?;
        if !(self.rights.history || self.rights.export) {
            self.check_right()?;
        }
        self.check_unlocked()
    }

    fn check_unlocked(&self) -> Result<(), Refusal> {
        if self.locked_at.is_some() { Err(Refusal::Locked) } else { Ok(()) }
    }

    /// Checks that its agent may use secure forms.
    ///
    /// # Errors
    /// [`Refusal::NoRight`] when not.
    pub fn check_right(&self) -> Result<(), Refusal> {
        if self.rights.secure_forms { Ok(()) } else { Err(Refusal::NoRight(NoRight::SecureForms)) }
    }

    /// Checks that the session lives.
    ///
    /// # Errors
    /// [`Refusal::NoRight`] when it has ended or its lease has lapsed.
    pub fn check_alive(&self, lease: Lease) -> Result<(), Refusal> {
        match (self.ended_at, lease) {
            (Some(_), _) => Err(Refusal::NoRight(NoRight::SessionEnded)),
            (None, Lease::Lapsed) => Err(Refusal::NoRight(NoRight::LeaseLapsed)),
            (None, Lease::Alive) => Ok(()),
        }
    }

    /// Checks that `viewer` is the browser that was enrolled.
    ///
    /// # Errors
    /// [`Refusal::NoRight`] for any other browser, and while none is enrolled.
    pub fn check_viewer(&self, viewer: KeyHash) -> Result<(), Refusal> {
        if self.viewer == Some(viewer) { Ok(()) } else { Err(Refusal::NoRight(NoRight::OtherBrowser)) }
    }

    /// Offers a browser the place of the viewer: the session's new `enrol` key, voiding the former. Returns whether the key is
    /// wanted: once a viewer is enrolled no key is, ever (a taken-over desk cannot enrol a browser of its own).
    ///
    /// # Errors
    /// When the session has ended.
    pub fn offer_enrolment(&mut self, key: KeyHash) -> Result<bool, Refusal> {
        if self.ended_at.is_some() {
            return Err(Refusal::NoRight(NoRight::SessionEnded));
        }
        if self.viewer.is_none() {
            self.enrol_key = Some(key);
        }
        Ok(self.viewer.is_none())
    }

    /// Makes the browser with this cookie the viewer. On success the caller consumes the key.
    ///
    /// # Errors
    /// When the key is not this session's `enrol` key, was used, replaced or has expired, or the session has ended.
    pub fn enrol(&mut self, otk: &Otk, viewer: KeyHash, now: Timestamp) -> Result<(), Refusal> {
        if otk.purpose != Purpose::Enrol || otk.session != Some(self.id) || otk.site != self.site {
            return Err(Refusal::NotValid);
        }
        if self.ended_at.is_some() {
            return Err(Refusal::NoRight(NoRight::SessionEnded));
        }
        if otk.used_at.is_some() || self.viewer.is_some() {
            return Err(Refusal::Used);
        }
        if self.enrol_key != Some(otk.hash) {
            return Err(Refusal::Replaced);
        }
        if now >= otk.expires_at {
            return Err(Refusal::Expired(Clock::KeyLife));
        }
        self.enrol_key = None;
        self.viewer = Some(viewer);
        Ok(())
    }

    /// The confirmation that still lasts.
    #[must_use]
    pub fn confirmation(&self, now: Timestamp) -> Option<Confirmation> {
        self.confirmed.filter(|confirmed| now < confirmed.at.plus_seconds(CONFIRMED_SECONDS))
    }

    /// Checks that a factor has confirmed in the last 300 s that was set up at `latest` at the latest.
    ///
    /// # Errors
    /// [`Refusal::Confirm`] or [`Refusal::FactorTooNew`].
    pub fn check_confirmed(&self, latest: Timestamp, now: Timestamp) -> Result<(), Refusal> {
        let confirmed = self.confirmation(now).ok_or(Refusal::Confirm)?;
        if confirmed.since <= latest { Ok(()) } else { Err(Refusal::FactorTooNew) }
    }

    /// Locks the session: who comes back must confirm anew. Returns whether that changed anything.
    pub fn lock(&mut self, now: Timestamp) -> bool {
        self.confirmed = None;
        self.ended_at.is_none() && self.locked_at.replace(self.locked_at.unwrap_or(now)).is_none()
    }

    /// Unlocks the session. Returns whether that changed anything.
    pub const fn unlock(&mut self) -> bool {
        self.locked_at.take().is_some()
    }

    /// Ends the session for good. Repeats change nothing.
    pub fn end(&mut self, now: Timestamp) {
        self.confirmed = None;
        self.enrol_key = None;
        self.ended_at.get_or_insert(now);
    }
}
