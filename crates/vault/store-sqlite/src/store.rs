//! The store's verbs: each names what is tried, for the audit of a refusal, and the command that does it.

use aside_base::{AgentId, ConversationId, DefinitionHash, InvitationId, KeyHash, SessionId, SiteId, Timestamp};
use aside_form::Published;
use aside_vault_domain::{
    Act, AuditRow, Factors, Invitation, Lease, Occasion, On, Reference, SealedSiteKey, Session, ViewId,
};
use aside_vault_store::{
    AddFactor, Answers, Confirm, Ended, Error, Expired, Granted, InviteOutcome, KeyFound, LoadOutcome, MintKey, Open,
    OpenOutcome, Purged, RefusalCount, Result, Reveal, RevealedAnswer, Started, Store, Submit, SubmitOutcome,
    ViewAnswers,
};
use aside_wire::{AgentRights, CancelReason, EventPage, InvitationStatus, Invite, SiteProfile, StartSession};
use async_trait::async_trait;
use tokio::sync::watch;

use crate::audit::Tried;
use crate::fault::Step;
use crate::{SqliteStore, agents, audit, events, factors, housekeeping, invitations, sessions, sites, views, visitor};

const fn tried(act: Act, on: On) -> Tried {
    Tried { act, on }
}

fn on_site(site: &SiteId) -> On {
    On { site: Some(site.clone()), ..On::default() }
}

fn on_invitation(site: &SiteId, invitation: InvitationId) -> On {
    On { invitation: Some(invitation), ..on_site(site) }
}

fn on_agent(site: &SiteId, agent: AgentId) -> On {
    On { agent: Some(agent), ..on_site(site) }
}

fn on_session(site: &SiteId, session: SessionId) -> On {
    On { session: Some(session), ..on_site(site) }
}

#[async_trait]
impl Store for SqliteStore {
    async fn put_site(&self, on: Occasion, site: SiteId, profile: SiteProfile) -> Result<()> {
        let tried = tried(Act::SiteSet, on_site(&site));
        self.change("put_site", on, tried, move |db, on| sites::put(db, on, site, &profile)).await
    }

    async fn site(&self, site: SiteId) -> Result<Option<SiteProfile>> {
        self.read("site", move |db| sites::profile(db, &site)).await
    }

    async fn put_definition(&self, on: Occasion, site: SiteId, definition: Published) -> Result<()> {
        let detail = Some(definition.hash().to_string());
        let tried = tried(Act::DefinitionPublished, On { detail, ..on_site(&site) });
        self.change("put_definition", on, tried, move |db, on| sites::put_definition(db, on, site, &definition)).await
    }

    async fn definition(&self, site: SiteId, hash: DefinitionHash) -> Result<Option<Published>> {
        self.read("definition", move |db| sites::definition(db, &site, &hash)).await
    }

    async fn put_site_key(&self, on: Occasion, site: SiteId, key: SealedSiteKey) -> Result<SealedSiteKey> {
        self.write("put_site_key", move |db| sites::put_key(db, &on, &site, &key)).await
    }

    async fn site_key(&self, site: SiteId, version: Option<u32>) -> Result<Option<SealedSiteKey>> {
        self.read("site_key", move |db| sites::key(db, &site, version)).await
    }

    async fn switch_forms(&self, on: Occasion, site: SiteId, forms: bool) -> Result<Ended> {
        let act = if forms { Act::FormsResumed } else { Act::FormsStopped };
        let tried = tried(act, on_site(&site));
        self.telling("switch_forms", on, tried, move |db, on| sites::switch_forms(db, on, site, forms)).await
    }

    async fn start_session(&self, on: Occasion, site: SiteId, start: StartSession, enrol: MintKey) -> Result<Started> {
        let tried = tried(Act::SessionStarted, on_session(&site, start.session));
        self.change("start_session", on, tried, move |db, on| sessions::start(db, on, site, start, enrol)).await
    }

    async fn enrol(&self, on: Occasion, key: KeyHash, viewer: KeyHash) -> Result<Session> {
        let tried = tried(Act::ViewerEnrolled, On::default());
        self.change("enrol", on, tried, move |db, on| sessions::enrol(db, on, key, viewer)).await
    }

    async fn ended_sessions(&self, site: SiteId, sessions: Vec<SessionId>) -> Result<Vec<SessionId>> {
        self.read("ended_sessions", move |db| sessions::ended(db, &site, sessions)).await
    }

    async fn session_of_viewer(&self, viewer: KeyHash) -> Result<Option<Session>> {
        self.read("session_of_viewer", move |db| sessions::of_viewer(db, viewer)).await
    }

    async fn end_session(&self, on: Occasion, site: SiteId, session: SessionId) -> Result<Ended> {
        let tried = tried(Act::SessionEnded, on_session(&site, session));
        self.telling("end_session", on, tried, move |db, on| sessions::end(db, on, site, session)).await
    }

    async fn lock_session(&self, on: Occasion, site: SiteId, session: SessionId) -> Result<Ended> {
        let tried = tried(Act::SessionLocked, on_session(&site, session));
        self.change("lock_session", on, tried, move |db, on| sessions::lock(db, on, site, session)).await
    }

