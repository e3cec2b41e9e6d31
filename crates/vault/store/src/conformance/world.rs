//! A site with a session, an enrolled browser and a form, and the steps of an invitation's life, each in one call.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use aside_base::{
    AgentId, AnswerToken, ConversationId, InvitationId, KeyHash, OneTimeKey, SeededRng, SessionId, SiteId,
    SubmissionId, Timestamp,
};
use aside_form::Published;
use aside_vault_domain::{
    Caller, CallerKind, Factors, Invitation, Lease, NewFactor, Occasion, Proof, Reference, Refusal, SealedAnswer,
    SealedCodeSecret, SealedDataKey, SealedSubmission, ViewId,
};
use aside_wire::{AgentRights, Channel, Clocks, Event, EventKind, Invite, Reopen, SiteProfile, StartSession};

use super::Place;
use crate::{
    AddFactor, Answers, Confirm, Error, InviteOutcome, MintKey, Open, OpenOutcome, Reveal, Store, Submit,
    SubmitOutcome, ViewAnswers,
};

/// A store with a site in it, at a time that moves when told to.
pub struct World {
    /// The store.
    pub store: Arc<dyn Store>,
    /// The site.
    pub site: SiteId,
    /// A form of the site.
    pub form: Published,
    /// The agent, with a code app.
    pub agent: AgentId,
    /// A session of hers that lives, with [`World::viewer`] enrolled.
    pub session: SessionId,
    /// Its browser.
    pub viewer: KeyHash,
    /// The conversation.
    pub conversation: ConversationId,
    rng: SeededRng,
    now: AtomicI64,
    step: AtomicU64,
    app_since: AtomicI64,
}

/// An invitation that was opened: its live `submit` key and its device.
pub struct Form {
    /// The invitation.
    pub invitation: InvitationId,
    /// The `submit` key.
    pub key: KeyHash,
    /// The bound device.
    pub device: KeyHash,
}

/// What a case expects: the refusal, or a panic that says what came instead.
pub(super) fn refusal<T: std::fmt::Debug>(result: Result<T, Error>) -> Refusal {
    match result {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("no refusal but {other:?}"),
    }
}

impl World {
    /// A fresh world in `place`.
    pub async fn begin(place: &dyn Place) -> Self {
        let rng = SeededRng::new(2);
        let now = Timestamp(1_795_348_800_000);
        let mut world = Self {
            store: place.open().await,
            site: "northwind".parse().unwrap(),
            form: aside_form::out_of_the_box().unwrap().remove(0),
            agent: AgentId::generate(now, &rng),
            session: SessionId::generate(now, &rng),
            viewer: OneTimeKey::generate(&rng).hash(),
            conversation: ConversationId::generate(now, &rng),
            rng,
            now: AtomicI64::new(now.0),
            step: AtomicU64::new(0),
            app_since: AtomicI64::new(0),
        };
        world.settle_site(&world.site).await;
        world.session = world.start_session().await;
        world.add(world.code_app()).await.unwrap();
        world
    }

    /// The same world after its store was closed and opened again.
    pub async fn reopened(self, place: &dyn Place) -> Self {
        drop(self.store);
        Self { store: place.open().await, ..self }
    }

    /// A site's profile.
    pub fn profile(&self) -> SiteProfile {
        SiteProfile {
            brand: "Northwind".into(),
            origins: Vec::new(),
            privacy_url: None,
            contact_url: None,
            keeping: aside_wire::Keeping::default(),
        }
    }

    /// Makes a site with the form.
    pub async fn settle_site(&self, site: &SiteId) {
        self.store.put_site(self.desk(), site.clone(), self.profile()).await.unwrap();
        self.store.put_definition(self.desk(), site.clone(), self.form.clone()).await.unwrap();
    }

    /// The time.
    pub fn now(&self) -> Timestamp {
        Timestamp(self.now.load(Ordering::SeqCst))
    }

    /// Moves the time.
    pub fn wait(&self, seconds: u32) {
        self.now.fetch_add(i64::from(seconds) * 1000, Ordering::SeqCst);
    }

    /// A fresh key's hash.
    pub fn key(&self) -> KeyHash {
        OneTimeKey::generate(&self.rng).hash()
    }

    /// A fresh key to mint, good for ten seconds.
    pub fn mint(&self) -> MintKey {
        MintKey { hash: self.key(), expires_at: self.now().plus_seconds(10) }
    }

    /// A fresh view's name.
    pub fn view_id(&self) -> ViewId {
        ViewId::generate(self.now(), &self.rng)
    }

    /// A fresh session's name.
    pub fn session_id(&self) -> SessionId {
        SessionId::generate(self.now(), &self.rng)
    }

    fn occasion(&self, kind: CallerKind) -> Occasion {
        let name = if kind == CallerKind::Desk { "desk" } else { "" };
        Occasion { now: self.now(), caller: Caller { kind, name: name.into(), address: "192.0.2.1".into() } }
    }

