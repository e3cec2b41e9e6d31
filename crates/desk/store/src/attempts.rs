//! Tries to sign in and to show a second factor. Each is charged before it is judged and refunded when it was right, so that
//! many at once count as one after the other (A3).

use aside_base::{AgentId, KeyHash, SiteId, Timestamp};
use aside_desk_domain::{AttemptRefusal, Where};
use async_trait::async_trait;

use crate::{StoreError, VerbError};

/// A keyed hash (HMAC with the local key) of what tries are counted for: an account's site and name, whether there is such
/// an account or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AttemptKey(pub [u8; 32]);

/// A captcha that was solved: good once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SolvedCaptcha {
    /// Its name, a hash of the challenge.
    pub name: [u8; 32],
    /// Until when it could be used.
    pub ends_at: Timestamp,
    /// What it cost, 1 to 8.
    pub cost: u8,
}

/// A try to sign in or unlock by password.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The site whose lockout rules hold; the defaults without one.
    pub site: Option<SiteId>,
    /// What is counted for.
    pub key: AttemptKey,
    /// The account aimed at, where there is one.
    pub agent: Option<AgentId>,
    /// The browser's device cookie, where it has one. If that device is the account's, it has a counter of its own, which
    /// strangers' failures do not touch.
    pub device: Option<KeyHash>,
    /// The captcha that came with it.
    pub captcha: Option<SolvedCaptcha>,
    /// From where.
    pub from: Where,
    /// When.
    pub now: Timestamp,
}

/// A try that was charged: to be refunded by a sign-in or an unlock, or failed by [`Attempts::fail_attempt`].
#[derive(Debug, Clone)]
pub struct Charge {
    /// What was tried.
    pub attempt: Attempt,
    /// Whether it went to the device's own counter.
    pub on_device: bool,
}

/// How things stand after a wrong try. The same for names that exist and names that do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failed {
    /// The next try needs a captcha.
    pub captcha: bool,
    /// No try is taken before then.
    pub locked_until: Option<Timestamp>,
}

/// Attempts.
#[async_trait]
pub trait Attempts: Send + Sync {
    /// What a try now would be refused with, if with anything; charges nothing.
    async fn attempt_gate(&self, attempt: Attempt) -> Result<Option<AttemptRefusal>, StoreError>;

    /// Charges a try, before the password is looked at; a captcha that came with it is used up.
    async fn take_attempt(&self, attempt: Attempt) -> Result<Charge, VerbError<AttemptRefusal>>;

    /// The password was wrong. For an account that exists, the failure and a lock it caused are audited. Does the same work
    /// for a name that does not exist.
    async fn fail_attempt(&self, charge: Charge) -> Result<Failed, StoreError>;

    /// Charges a try with a second factor; how many are left afterwards. Refuses with [`AttemptRefusal::Locked`] only. What
    /// is right, [`crate::Sessions::pass_factor`] and [`crate::Sessions::unlock_session`] refund.
    async fn take_factor_attempt(
        &self,
        site: &SiteId,
        agent: AgentId,
        from: Where,
        now: Timestamp,
    ) -> Result<u32, VerbError<AttemptRefusal>>;

    /// Forgets counters, devices and captchas that mean nothing any more; at most some thousands at a time.
    async fn forget_attempts(&self, now: Timestamp) -> Result<(), StoreError>;
}
