//! Keys of the vault's API, and what is read by them (V7). Each verb checks the key on its own record, in the transaction that
//! writes its audit row: a key that was revoked a moment ago opens nothing.

use aside_base::{AnswerToken, ApiKeyId, ConversationId, SubmissionId};
use aside_vault_domain::{ApiKey, Invitation, Occasion, Presented, Refusal, SealedAnswer, SealedDataKey};
use async_trait::async_trait;

use crate::{Ended, Result, StoredForm};

/// What a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFound {
    /// The invitation.
    pub invitation: Invitation,
    /// The submission.
    pub submission: SubmissionId,
    /// The key of the answer.
    pub data_key: SealedDataKey,
    /// The answer, sealed.
    pub answer: SealedAnswer,
}

/// The verbs.
#[async_trait]
pub trait ApiKeys: Send + Sync {
    /// Keeps a new key. The site must be known.
    async fn put_api_key(&self, on: Occasion, key: ApiKey) -> Result<()>;

    /// All keys, the newest first.
    async fn api_keys(&self) -> Result<Vec<ApiKey>>;

    /// The key of this name.
    async fn api_key(&self, id: ApiKeyId) -> Result<Option<ApiKey>>;

    /// Revokes a key for good (idempotent).
    async fn revoke_api_key(&self, on: Occasion, id: ApiKeyId) -> Result<()>;

    /// What these tokens stand for, in their order; a refusal for each that the key does not open: *not valid* for whatever is
    /// not of its site, erased, or of another kind. What is off the record is *not valid*.
    async fn detokenise(
        &self,
        on: Occasion,
        presented: Presented,
        tokens: Vec<AnswerToken>,
    ) -> Result<Vec<std::result::Result<TokenFound, Refusal>>>;

    /// What a submission holds: its answers are not to be opened.
    async fn describe(
        &self,
        on: Occasion,
        presented: Presented,
        submission: SubmissionId,
    ) -> Result<(ApiKey, StoredForm)>;

    /// What is stored of a conversation.
    async fn export_by_key(
        &self,
        on: Occasion,
        presented: Presented,
        conversation: ConversationId,
    ) -> Result<(ApiKey, Vec<StoredForm>)>;

    /// Erases everything of a conversation, as [`crate::Keeping::erase_conversation`].
    async fn erase_by_key(&self, on: Occasion, presented: Presented, conversation: ConversationId) -> Result<Ended>;
}
