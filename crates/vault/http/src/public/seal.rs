//! From clear answers to what may be kept: each on the record is sealed, each off it goes to memory alone (step 4), and back
//! (step 7).

use aside_base::{AnswerToken, InvitationId, Secret, SiteId, SubmissionId, Timestamp};
use aside_form::{Answer, Kind};
use aside_vault_domain::{
    Fingerprint, Parts, Refusal, SealedAnswer, SealedDataKey, SealedSubmission, erased_at_latest, kept_days,
};
use aside_vault_keys::DataKey;
use aside_vault_memory::Full;
use aside_vault_store::Result;

use crate::Vault;
use crate::setting::Setting;
use crate::site_keys::failed;

/// A submission ready to be kept, in its two parts.
pub(super) struct Kept {
    /// For the store.
    pub(super) submission: SealedSubmission,
    /// For memory: question and answer.
    pub(super) off_the_record: Vec<(String, Secret)>,
}

/// Seals the answers under data keys of their own: one for each part that is kept equally long.
pub(super) async fn seal(vault: &Vault, setting: &Setting, answers: Vec<Answer>, now: Timestamp) -> Result<Kept> {
    let rng = vault.rng.as_ref();
    let id = SubmissionId::generate(now, rng);
    let site_key = vault.keys.newest(vault.store.as_ref(), &setting.invitation.site, rng).await?;
    let definition = setting.definition.definition();
    let mut parts = Parts::default();
    let mut data_keys: Vec<(SealedDataKey, DataKey)> = Vec::new();
    let mut sealed = Vec::with_capacity(answers.len());
    let mut off_the_record = Vec::new();
    for answer in answers {
        let (question, value) = (answer.question, answer.value);
        let token = AnswerToken::generate(now, rng);
        let mut kept = SealedAnswer { token, question, part: 0, sealed: None, fingerprint: None, erased_at: None };
        if answer.off_the_record {
            off_the_record.push((kept.question.clone(), value));
        } else {
            let asked = definition.question(&kept.question);
            // Cannot be missing: parsed by this definition. If it were, it would be kept the shortest time.
            let days = asked.map_or(0, |asked| kept_days(setting.profile.keeping, definition, asked));
            let (part, first) = parts.of(days);
            if first {
                let (key, sealed) = site_key.new_data_key(id, part, rng).map_err(|error| failed(&error))?;
                let (version, erase_at) = (site_key.version(), erased_at_latest(now, days));
                let sealed =
                    SealedDataKey { part, version, born_version: version, sealed, erase_at, at_close: days == 0 };
                data_keys.push((sealed, key));
            }
            // Parts are numbered from 1 in the order in which their keys were made.
            let (_, key) = &data_keys[usize::from(part) - 1];
            kept.part = part;
            if asked.is_some_and(|asked| asked.kind == Kind::CardNumber) {
                let key = vault.keys.fingerprint_key(vault.store.as_ref(), &setting.invitation.site, rng).await?;
                kept.fingerprint = Some(Fingerprint(key.of(&value)));
            }
            kept.sealed = Some(key.seal(&kept.question, &value, rng).map_err(|error| failed(&error))?);
        }
        sealed.push(kept);
    }
    let data_keys = data_keys.into_iter().map(|(sealed, _)| sealed).collect();
    Ok(Kept { submission: SealedSubmission { id, data_keys, answers: sealed }, off_the_record })
}

/// Opens stored answers of one submission, those that `wanted` names.
pub(crate) async fn unseal(
    vault: &Vault,
    site: &SiteId,
    submission: SubmissionId,
    data_keys: &[SealedDataKey],
    answers: &[SealedAnswer],
    wanted: impl Fn(&str) -> bool,
) -> Result<Vec<(String, Secret)>> {
    let mut clear = Vec::new();
    for sealed_key in data_keys {
        let of_part = |answer: &&SealedAnswer| answer.part == sealed_key.part && wanted(&answer.question);
        let sealed: Vec<(&str, &[u8])> = answers
            .iter()
            .filter(of_part)
            .filter_map(|answer| Some((answer.question.as_str(), answer.sealed.as_deref()?)))
            .collect();
        if sealed.is_empty() {
            continue;
        }
        let site_key = vault.keys.version(vault.store.as_ref(), site, sealed_key.version).await?;
        let data_key = site_key
            .open_data_key(submission, sealed_key.part, sealed_key.born_version, &sealed_key.sealed)
            .map_err(|error| failed(&error))?;
        for (question, sealed) in sealed {
            let secret = data_key.open(question, sealed).map_err(|error| failed(&error))?;
            clear.push((question.to_owned(), secret));
        }
    }
    Ok(clear)
}

/// Off-the-record answers that are in memory while their submission is being kept. Whatever goes wrong before
/// [`InMemory::keep`], dropping this wipes them.
pub(super) struct InMemory<'v> {
    vault: &'v Vault,
    submission: SubmissionId,
    /// When they go; none where there are none.
    pub(super) gone_at: Option<Timestamp>,
    kept: bool,
}

impl<'v> InMemory<'v> {
    pub(super) fn put(
        vault: &'v Vault,
        invitation: InvitationId,
        submission: SubmissionId,
        answers: Vec<(String, Secret)>,
        now: Timestamp,
    ) -> Result<Self> {
        let gone_at = if answers.is_empty() {
            vault.memory.release(invitation);
            None
        } else {
            // Cannot be full: it was reserved for the longest answers. If it were, nothing is kept.
            Some(vault.memory.put(invitation, submission, answers, now).map_err(|Full| Refusal::Full)?)
        };
        Ok(Self { vault, submission, gone_at, kept: false })
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
