//! The key of a part of a submission: seals its answers. Deleting its sealed form erases them.

use aside_base::{Rng, Secret, SiteId, SubmissionId};
use zeroize::Zeroizing;

use crate::KeyError;
use crate::place::place;
use crate::seal::Key;

/// The key of one part of a submission, opened.
pub struct DataKey {
    site: SiteId,
    born_version: u32,
    submission: SubmissionId,
    key: Key,
}

impl DataKey {
    pub(crate) const fn new(site: SiteId, born_version: u32, submission: SubmissionId, key: Key) -> Self {
        Self { site, born_version, submission, key }
    }

    /// Seals the answer to `question`.
    ///
    /// # Errors
    /// [`KeyError`] when it cannot be sealed.
    #[expect(clippy::disallowed_methods, reason = "keys seals clear answers")]
    pub fn seal(&self, question: &str, answer: &Secret, rng: &dyn Rng) -> Result<Vec<u8>, KeyError> {
        self.key.seal(&self.answer_place(question), answer.expose().as_bytes(), rng)
    }

    /// Opens the answer to `question` as it was stored.
    ///
    /// # Errors
    /// [`KeyError`] for another question, submission, site or key.
    pub fn open(&self, question: &str, sealed: &[u8]) -> Result<Secret, KeyError> {
        let clear = self.key.open(&self.answer_place(question), sealed)?;
        let text = std::str::from_utf8(&clear).map_err(|_| KeyError)?;
        Ok(Secret::new(Zeroizing::new(text.to_owned())))
    }

    fn answer_place(&self, question: &str) -> Vec<u8> {
        place(
            "answer",
            &[
                self.site.as_str().as_bytes(),
                self.submission.as_uuid().as_bytes(),
                question.as_bytes(),
                &self.born_version.to_be_bytes(),
            ],
        )
    }
}
