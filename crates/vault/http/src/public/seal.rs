//! From clear answers to what may be kept: each on the record is sealed, each off it goes to memory alone (step 4), and back
//! (step 7).

use aside_base::{AnswerToken, InvitationId, Secret, SiteId, SubmissionId, Timestamp};
use aside_form::Answer;
use aside_vault_domain::{SealedAnswer, SealedDataKey, SealedSubmission};
use aside_vault_store::Result;

use crate::Vault;
use crate::site_keys::failed;

/// A submission ready to be kept, in its two parts.
pub(super) struct Kept {
    /// For the store.
    pub(super) submission: SealedSubmission,
    /// For memory: question and answer.
    pub(super) off_the_record: Vec<(String, Secret)>,
}

/// Seals the answers under a data key of their own.
pub(super) async fn seal(vault: &Vault, site: &SiteId, answers: Vec<Answer>, now: Timestamp) -> Result<Kept> {
    let rng = vault.rng.as_ref();
    let id = SubmissionId::generate(now, rng);
    let site_key = vault.keys.newest(vault.store.as_ref(), site, rng).await?;
    let (data_key, sealed_key) = site_key.new_data_key(id, rng).map_err(|error| failed(&error))?;
    let mut sealed = Vec::with_capacity(answers.len());
    let mut off_the_record = Vec::new();
    for answer in answers {
        let token = AnswerToken::generate(rng);
        let question = answer.question;
        let value = if answer.off_the_record {
            off_the_record.push((question.clone(), answer.value));
            None
        } else {
            Some(data_key.seal(&question, &answer.value, rng).map_err(|error| failed(&error))?)
        };
        sealed.push(SealedAnswer { token, question, sealed: value });
    }
    let data_key = SealedDataKey { version: site_key.version(), sealed: sealed_key };
    Ok(Kept { submission: SealedSubmission { id, data_key, answers: sealed }, off_the_record })
}

/// Opens stored answers of one submission, those that `wanted` names.
pub(super) async fn unseal(
    vault: &Vault,
    site: &SiteId,
    submission: SubmissionId,
    data_key: &SealedDataKey,
    answers: &[SealedAnswer],
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(String, Secret)>> {
    let site_key = vault.keys.version(vault.store.as_ref(), site, data_key.version).await?;
    let data_key = site_key.open_data_key(submission, &data_key.sealed).map_err(|error| failed(&error))?;
    let mut clear = Vec::new();
    for answer in answers {
        if let Some(sealed) = answer.sealed.as_deref().filter(|_| wanted(&answer.question)) {
            let secret = data_key.open(&answer.question, sealed).map_err(|error| failed(&error))?;
            clear.push((answer.question.clone(), secret));
        }
    }
    Ok(clear)
}

/// Off-the-record answers that are in memory while their submission is being kept. Whatever goes wrong before
/// [`InMemory::keep`], dropping this wipes them.
pub(super) struct InMemory<'v> {
    vault: &'v Vault,
    submission: SubmissionId,
    kept: bool,
}

impl<'v> InMemory<'v> {
    pub(super) fn put(
        vault: &'v Vault,
        invitation: InvitationId,
        submission: SubmissionId,
        answers: Vec<(String, Secret)>,
        now: Timestamp,
    ) -> Self {
        if !answers.is_empty() {
            vault.memory.put(invitation, submission, answers, now);
        }
        Self { vault, submission, kept: false }
    }

    /// The submission is kept; its answers stay for their time.
    pub(super) fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for InMemory<'_> {
    fn drop(&mut self) {
        if !self.kept {
            self.vault.memory.forget(self.submission);
        }
    }
}