    /// Asked by the desk.
    pub fn desk(&self) -> Occasion {
        self.occasion(CallerKind::Desk)
    }

    /// Asked by the visitor's browser.
    pub fn visitor(&self) -> Occasion {
        self.occasion(CallerKind::Visitor)
    }

    /// Asked by the agent's browser.
    pub fn browser(&self) -> Occasion {
        self.occasion(CallerKind::Viewer)
    }

    /// What a desk says at a login.
    pub fn start(&self, session: SessionId) -> StartSession {
        let rights = AgentRights { secure_forms: true, card_numbers: true, ..AgentRights::default() };
        StartSession { session, agent: self.agent, agent_name: "Dana".into(), rights }
    }

    /// Starts a session and enrols [`World::viewer`] if it is the first, else a browser nobody asks for again.
    pub async fn start_session(&self) -> SessionId {
        let (session, enrol) = (self.session_id(), self.mint());
        let start = self.start(session);
        assert!(self.store.start_session(self.desk(), self.site.clone(), start, enrol).await.unwrap().enrol_kept);
        let first = self.store.session_of_viewer(self.viewer).await.unwrap().is_none();
        let viewer = if first { self.viewer } else { self.key() };
        self.store.enrol(self.browser(), enrol.hash, viewer).await.unwrap();
        session
    }

