//! What a browser was asked and has not answered yet: the challenges of passkeys, and the secret of a code app that has not
//! shown a code. In memory only, for minutes, wiped when it goes; a restart forgets it and the person starts again.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use aside_base::{KeyHash, Timestamp};
use aside_factor::{Challenge, TotpSecret};
use aside_vault_domain::ViewId;

/// So long an answer may take, in seconds: a browser gives up after two minutes, a person fetches the phone first.
const SECONDS: u32 = 600;

/// What a challenge was made for. One that was made for one thing proves nothing about another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Reason {
    /// To set up a passkey.
    Create,
    /// To confirm a reveal in this view.
    Reveal(ViewId),
    /// To confirm before another factor is set up.
    Add,
}

#[derive(Default)]
struct Open {
    challenge: Option<(Reason, Challenge, Timestamp)>,
    code_app: Option<(TotpSecret, Timestamp)>,
}

/// What is open, by the browser's viewer cookie: at most one challenge and one code app each.
#[derive(Default)]
pub(crate) struct Asked(Mutex<HashMap<KeyHash, Open>>);

impl Asked {
    /// Keeps a challenge; a former one of this browser is void.
    pub(crate) fn challenge(&self, viewer: KeyHash, reason: Reason, challenge: Challenge, now: Timestamp) {
        self.open().entry(viewer).or_default().challenge = Some((reason, challenge, now.plus_seconds(SECONDS)));
    }

    /// The challenge that this browser was given for `reason`. It is gone with that, right or wrong.
    pub(crate) fn take_challenge(&self, viewer: KeyHash, reason: Reason, now: Timestamp) -> Option<Challenge> {
        let (given, challenge, until) = self.open().get_mut(&viewer)?.challenge.take()?;
        (given == reason && now < until).then_some(challenge)
    }

    /// Keeps the secret of a code app; a former one of this browser is void.
    pub(crate) fn code_app(&self, viewer: KeyHash, secret: TotpSecret, now: Timestamp) {
        self.open().entry(viewer).or_default().code_app = Some((secret, now.plus_seconds(SECONDS)));
    }

    /// Does something with the secret of the code app that this browser is setting up.
    pub(crate) fn with_code_app<T>(
        &self,
        viewer: KeyHash,
        now: Timestamp,
        act: impl FnOnce(&TotpSecret) -> T,
    ) -> Option<T> {
        let open = self.open();
        let (secret, until) = open.get(&viewer)?.code_app.as_ref()?;
        (now < *until).then(|| act(secret))
    }

    /// The code app is set up.
    pub(crate) fn forget_code_app(&self, viewer: KeyHash) {
        if let Some(open) = self.open().get_mut(&viewer) {
            open.code_app = None;
        }
    }

    /// Forgets what nobody answered in time.
    pub(crate) fn sweep(&self, now: Timestamp) {
        self.open().retain(|_, open| {
            open.challenge.take_if(|(.., until)| now >= *until);
            open.code_app.take_if(|(_, until)| now >= *until);
            open.challenge.is_some() || open.code_app.is_some()
        });
    }

    fn open(&self) -> MutexGuard<'_, HashMap<KeyHash, Open>> {
        // A map of plain values is whole after any panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use aside_base::SeededRng;

    use super::*;

    const VIEWER: KeyHash = KeyHash([1; 32]);
    const NOW: Timestamp = Timestamp(1_000_000);

    #[test]
    fn a_challenge_is_taken_once_by_the_browser_that_was_asked_for_the_reason_it_was_asked() {
        let (asked, rng) = (Asked::default(), SeededRng::new(1));
        let view = |seed| ViewId::generate(NOW, &SeededRng::new(seed));
        let give = || asked.challenge(VIEWER, Reason::Reveal(view(1)), Challenge::generate(&rng), NOW);
        give();
        assert!(asked.take_challenge(KeyHash([2; 32]), Reason::Reveal(view(1)), NOW).is_none());
        assert!(asked.take_challenge(VIEWER, Reason::Reveal(view(1)), NOW).is_some());
        assert!(asked.take_challenge(VIEWER, Reason::Reveal(view(1)), NOW).is_none());
        for other in [Reason::Create, Reason::Add, Reason::Reveal(view(2))] {
            give();
            assert!(asked.take_challenge(VIEWER, other, NOW).is_none(), "{other:?}");
        }
        give();
        assert!(asked.take_challenge(VIEWER, Reason::Reveal(view(1)), NOW.plus_seconds(SECONDS)).is_none());
    }

    #[test]
    fn what_nobody_answers_is_forgotten_after_ten_minutes() {
        let (asked, rng) = (Asked::default(), SeededRng::new(1));
        asked.code_app(VIEWER, TotpSecret::generate(&rng), NOW);
        asked.challenge(VIEWER, Reason::Create, Challenge::generate(&rng), NOW);
        assert!(asked.with_code_app(VIEWER, NOW.plus_seconds(SECONDS - 1), |_| ()).is_some());
        assert!(asked.with_code_app(VIEWER, NOW.plus_seconds(SECONDS), |_| ()).is_none());
        asked.sweep(NOW.plus_seconds(SECONDS - 1));
        assert_eq!(asked.open().len(), 1);
        asked.sweep(NOW.plus_seconds(SECONDS));
        assert!(asked.open().is_empty());
        asked.code_app(VIEWER, TotpSecret::generate(&rng), NOW);
        asked.forget_code_app(VIEWER);
        assert!(asked.with_code_app(VIEWER, NOW, |_| ()).is_none());
    }
}
