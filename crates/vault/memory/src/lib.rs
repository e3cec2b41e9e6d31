//! Off-the-record answers (V3): in locked memory for a short time, never on a disk, wiped after.
//!
//! Room is reserved when a form opens, in places of [`PLACE`] bytes and for the longest answers that it takes, so that a full
//! memory refuses before the visitor types, never after. A restart forgets everything, by design. Each answer lies sealed
//! under a key of this process ([`sealed`]); in clear it exists only while somebody looks.

mod room;
mod sealed;

use std::collections::HashMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aside_base::{InvitationId, Rng, Secret, SubmissionId, Timestamp};

pub use aside_vault_locked::{Lock, Slot, raise_limit};
pub use room::{DESK, PLACE, Room, places_for};

use sealed::{ProcessKey, Sealed};

/// There is no room for another form's off-the-record answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no room for off-the-record answers")]
pub struct Full;

/// The off-the-record answers of all open conversations.
pub struct OffTheRecord {
    // Before the room, so that every slot has come back when it goes.
    held: Mutex<Held>,
    key: ProcessKey,
    room: Room,
    life: Duration,
}

#[derive(Default)]
struct Held {
    reserved: HashMap<InvitationId, Reservation>,
    kept: HashMap<SubmissionId, Kept>,
    /// Places that are reserved or taken.
    used: usize,
}

struct Reservation {
    places: usize,
    until: Timestamp,
}

struct Kept {
    answers: Vec<(String, Sealed)>,
    places: usize,
    gone_at: Timestamp,
}

impl OffTheRecord {
    /// Answers in this room, each kept for `life` after its submission, under a fresh key.
    ///
    /// # Errors
    /// The room has no slot for a key.
    pub fn new(room: Room, life: Duration, rng: &dyn Rng) -> io::Result<Self> {
        let key = room.key().ok_or_else(|| io::Error::from(io::ErrorKind::OutOfMemory))?;
        Ok(Self { held: Mutex::default(), key: ProcessKey::generate(key, rng), room, life })
    }

    /// The locked memory itself: for keys, and for opening forms in place.
    #[must_use]
    pub const fn room(&self) -> &Room {
        &self.room
    }

    /// Whether there would be room for the invitation's form, which needs so many places, as of now. Nothing is reserved.
    pub fn fits(&self, invitation: InvitationId, places: usize, now: Timestamp) -> bool {
        let mut held = self.lock();
        if held.without(invitation) + places > self.room.places() {
            held.forget_due(now);
        }
        held.without(invitation) + places <= self.room.places()
    }