    /// A step of a code app that nobody used yet.
    pub fn step(&self) -> u64 {
        self.step.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// A code app.
    pub fn code_app(&self) -> NewFactor {
        NewFactor::Code { secret: SealedCodeSecret { version: 1, sealed: vec![5; 49] }, step: self.step() }
    }

    /// A passkey that counts.
    pub fn passkey(&self) -> NewFactor {
        NewFactor::Passkey {
            id: self.key().0.to_vec(),
            public_key: vec![6; 77],
            counter: 1,
            backup_eligible: false,
            name: "Laptop".into(),
        }
    }

    /// Starts a session of the agent's in this browser.
    pub async fn start_session_in(&self, viewer: KeyHash) -> SessionId {
        self.start_session_at(&self.site, self.agent, viewer).await
    }

    /// Starts a session of an agent of a site in this browser.
    pub async fn start_session_at(&self, site: &SiteId, agent: AgentId, viewer: KeyHash) -> SessionId {
        let (session, enrol) = (self.session_id(), self.mint());
        let start = StartSession { agent, ..self.start(session) };
        self.store.start_session(self.desk(), site.clone(), start, enrol).await.unwrap();
        self.store.enrol(self.browser(), enrol.hash, viewer).await.unwrap();
        session
    }

    /// Another agent of the site, without a factor: her browser.
    pub async fn colleague(&self) -> KeyHash {
        let viewer = self.key();
        self.start_session_at(&self.site, AgentId::generate(self.now(), &self.rng), viewer).await;
        viewer
    }

    /// What the agent can confirm with.
    pub async fn factors(&self) -> Factors {
        self.store.factors(self.site.clone(), self.agent).await.unwrap()
    }

    /// The place of the newest audit row.
    pub async fn last_audited(&self) -> i64 {
        self.store.audit(0, 10_000).await.unwrap().last().unwrap().sequence
    }

    /// Sets up a factor in [`World::viewer`].
    pub async fn add(&self, factor: NewFactor) -> Result<(), Error> {
        self.add_in(self.viewer, factor).await
    }

    /// Sets up a factor in this browser.
    pub async fn add_in(&self, viewer: KeyHash, factor: NewFactor) -> Result<(), Error> {
        let is_app = matches!(factor, NewFactor::Code { .. });
        let add = AddFactor { viewer, lease: Lease::Alive, factor };
        self.store.add_factor(self.browser(), add).await?;
        if is_app {
            self.app_since.store(self.now().0, Ordering::SeqCst);
        }
        Ok(())
    }

    /// The code that the newest app shows at this step.
    pub fn code(&self, step: u64) -> Proof {
        Proof::Code { since: Timestamp(self.app_since.load(Ordering::SeqCst)), step }
    }

    /// Confirms in [`World::viewer`].
    pub async fn confirm(&self, view: Option<ViewId>, proof: Proof) -> Result<Timestamp, Error> {
        self.store.confirm(self.browser(), Confirm { viewer: self.viewer, lease: Lease::Alive, view, proof }).await
    }

    /// What the agent's browser posts to see one answer.
    pub fn revealing(&self, view: ViewId) -> Reveal {
        Reveal { view, viewer: self.viewer, lease: Lease::Alive, question: "number".into() }
    }

    /// What a desk says to send the form.
    pub fn invite(&self, channel: Channel) -> Invite {
        Invite {
            invitation: InvitationId::generate(self.now(), &self.rng),
            conversation: self.conversation,
            session: self.session,
            agent_name: "Dana".into(),
            definition: self.form.hash().clone(),
            channel,
            clocks: Clocks::default(),
            locale: "en".into(),
            reopen: Reopen::SameDevice,
        }
    }

    /// Sends it.
    pub async fn send(&self, invite: Invite, link_key: Option<KeyHash>) -> Result<InviteOutcome, Error> {
        self.store.invite(self.desk(), self.site.clone(), invite, Reference::generate(&self.rng), link_key).await
    }

    /// Sends the form as a link; answers the link's key.
    pub async fn sent_link(&self) -> (InvitationId, KeyHash) {
        let (invite, key) = (self.invite(Channel::Link), self.key());
        let invitation = invite.invitation;
        assert!(self.send(invite, Some(key)).await.unwrap().link_key_kept);
        (invitation, key)
    }

    /// Sends the form on the web and mints a key for a click.
    pub async fn clicked(&self) -> (InvitationId, KeyHash) {
        let (invite, key) = (self.invite(Channel::Web), self.key());
        let invitation = invite.invitation;
        self.send(invite, None).await.unwrap();
        self.store.mint_open(self.desk(), self.site.clone(), invitation, key).await.unwrap();
        (invitation, key)
    }

    /// Opens a form on this device.
    pub async fn open_on(&self, key: KeyHash, device: KeyHash) -> Result<OpenOutcome, Error> {
        self.store.open(self.visitor(), Open { key, device: Some(device), submit: None }).await
    }

    /// Sends, opens and loads a form.
    pub async fn opened(&self) -> Form {
        let (invitation, open) = self.clicked().await;
        let (device, key) = (self.key(), self.key());
        assert!(matches!(self.open_on(open, device).await.unwrap(), OpenOutcome::Now { .. }));
        self.store.load_form(self.visitor(), invitation, device, key).await.unwrap();
        Form { invitation, key, device }
    }

    /// Sealed answers: one that is kept, one off the record.
    pub fn answers(&self) -> SealedSubmission {
        let answer = |question: &str, sealed: Option<Vec<u8>>| SealedAnswer {
            token: AnswerToken::generate(self.now(), &self.rng),
            question: question.into(),
            part: u8::from(sealed.is_some()),
            sealed,
            fingerprint: None,
            erased_at: None,
        };
        SealedSubmission {
            id: SubmissionId::generate(self.now(), &self.rng),
            data_keys: vec![SealedDataKey {
                part: 1,
                version: 1,
                born_version: 1,
                sealed: vec![7; 60],
                erase_at: self.now().plus_seconds(395 * 86_400),
                at_close: false,
            }],
            answers: vec![answer("number", Some(vec![9; 44])), answer("cvv", None)],
        }
    }

    /// Submits answers with a form's key and device.
    pub async fn submit(&self, form: &Form, submission: SealedSubmission) -> Result<SubmitOutcome, Error> {
        let submit =
            Submit { invitation: form.invitation, key: form.key, device: Some(form.device), submission, gone_at: None };
        self.store.submit(self.visitor(), submit).await
    }

    /// All the way to a submission.
    pub async fn submitted(&self) -> (Form, SubmissionId) {
        let (form, answers) = (self.opened().await, self.answers());
        let submission = answers.id;
        assert!(matches!(self.submit(&form, answers).await.unwrap(), SubmitOutcome::First(_)));
        (form, submission)
    }

    /// Asks for a `view` key in this session.
    pub async fn grant_to(&self, invitation: InvitationId, session: SessionId) -> Result<KeyHash, Error> {
        let key = self.mint();
        let granted = self.store.grant(self.desk(), self.site.clone(), invitation, session, Lease::Alive, key).await;
        granted.map(|_| key.hash)
    }

    /// What the agent's browser posts.
    pub fn viewing(&self, key: KeyHash, submission: SubmissionId) -> ViewAnswers {
        ViewAnswers { key, submission, viewer: self.viewer, lease: Lease::Alive, view: self.view_id() }
    }

    /// All the way to an open view.
    pub async fn viewed(&self) -> Answers {
        let (form, submission) = self.submitted().await;
        let key = self.grant_to(form.invitation, self.session).await.unwrap();
        self.store.view(self.browser(), self.viewing(key, submission)).await.unwrap()
    }

    /// The invitation's status.
    pub async fn status(&self, invitation: InvitationId) -> aside_wire::Status {
        self.store.status(self.site.clone(), invitation, self.now()).await.unwrap().status
    }

    /// Every event of the site.
    pub async fn events(&self) -> Vec<Event> {
        self.store.events(vec![self.site.clone()], 0).await.unwrap().events
    }

    /// What happened to an invitation.
    pub async fn happened(&self, invitation: InvitationId) -> Vec<EventKind> {
        self.events().await.into_iter().filter(|event| event.invitation == invitation).map(|event| event.kind).collect()
    }

    /// The form's record, as its device sees it.
    pub async fn record(&self, form: &Form) -> Invitation {
        self.store.find_form(form.invitation, form.device).await.unwrap().unwrap()
    }
}
