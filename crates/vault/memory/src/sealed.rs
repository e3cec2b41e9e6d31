//! One answer in its places: sealed under the process's own key, which lies in locked memory too.
//!
//! A copy of the places alone, such as a page that a hypervisor wrote out, opens nothing.

use std::sync::atomic::{AtomicU64, Ordering};

use aside_base::{Rng, Secret, SubmissionId};
use aside_vault_locked::Slot;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use zeroize::Zeroizing;

use crate::Full;
use crate::room::{PLACE, Room, places_for};

const KEY: usize = 32;
const TAG: usize = 16;

/// The key of this process: made at its start, never written, gone with it.
pub(crate) struct ProcessKey {
    key: Slot,
    /// Counts what was sealed: each nonce is used once, and the key lives no longer than the count.
    sealed: AtomicU64,
}

/// An answer that only this process can open.
pub(crate) struct Sealed {
    nonce: [u8; NONCE_LEN],
    tag: [u8; TAG],
    length: usize,
    places: Vec<Slot>,
}

impl Sealed {
    /// How many places it lies in.
    pub(crate) fn places(&self) -> usize {
        self.places.len()
    }
}

impl ProcessKey {
    pub(crate) fn generate(mut key: Slot, rng: &dyn Rng) -> Self {
        rng.fill(&mut key[..KEY]);
        Self { key, sealed: AtomicU64::new(0) }
    }

    /// Seals an answer into places of the room, for this question of this submission.
    pub(crate) fn seal(
        &self,
        room: &Room,
        submission: SubmissionId,
        question: &str,
        answer: &Secret,
    ) -> Result<Sealed, Full> {
        #[expect(clippy::disallowed_methods, reason = "what is kept in memory is sealed here")]
        let mut bytes = Zeroizing::new(answer.expose().as_bytes().to_vec());
        let mut places = (0..places_for(bytes.len())).map(|_| room.place()).collect::<Option<Vec<_>>>().ok_or(Full)?;
        let mut nonce = [0; NONCE_LEN];
        nonce[..8].copy_from_slice(&self.sealed.fetch_add(1, Ordering::Relaxed).to_be_bytes());
        let cipher = self.cipher().ok_or(Full)?;
        let sealing = Nonce::assume_unique_for_key(nonce);
        let sealed = cipher.seal_in_place_separate_tag(sealing, Aad::from(name(submission, question)), &mut bytes);
        let mut tag = [0; TAG];
        tag.copy_from_slice(sealed.map_err(|_| Full)?.as_ref());
        for (place, chunk) in places.iter_mut().zip(bytes.chunks(PLACE)) {
            place[..chunk.len()].copy_from_slice(chunk);
        }
        Ok(Sealed { nonce, tag, length: bytes.len(), places })
    }

    /// Opens what [`ProcessKey::seal`] sealed for the same question of the same submission.
    pub(crate) fn open(&self, submission: SubmissionId, question: &str, sealed: &Sealed) -> Option<Secret> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(sealed.length + TAG));
        let mut left = sealed.length;
        for place in &sealed.places {
            let here = left.min(PLACE);
            bytes.extend_from_slice(&place[..here]);
            left -= here;
        }
        bytes.extend_from_slice(&sealed.tag);
        let opening = Nonce::assume_unique_for_key(sealed.nonce);
        let named = Aad::from(name(submission, question));
        self.cipher()?.open_in_place(opening, named, bytes.as_mut_slice()).ok()?;
        bytes.truncate(sealed.length);
        // Checked in place, then moved: no second copy is made.
        std::str::from_utf8(&bytes).ok()?;
        String::from_utf8(std::mem::take(&mut *bytes)).ok().map(|clear| Secret::new(Zeroizing::new(clear)))
    }

    fn cipher(&self) -> Option<LessSafeKey> {
        UnboundKey::new(&AES_256_GCM, &self.key[..KEY]).ok().map(LessSafeKey::new)
    }
}

/// What an answer is bound to: nothing that is in another one's places opens here.
fn name(submission: SubmissionId, question: &str) -> Vec<u8> {
    let mut name = submission.as_uuid().as_bytes().to_vec();
    name.extend_from_slice(question.as_bytes());
    name
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test looks at what was sealed")]
mod tests {
    use aside_base::{SeededRng, Timestamp};
    use aside_vault_locked::Lock;
    use proptest::prelude::*;

    use super::*;

    fn submission(seed: u64) -> SubmissionId {
        SubmissionId::generate(Timestamp(1_000), &SeededRng::new(seed))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn an_answer_opens_where_it_belongs_and_nowhere_else(text in "\\PC{1,300}", question in "[a-z]{1,8}", flip in any::<usize>()) {
            let room = Room::obtain(64, Lock::MemfdSecret).unwrap();
            let key = ProcessKey::generate(room.key().unwrap(), &SeededRng::new(1));
            let other = ProcessKey::generate(room.key().unwrap(), &SeededRng::new(2));
            let Ok(mut sealed) = key.seal(&room, submission(1), &question, &Secret::from(text.clone())) else {
                prop_assert!(text.len() > 64 * PLACE);
                return Ok(());
            };
            prop_assert_eq!(sealed.places.len(), places_for(text.len()));
            let opened = key.open(submission(1), &question, &sealed);
            prop_assert_eq!(opened.as_ref().map(Secret::expose), Some(text.as_str()));
            prop_assert!(key.open(submission(2), &question, &sealed).is_none());
            prop_assert!(key.open(submission(1), "another", &sealed).is_none());
            prop_assert!(other.open(submission(1), &question, &sealed).is_none());
            let kept: Vec<u8> = sealed.places.iter().flat_map(|place| place.to_vec()).collect();
            prop_assert!(text.len() < 4 || !kept.windows(text.len()).any(|seen| seen == text.as_bytes()));
            let at = flip % text.len();
            sealed.places[at / PLACE][at % PLACE] ^= 1;
            prop_assert!(key.open(submission(1), &question, &sealed).is_none());
        }
    }

    #[test]
    fn the_same_answer_never_looks_the_same_twice_and_takes_no_place_when_there_are_too_few() {
        let room = Room::obtain(3, Lock::MemfdSecret).unwrap();
        let key = ProcessKey::generate(room.key().unwrap(), &SeededRng::new(1));
        let code = Secret::from("7373".to_owned());
        let one = key.seal(&room, submission(1), "code", &code).unwrap_or_else(|_| unreachable!());
        let two = key.seal(&room, submission(1), "code", &code).unwrap_or_else(|_| unreachable!());
        assert_ne!(one.places[0][..4], two.places[0][..4]);
        assert!(key.seal(&room, submission(1), "note", &Secret::from("x".repeat(PLACE + 1))).is_err());
        assert!(key.seal(&room, submission(1), "code", &code).is_ok(), "what was taken for the note came back");
    }
}