    /// Keeps places for the answers of a form that is being opened, until its time ends. Reserving again for the same invitation
    /// replaces the former reservation.
    ///
    /// # Errors
    /// [`Full`] when there is no room; nothing is changed then.
    pub fn reserve(
        &self,
        invitation: InvitationId,
        places: usize,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<(), Full> {
        let mut held = self.lock();
        if held.without(invitation) + places > self.room.places() {
            held.forget_due(now);
        }
        let others = held.without(invitation);
        if others + places > self.room.places() {
            return Err(Full);
        }
        held.used = others + places;
        held.reserved.insert(invitation, Reservation { places, until });
        Ok(())
    }

    /// Takes the answers of a submission into memory in place of its invitation's reservation, and says when they go.
    ///
    /// # Errors
    /// [`Full`] when they need more than was reserved and that is not there; nothing of them is kept then.
    pub fn put(
        &self,
        invitation: InvitationId,
        submission: SubmissionId,
        answers: Vec<(String, Secret)>,
        now: Timestamp,
    ) -> Result<Timestamp, Full> {
        let gone_at = now.plus(self.life);
        let mut held = self.lock();
        held.release(invitation);
        held.forget(submission);
        let sealed = answers.into_iter().map(|(question, answer)| {
            self.key.seal(&self.room, submission, &question, &answer).map(|sealed| (question, sealed))
        });
        let answers = sealed.collect::<Result<Vec<_>, Full>>()?;
        let places = answers.iter().map(|(_, sealed)| sealed.places()).sum();
        if held.used + places > self.room.places() {
            // The places are there, but promised to others.
            return Err(Full);
        }
        held.used += places;
        held.kept.insert(submission, Kept { answers, places, gone_at });
        Ok(gone_at)
    }

    /// Shows one answer to `look`, if it is still there. As often as is asked for: each look is its caller's to allow (edge
    /// case 24).
    pub fn with<R>(
        &self,
        submission: SubmissionId,
        question: &str,
        now: Timestamp,
        look: impl FnOnce(&Secret) -> R,
    ) -> Option<R> {
        let held = self.lock();
        let kept = held.kept.get(&submission).filter(|kept| now < kept.gone_at)?;
        let (_, sealed) = kept.answers.iter().find(|(id, _)| id == question)?;
        self.key.open(submission, question, sealed).as_ref().map(look)
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

    /// How many places are taken or reserved.
    pub fn used(&self) -> usize {
        self.lock().used
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// What is used but for this invitation's reservation.
    fn without(&self, invitation: InvitationId) -> usize {
        self.used - self.reserved.get(&invitation).map_or(0, |reservation| reservation.places)
    }

    fn release(&mut self, invitation: InvitationId) {
        if let Some(reservation) = self.reserved.remove(&invitation) {
            self.used -= reservation.places;
        }
    }

    fn forget(&mut self, submission: SubmissionId) {
        if let Some(kept) = self.kept.remove(&submission) {
            self.used -= kept.places;
        }
    }

    fn forget_due(&mut self, now: Timestamp) {
        self.reserved.retain(|_, reservation| now < reservation.until);
        self.kept.retain(|_, kept| now < kept.gone_at);
        self.used = self.reserved.values().map(|reservation| reservation.places).sum::<usize>()
            + self.kept.values().map(|kept| kept.places).sum::<usize>();
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::disallowed_methods, reason = "the test looks at what was kept")]

    use aside_base::SeededRng;
    use proptest::prelude::*;

    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000);

    fn memory() -> OffTheRecord {
        let room = Room::obtain(3, Lock::MemfdSecret).unwrap();
        OffTheRecord::new(room, Duration::from_secs(600), &SeededRng::new(9)).unwrap()
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
        assert_eq!(gone_at, Ok(NOW.plus_seconds(600)));
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
        memory.put(invitation(1), submission(1), code("737"), NOW).unwrap();
        assert_eq!(memory.used(), 1);
        assert_eq!(memory.reserve(invitation(2), 2, until, NOW), Ok(()));
        assert_eq!(memory.reserve(invitation(3), 1, until, NOW), Err(Full));
        assert_eq!(memory.reserve(invitation(3), 1, until, until), Ok(()), "the second form's time ended");
    }

    #[test]
    fn forgetting_and_releasing_give_the_room_back_once() {
        let memory = memory();
        memory.reserve(invitation(1), 1, NOW.plus_seconds(60), NOW).unwrap_or_else(|_| unreachable!());
        memory.put(invitation(2), submission(2), code("737"), NOW).unwrap();
        for _ in 0..2 {
            memory.release(invitation(1));
            memory.forget(submission(2));
        }
        assert_eq!(memory.used(), 0);
        assert_eq!(memory.gone_at(submission(2), NOW), None);
    }

    #[test]
    fn what_needs_more_than_there_is_is_not_kept_and_takes_nothing_from_others() {
        let memory = memory();
        memory.reserve(invitation(1), 2, NOW.plus_seconds(60), NOW).unwrap();
        let long = |places: usize| vec![("note".to_owned(), Secret::from("x".repeat(places * PLACE)))];
        assert_eq!(memory.put(invitation(2), submission(2), long(2), NOW), Err(Full), "two are promised to another");
        assert_eq!(memory.put(invitation(2), submission(2), long(4), NOW), Err(Full), "there are three in all");
        assert_eq!(memory.used(), 2);
        assert!(memory.put(invitation(1), submission(1), long(2), NOW).is_ok());
        let fits = |places, now| memory.fits(invitation(3), places, now);
        assert!(fits(1, NOW) && !fits(2, NOW));
        assert!(fits(2, NOW.plus_seconds(600)), "what was there is gone by then");
        memory.reserve(invitation(4), 3, NOW.plus_seconds(60), NOW).unwrap();
        assert!(!fits(1, NOW) && memory.fits(invitation(4), 1, NOW), "its own reservation is in nobody's way");
    }

    #[derive(Debug, Clone)]
    enum Step {
        Reserve(u64, usize, i64),
        Put(u64, usize),
        Forget(u64),
        Release(u64),
        Pass(i64),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            (0_u64..6, 0_usize..4, 1_i64..900).prop_map(|(id, places, seconds)| Step::Reserve(id, places, seconds)),
            (0_u64..6, 0_usize..200).prop_map(|(id, bytes)| Step::Put(id, bytes)),
            (0_u64..6).prop_map(Step::Forget),
            (0_u64..6).prop_map(Step::Release),
            (1_i64..500).prop_map(Step::Pass),
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn whoever_reserved_can_put_and_whatever_was_put_is_read_until_its_time_ends(steps in prop::collection::vec(step(), 1..60)) {
            let memory = OffTheRecord::new(Room::obtain(8, Lock::Mlock).unwrap(), Duration::from_secs(600), &SeededRng::new(9)).unwrap();
            let (mut now, mut kept) = (NOW, HashMap::<u64, (String, Timestamp)>::new());
            let mut reserved = HashMap::<u64, (usize, Timestamp)>::new();
            for step in steps {
                match step {
                    Step::Reserve(id, places, seconds) => {
                        let until = now.plus_seconds(u32::try_from(seconds).unwrap());
                        if memory.reserve(invitation(id), places, until, now).is_ok() {
                            reserved.insert(id, (places, until));
                        }
                    }
                    Step::Put(id, bytes) => {
                        let text = "x".repeat(bytes);
                        let promised = reserved.remove(&id).filter(|(_, until)| now < *until).map(|(places, _)| places);
                        match memory.put(invitation(id), submission(id), code(&text), now) {
                            Ok(gone_at) => _ = kept.insert(id, (text, gone_at)),
                            Err(Full) => {
                                prop_assert!(promised.is_none_or(|places| places < places_for(bytes)));
                                kept.remove(&id);
                            }
                        }
                    }
                    Step::Forget(id) => {
                        memory.forget(submission(id));
                        kept.remove(&id);
                    }
                    Step::Release(id) => {
                        memory.release(invitation(id));
                        reserved.remove(&id);
                    }
                    Step::Pass(seconds) => now = now.plus_seconds(u32::try_from(seconds).unwrap()),
                }
                prop_assert!(memory.used() <= 8);
                for id in 0..6 {
                    let there = kept.get(&id).filter(|(_, gone_at)| now < *gone_at).map(|(text, _)| text.as_str());
                    let read = memory.with(submission(id), "code", now, |answer| answer.expose().to_owned());
                    prop_assert_eq!(read.as_deref(), there);
                }
            }
            memory.sweep(now.plus_seconds(1_000));
            prop_assert_eq!(memory.used(), 0);
            prop_assert_eq!((0..8).filter_map(|_| memory.room.place()).collect::<Vec<_>>().len(), 8);
        }
    }
}
