//! The verbs of keeping, and those of the API's keys.

use aside_base::{AnswerToken, ApiKeyId, ConversationId, KeyHash, SiteId, SubmissionId, Timestamp};
use aside_vault_domain::{Act, ApiKey, Lease, Occasion, On, Presented, Refusal};
use aside_vault_store::{ApiKeys, Ended, Erased, GrantExport, Keeping, OpenExport, Result, StoredForm, TokenFound};
use aside_wire::KeepingReport;
use async_trait::async_trait;

use crate::audit::Tried;
use crate::{SqliteStore, api_keys, erasure, export};

const fn tried(act: Act, on: On) -> Tried {
    Tried { act, on }
}

#[async_trait]
impl Keeping for SqliteStore {
    async fn erase_due(&self, now: Timestamp, limit: u32) -> Result<Erased> {
        let erased = self.write("erase_due", move |db| erasure::erase_due(db, now, limit)).await?;
        if erased.parts > 0 {
            self.announce();
        }
        Ok(erased)
    }

    async fn erase_conversation(&self, on: Occasion, site: SiteId, conversation: ConversationId) -> Result<Ended> {
        let names = On { site: Some(site.clone()), conversation: Some(conversation), ..On::default() };
        let tried = tried(Act::ConversationErased, names);
        let erase =
            move |db: &rusqlite::Connection, on: &Occasion| erasure::erase_conversation(db, on, site, conversation);
        let ended = self.change("erase_conversation", on, tried, erase).await?;
        self.announce();
        Ok(ended)
    }

    async fn keeping_report(&self, site: SiteId, now: Timestamp) -> Result<KeepingReport> {
        self.read("keeping_report", move |db| erasure::report(db, &site, now)).await
    }

    async fn cut_log(&self) -> Result<()> {
        self.truncate_log().await
    }

    async fn grant_export(&self, on: Occasion, site: SiteId, grant: GrantExport) -> Result<Timestamp> {
        let names = On { site: Some(site.clone()), session: Some(grant.session), ..On::default() };
        let tried = tried(Act::ExportGranted, names);
        self.change("grant_export", on, tried, move |db, on| export::grant(db, on, &site, grant)).await
    }

    async fn open_export(&self, on: Occasion, key: KeyHash, viewer: KeyHash, lease: Lease) -> Result<OpenExport> {
        let tried = tried(Act::ExportOpened, On::default());
        self.change("open_export", on, tried, move |db, on| export::open(db, on, key, viewer, lease)).await
    }

    async fn find_export(&self, viewer: KeyHash, lease: Lease, now: Timestamp) -> Result<OpenExport> {
        self.read("find_export", move |db| export::find(db, viewer, lease, now)).await
    }

    async fn export(&self, on: Occasion, viewer: KeyHash, lease: Lease) -> Result<(OpenExport, Vec<StoredForm>)> {
        let tried = tried(Act::Exported, On::default());
        self.change("export", on, tried, move |db, on| export::hand_out(db, on, viewer, lease)).await
    }
}

#[async_trait]
impl ApiKeys for SqliteStore {
    async fn put_api_key(&self, on: Occasion, key: ApiKey) -> Result<()> {
        let tried = tried(Act::ApiKeyMade, On { detail: Some(key.site.to_string()), ..On::default() });
        self.change("put_api_key", on, tried, move |db, on| api_keys::put(db, on, &key)).await
    }

    async fn api_keys(&self) -> Result<Vec<ApiKey>> {
        self.read("api_keys", api_keys::all).await
    }

    async fn api_key(&self, id: ApiKeyId) -> Result<Option<ApiKey>> {
        self.read("api_key", move |db| api_keys::find(db, id)).await
    }

    async fn revoke_api_key(&self, on: Occasion, id: ApiKeyId) -> Result<()> {
        let tried = tried(Act::ApiKeyRevoked, On { detail: Some(id.to_string()), ..On::default() });
        self.change("revoke_api_key", on, tried, move |db, on| api_keys::revoke(db, on, id)).await
    }

    async fn detokenise(
        &self,
        on: Occasion,
        presented: Presented,
        tokens: Vec<AnswerToken>,
    ) -> Result<Vec<std::result::Result<TokenFound, Refusal>>> {
        let tried = tried(Act::Detokenised, On::default());
        self.change("detokenise", on, tried, move |db, on| api_keys::detokenise(db, on, &presented, &tokens)).await
    }

    async fn describe(
        &self,
        on: Occasion,
        presented: Presented,
        submission: SubmissionId,
    ) -> Result<(ApiKey, StoredForm)> {
        let tried = tried(Act::Described, On::default());
        self.change("describe", on, tried, move |db, on| api_keys::describe(db, on, &presented, submission)).await
    }

    async fn export_by_key(
        &self,
        on: Occasion,
        presented: Presented,
        conversation: ConversationId,
    ) -> Result<(ApiKey, Vec<StoredForm>)> {
        let tried = tried(Act::Exported, On::default());
        self.change("export_by_key", on, tried, move |db, on| api_keys::export(db, on, &presented, conversation)).await
    }

    async fn erase_by_key(&self, on: Occasion, presented: Presented, conversation: ConversationId) -> Result<Ended> {
        let tried = tried(Act::ConversationErased, On::default());
        let erase = move |db: &rusqlite::Connection, on: &Occasion| api_keys::erase(db, on, &presented, conversation);
        let ended = self.change("erase_by_key", on, tried, erase).await?;
        self.announce();
        Ok(ended)
    }
}
