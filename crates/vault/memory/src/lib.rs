//! Off-the-record answers (V3): in memory for a short time, never on a disk, wiped after.
//!
//! Room is reserved when a form opens, so that a full memory refuses before the visitor types, never after. A restart
//! forgets everything, by design.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aside_base::{InvitationId, Secret, SubmissionId, Timestamp};

/// There is no room for another form's off-the-record answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no room for off-the-record answers")]
pub struct Full;

/// The off-the-record answers of all open conversations.
pub struct OffTheRecord {
    room: usize,
    life: Duration,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    reserved: HashMap<InvitationId, Reservation>,
    kept: HashMap<SubmissionId, Kept>,
    used: usize,
}

struct Reservation {
    answers: usize,
    until: Timestamp,
}

struct Kept {
    answers: Vec<(String, Secret)>,
    gone_at: Timestamp,
}

impl OffTheRecord {
    /// Room for `room` answers in all, each kept for `life` after its submission.
    #[must_use]
    pub fn with_room(room: usize, life: Duration) -> Self {
        Self { room, life, held: Mutex::default() }
    }

    /// Keeps room for the answers of a form that is being opened, until its time ends. Reserving again for the same
    /// invitation replaces the former reservation.
    ///
    /// # Errors
    /// [`Full`] when there is no room; nothing is changed then.
    pub fn reserve(
        &self,
        invitation: InvitationId,
        answers: usize,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), Full> {
        let mut held = self.lock();
        let former = held.reserved.get(&invitation).map_or(0, |reservation| reservation.answers);
        if held.used - former + answers > self.room {
            held.forget_due(now);
        }
        let former = held.reserved.get(&invitation).map_or(0, |reservation| reservation.answers);
        if held.used - former + answers > self.room {
            return Err(Full);
        }
        held.used = held.used - former + answers;
        held.reserved.insert(invitation, Reservation { answers, until });
        Ok(())
    }

    /// Takes the answers of a submission into memory in place of its invitation's reservation, and says when they go.
    pub fn put(
        &self,
        invitation: InvitationId,
        submission: SubmissionId,
        answers: Vec<(String, Secret)>,
        now: Timestamp,
    ) -> Timestamp {
        let gone_at = now.plus(self.life);
        let mut held = self.lock();
        held.release(invitation);
        held.forget(submission);
        held.used += answers.len();
        held.kept.insert(submission, Kept { answers, gone_at });
        gone_at
    }

    /// Shows one answer to `look`, if it is still there.
    pub fn with<R>(
        &self,
        submission: SubmissionId,
        question: &str,
        now: Timestamp,
        look: impl FnOnce(&Secret) -> R,
    ) -> Option<R> {
        let held = self.lock();
        let kept = held.kept.get(&submission).filter(|kept| now < kept.gone_at)?;
        kept.answers.iter().find(|(id, _)| id == question).map(|(_, answer)| look(answer))
    }

    /// When a submission's answers go, if they are still there.
    pub fn gone_at(&self, submission: SubmissionId, now: Timestamp) -> Option<Timestamp> {
        self.lock().kept.get(&submission).map(|kept| kept.gone_at).filter(|gone_at| now < *gone_at)
    }

    /// Wipes a submission's answers: done, logout, close.
    pub fn forget(&self, submission: SubmissionId) {
        self.lock().forget(submission);
    }

    /// Gives an invitation's reservation back: expired, cancelled, declined.
    pub fn release(&self, invitation: InvitationId) {
        self.lock().release(invitation);
    }

    /// Wipes every answer and reservation whose time has ended.
    pub fn sweep(&self, now: Timestamp) {
        self.lock().forget_due(now);
    }

    /// How many answers are held or reserved.
    pub fn used(&self) -> usize {
        self.lock().used
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    fn release(&mut self, invitation: InvitationId) {
        if let Some(reservation) = self.reserved.remove(&invitation) {
            self.used -= reservation.answers;
        }
    }

    fn forget(&mut self, submission: SubmissionId) {
        if let Some(kept) = self.kept.remove(&submission) {
            self.used -= kept.answers.len();
        }
    }

    fn forget_due(&mut self, now: Timestamp) {
        self.reserved.retain(|_, reservation| now < reservation.until);
        self.kept.retain(|_, kept| now < kept.gone_at);
        self.used = self.reserved.values().map(|reservation| reservation.answers).sum::<usize>()
            + self.kept.values().map(|kept| kept.answers.len()).sum::<usize>();
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the test looks at what was kept")]

    use aside_base::{SeededRng, Timestamp};

    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn memory() -> OffTheRecord {
        OffTheRecord::with_room(3, Duration::from_secs(600))
    }

    fn invitation(seed: u64) -> InvitationId {
        InvitationId::generate(NOW, &SeededRng::new(seed))
    }

    fn submission(seed: u64) -> SubmissionId {
        SubmissionId::generate(NOW, &SeededRng::new(seed))
    }

    fn code(text: &str) -> Vec<(String, Secret)> {
        vec![("code".to_owned(), Secret::from(text.to_owned()))]
    }

    #[test]
    fn an_answer_is_there_until_its_time_ends_and_not_a_moment_longer() {
        let memory = memory();
        let gone_at = memory.put(invitation(1), submission(1), code("737"), NOW);
        assert_eq!(gone_at, NOW.plus_seconds(600));
        let read = |now| memory.with(submission(1), "code", now, |answer| answer.expose().to_owned());
        assert_eq!(read(NOW.plus_seconds(599)).as_deref(), Some("737"));
        assert_eq!(read(NOW.plus_seconds(600)), None);
        assert_eq!(memory.with(submission(1), "other", NOW, |_| ()), None);
        memory.sweep(NOW.plus_seconds(600));
        assert_eq!(memory.used(), 0);
    }

    #[test]
    fn a_full_memory_refuses_when_the_form_opens_and_never_later() {
        let memory = memory();
        let until = NOW.plus_seconds(60);
        assert_eq!(memory.reserve(invitation(1), 2, until, NOW), Ok(()));
        assert_eq!(memory.reserve(invitation(2), 2, until, NOW), Err(Full));
        assert_eq!(memory.reserve(invitation(1), 3, until, NOW), Ok(()), "the same form opened again");
        memory.put(invitation(1), submission(1), code("737"), NOW);
        assert_eq!(memory.used(), 1);
        assert_eq!(memory.reserve(invitation(2), 2, until, NOW), Ok(()));
        assert_eq!(memory.reserve(invitation(3), 1, until, NOW), Err(Full));
        assert_eq!(memory.reserve(invitation(3), 1, until, until), Ok(()), "the second form's time ended");
    }

    #[test]
    fn forgetting_and_releasing_give_the_room_back_once() {
        let memory = memory();
        memory.reserve(invitation(1), 1, NOW.plus_seconds(60), NOW).unwrap_or_else(|_| unreachable!());
        memory.put(invitation(2), submission(2), code("737"), NOW);
        for _ in 0..2 {
            memory.release(invitation(1));
            memory.forget(submission(2));
        }
        assert_eq!(memory.used(), 0);
        assert_eq!(memory.gone_at(submission(2), NOW), None);
    }
}