    async fn unlock_session(&self, on: Occasion, site: SiteId, session: SessionId) -> Result<()> {
        let tried = tried(Act::SessionUnlocked, on_session(&site, session));
        self.change("unlock_session", on, tried, move |db, on| sessions::unlock(db, on, &site, session)).await
    }

    async fn set_rights(&self, on: Occasion, site: SiteId, agent: AgentId, rights: AgentRights) -> Result<Ended> {
        let tried = tried(Act::RightsChanged, on_agent(&site, agent));
        self.telling("set_rights", on, tried, move |db, on| agents::set_rights(db, on, &site, agent, rights)).await
    }

    async fn factors(&self, site: SiteId, agent: AgentId) -> Result<Factors> {
        self.read("factors", move |db| factors::read(db, &site, agent)).await
    }

    async fn add_factor(&self, on: Occasion, add: AddFactor) -> Result<()> {
        let tried = tried(Act::FactorAdded, On::default());
        self.change("add_factor", on, tried, move |db, on| factors::add(db, on, add)).await
    }

    async fn confirm(&self, on: Occasion, confirm: Confirm) -> Result<Timestamp> {
        let tried = tried(Act::Confirmed, On::default());
        // A wrong code is a change, the count's, and then a refusal.
        let confirmed = self.change("confirm", on, tried, move |db, on| factors::confirm(db, on, &confirm)).await?;
        confirmed.map_err(Error::Refused)
    }

    async fn reset_factors(&self, on: Occasion, site: SiteId, agent: AgentId) -> Result<()> {
        let tried = tried(Act::FactorsReset, on_agent(&site, agent));
        self.change("reset_factors", on, tried, move |db, on| factors::reset(db, on, &site, agent)).await
    }

    async fn close_views(&self, on: Occasion, session: SessionId) -> Result<Ended> {
        let tried = tried(Act::ViewClosed, On { session: Some(session), ..On::default() });
        self.change("close_views", on, tried, move |db, on| {
            Ok(Ended { views: views::close_of_session(db, on, session)?, ..Ended::default() })
        })
        .await
    }

    async fn invite(
        &self,
        on: Occasion,
        site: SiteId,
        invite: Invite,
        reference: Reference,
        link_key: Option<KeyHash>,
    ) -> Result<InviteOutcome> {
        let tried = tried(
            Act::Invited,
            On {
                session: Some(invite.session),
                conversation: Some(invite.conversation),
                ..on_invitation(&site, invite.invitation)
            },
        );
        self.change("invite", on, tried, move |db, on| invitations::invite(db, on, site, invite, reference, link_key))
            .await
    }

    async fn mint_open(&self, on: Occasion, site: SiteId, invitation: InvitationId, key: KeyHash) -> Result<Timestamp> {
        let tried = tried(Act::OpenMinted, on_invitation(&site, invitation));
        self.change("mint_open", on, tried, move |db, on| invitations::mint_open(db, on, &site, invitation, key)).await
    }

    async fn reissue(&self, on: Occasion, site: SiteId, invitation: InvitationId, key: KeyHash) -> Result<Timestamp> {
        let tried = tried(Act::Reissued, on_invitation(&site, invitation));
        self.telling("reissue", on, tried, move |db, on| invitations::reissue(db, on, &site, invitation, key)).await
    }

    async fn cancel(&self, on: Occasion, site: SiteId, invitation: InvitationId, reason: CancelReason) -> Result<()> {
        let tried = tried(Act::Cancelled, on_invitation(&site, invitation));
        self.telling("cancel", on, tried, move |db, on| invitations::cancel(db, on, &site, invitation, reason)).await
    }

    async fn grant(
        &self,
        on: Occasion,
        site: SiteId,
        invitation: InvitationId,
        session: SessionId,
        lease: Lease,
        key: MintKey,
    ) -> Result<Granted> {
        let tried = tried(Act::Granted, On { session: Some(session), ..on_invitation(&site, invitation) });
        self.change("grant", on, tried, move |db, on| {
            invitations::grant(db, on, &site, invitation, session, lease, key)
        })
        .await
    }

    async fn close_conversation(&self, on: Occasion, site: SiteId, conversation: ConversationId) -> Result<Ended> {
        let tried = tried(Act::ConversationClosed, On { conversation: Some(conversation), ..on_site(&site) });
        self.telling("close_conversation", on, tried, move |db, on| {
            invitations::close_conversation(db, on, site, conversation)
        })
        .await
    }

    async fn status(&self, site: SiteId, invitation: InvitationId, now: Timestamp) -> Result<InvitationStatus> {
        self.read("status", move |db| Ok(invitations::of_site(db, &site, invitation)?.status(now))).await
    }

    async fn find_open_key(&self, key: KeyHash) -> Result<KeyFound> {
        self.read("find_open_key", move |db| visitor::find_open_key(db, key)).await
    }

