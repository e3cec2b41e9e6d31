//! What was begun in a session and waits for the browser's answer: a code app's fresh secret, a passkey's challenge. In
//! memory only: whoever waited over a restart begins again. One of each kind and session; taken out when the answer is
//! looked at, right or wrong, where it may be tried once only. Beside them, how often a password was said wrong in a session.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aside_base::{SessionId, Timestamp};
use aside_factor::{Challenge, TotpSecret};

/// How long an answer is waited for, in seconds.
const LIFE: u32 = 600;
/// How many wrong codes a fresh secret bears before it is thrown away.
const CODES: u32 = 10;

/// How many wrong passwords an open console bears.
const PASSWORDS: u32 = 5;
/// How long a wrong password counts, in seconds.
const PASSWORD_LIFE: u32 = 1_800;

/// A fresh secret that no code has confirmed yet.
struct Fresh {
    secret: Arc<TotpSecret>,
    tries_left: u32,
    until: Timestamp,
}

/// What a challenge is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Ceremony {
    /// To make a passkey.
    Create,
    /// To show one.
    Show,
}

/// What waits.
#[derive(Default)]
pub(crate) struct Pending(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    secrets: HashMap<SessionId, Fresh>,
    challenges: HashMap<(SessionId, Ceremony), (Challenge, Timestamp)>,
    passwords: HashMap<SessionId, (u32, Timestamp)>,
}

impl Pending {
    /// Charges a try at the password; false when there were too many.
    pub(crate) fn charge_password(&self, session: SessionId, now: Timestamp) -> bool {
        let mut waiting = self.waiting(now);
        let (tries, until) = waiting.passwords.entry(session).or_insert((0, now));
        *until = now.plus_seconds(PASSWORD_LIFE);
        *tries += 1;
        *tries <= PASSWORDS
    }

    /// Whether the tries at the password are used up.
    pub(crate) fn is_out_of_passwords(&self, session: SessionId) -> bool {
        self.lock().passwords.get(&session).is_some_and(|(tries, _)| *tries >= PASSWORDS)
    }

    /// The password was right, or the session is not open any more.
    pub(crate) fn refund_passwords(&self, session: SessionId) {
        self.lock().passwords.remove(&session);
    }

    /// Keeps a fresh secret; a former one of the session is gone.
    pub(crate) fn keep_secret(&self, session: SessionId, secret: TotpSecret, now: Timestamp) {
        let fresh = Fresh { secret: Arc::new(secret), tries_left: CODES, until: now.plus_seconds(LIFE) };
        self.waiting(now).secrets.insert(session, fresh);
    }

    /// The session's fresh secret with how many tries are left after this one; none when it was tried too often or too late.
    pub(crate) fn try_secret(&self, session: SessionId, now: Timestamp) -> Option<(Arc<TotpSecret>, u32)> {
        let mut waiting = self.waiting(now);
        let fresh = waiting.secrets.get_mut(&session)?;
        fresh.tries_left = fresh.tries_left.checked_sub(1)?;
        Some((Arc::clone(&fresh.secret), fresh.tries_left))
    }

    /// The secret was confirmed, or is not wanted any more.
    pub(crate) fn drop_secret(&self, session: SessionId) {
        self.lock().secrets.remove(&session);
    }

    /// Keeps a challenge; a former one of the same kind is void.
    pub(crate) fn keep_challenge(&self, session: SessionId, ceremony: Ceremony, challenge: Challenge, now: Timestamp) {
        self.waiting(now).challenges.insert((session, ceremony), (challenge, now.plus_seconds(LIFE)));
    }

    /// Takes a challenge out, once.
    pub(crate) fn take_challenge(&self, session: SessionId, ceremony: Ceremony, now: Timestamp) -> Option<Challenge> {
        self.waiting(now).challenges.remove(&(session, ceremony)).map(|(challenge, _)| challenge)
    }

    /// What still waits at `now`.
    fn waiting(&self, now: Timestamp) -> MutexGuard<'_, Waiting> {
        let mut waiting = self.lock();
        waiting.secrets.retain(|_, fresh| now < fresh.until);
        waiting.challenges.retain(|_, (_, until)| now < *until);
        waiting.passwords.retain(|_, (_, until)| now < *until);
        waiting
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        // A panic while keeping something leaves a map, not a broken one.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    const NOW: Timestamp = Timestamp(1_800_000_000_000);

    fn session(number: u128) -> SessionId {
        SessionId::from_uuid(uuid::Uuid::from_u128(number))
    }

    #[test]
    fn a_challenge_is_taken_once_by_its_session_for_its_purpose_and_in_time() {
        let (pending, rng) = (Pending::default(), SeededRng::new(1));
        let keep = || pending.keep_challenge(session(1), Ceremony::Show, Challenge::generate(&rng), NOW);
        keep();
        assert!(pending.take_challenge(session(2), Ceremony::Show, NOW).is_none());
        assert!(pending.take_challenge(session(1), Ceremony::Create, NOW).is_none());
        assert!(pending.take_challenge(session(1), Ceremony::Show, NOW).is_some());
        assert!(pending.take_challenge(session(1), Ceremony::Show, NOW).is_none());
        keep();
        assert!(pending.take_challenge(session(1), Ceremony::Show, NOW.plus_seconds(LIFE)).is_none());
    }

    #[test]
    fn a_fresh_secret_bears_ten_codes_and_ten_minutes() {
        let (pending, rng) = (Pending::default(), SeededRng::new(1));
        pending.keep_secret(session(1), TotpSecret::generate(&rng), NOW);
        assert!(pending.try_secret(session(2), NOW).is_none());
        for left in (0..CODES).rev() {
            assert_eq!(pending.try_secret(session(1), NOW).map(|(_, left)| left), Some(left));
        }
        assert!(pending.try_secret(session(1), NOW).is_none());
        pending.keep_secret(session(1), TotpSecret::generate(&rng), NOW);
        assert!(pending.try_secret(session(1), NOW.plus_seconds(LIFE)).is_none());
        pending.keep_secret(session(1), TotpSecret::generate(&rng), NOW);
        pending.drop_secret(session(1));
        assert!(pending.try_secret(session(1), NOW).is_none());
    }
}