    async fn find_submit_key(&self, key: KeyHash) -> Result<KeyFound> {
        self.read("find_submit_key", move |db| visitor::find_key(db, key, aside_base::Purpose::Submit)).await
    }

    async fn find_form(&self, invitation: InvitationId, device: KeyHash) -> Result<Option<Invitation>> {
        self.read("find_form", move |db| {
            Ok(invitations::find(db, invitation)?.filter(|invitation| invitation.device == Some(device)))
        })
        .await
    }

    async fn open(&self, on: Occasion, open: Open) -> Result<OpenOutcome> {
        let tried = tried(Act::Opened, On::default());
        self.telling("open", on, tried, move |db, on| visitor::open(db, on, &open)).await
    }

    async fn ask(&self, on: Occasion, key: KeyHash) -> Result<()> {
        let tried = tried(Act::Asked, On::default());
        self.telling("ask", on, tried, move |db, on| visitor::ask(db, on, key)).await
    }

    async fn load_form(
        &self,
        on: Occasion,
        invitation: InvitationId,
        device: KeyHash,
        submit: KeyHash,
    ) -> Result<LoadOutcome> {
        let tried = tried(Act::FormLoaded, On::default());
        self.telling("load_form", on, tried, move |db, on| visitor::load_form(db, on, invitation, device, submit)).await
    }

    async fn check_submit(
        &self,
        invitation: InvitationId,
        key: KeyHash,
        device: Option<KeyHash>,
        now: Timestamp,
    ) -> Result<SubmitOutcome> {
        self.read("check_submit", move |db| visitor::check_submit(db, invitation, key, device, now)).await
    }

    async fn submit(&self, on: Occasion, submit: Submit) -> Result<SubmitOutcome> {
        let tried = tried(Act::Submitted, On::default());
        self.telling("submit", on, tried, move |db, on| visitor::submit(db, on, &submit)).await
    }

    async fn decline(
        &self,
        on: Occasion,
        invitation: InvitationId,
        key: KeyHash,
        device: Option<KeyHash>,
    ) -> Result<Invitation> {
        let tried = tried(Act::Declined, On::default());
        self.telling("decline", on, tried, move |db, on| visitor::decline(db, on, invitation, key, device)).await
    }

    async fn view(&self, on: Occasion, view: ViewAnswers) -> Result<Answers> {
        let tried = tried(Act::Viewed, On::default());
        self.telling("view", on, tried, move |db, on| views::open(db, on, &view)).await
    }

    async fn reveal(&self, on: Occasion, reveal: Reveal) -> Result<RevealedAnswer> {
        let tried = tried(Act::Revealed, On::default());
        self.change("reveal", on, tried, move |db, on| views::reveal(db, on, &reveal)).await
    }

    async fn check_view(&self, view: ViewId, viewer: KeyHash, lease: Lease) -> Result<()> {
        self.read("check_view", move |db| views::check(db, view, viewer, lease)).await
    }

    async fn finish_view(&self, on: Occasion, view: ViewId, viewer: KeyHash) -> Result<Ended> {
        let tried = tried(Act::ViewClosed, On::default());
        self.change("finish_view", on, tried, move |db, on| views::finish(db, on, view, viewer)).await
    }

    async fn events(&self, sites: Vec<SiteId>, after: i64) -> Result<EventPage> {
        self.read("events", move |db| events::page(db, &sites, after)).await
    }

    async fn acknowledge_events(&self, sites: Vec<SiteId>, after: i64) -> Result<()> {
        self.write("acknowledge_events", move |db| events::acknowledge(db, &sites, after)).await
    }

    fn events_committed(&self) -> watch::Receiver<u64> {
        self.committed()
    }

    async fn expire_due(&self, now: Timestamp, limit: u32) -> Result<Vec<Expired>> {
        let expired = self.write("expire_due", move |db| housekeeping::expire_due(db, now, limit)).await?;
        if !expired.is_empty() {
            self.announce();
        }
        Ok(expired)
    }

    async fn purge(&self, now: Timestamp, limit: u32) -> Result<Purged> {
        self.write("purge", move |db| housekeeping::purge(db, now, limit)).await
    }

    async fn count_refusals(&self, counts: Vec<RefusalCount>) -> Result<()> {
        self.write("count_refusals", move |db| audit::counted(db, &counts)).await
    }

    async fn audit(&self, after: i64, limit: u32) -> Result<Vec<AuditRow>> {
        self.read("audit", move |db| audit::read(db, after, limit)).await
    }

    async fn ready(&self) -> Result<()> {
        self.write("ready", |db| Ok(db.prepare_cached("SELECT 1")?.query_row([], |_| Ok(()))?)).await
    }
}

impl SqliteStore {
    /// A change that may emit an event: whoever waits for events is told to look.
    pub(crate) async fn telling<T: Send + 'static>(
        &self,
        name: &'static str,
        on: Occasion,
        tried: Tried,
        command: impl FnOnce(&rusqlite::Connection, &Occasion) -> Step<T> + Send + 'static,
    ) -> Result<T> {
        let done = self.change(name, on, tried, command).await?;
        self.announce();
        Ok(done)
    }
}
