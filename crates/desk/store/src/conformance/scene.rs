//! A small world to ask questions in: a site, its agents, a visitor, time that moves when told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aside_base::{
    AgentId, Clock, ConversationId, DefinitionHash, InvitationId, KeyHash, ManualClock, MessageId, OneTimeKey,
    SeededRng, SessionId, SiteId, Timestamp, VisitorId,
};
use aside_desk_domain::{
    Actor, Agent, By, Draft, Entry, EntryKind, Errand, FactorProof, Invitation, LiveSession, MessageText, PasswordHash,
    Policy, Role, Sequence, Session, SessionStage, Site, TotpRecord, Visitor,
};
use aside_wire::{Channel, Clocks, Event, EventKind, EventPage, Keeping, Reopen};
use uuid::Uuid;

use super::Backend;
use crate::{
    Aftermath, AgentPost, Attempt, AttemptKey, Begun, Close, NewAgent, NewFactor, PassFactor, Placed, Posted,
    SetUpFactor, SignIn, Store, VisitorPost,
};

/// The vault's stream in all questions.
pub(super) const EPOCH: Uuid = Uuid::from_u128(0xE1);

/// One site with what lives in it.
pub struct Scene {
    /// The store that is asked.
    pub store: Arc<dyn Store>,
    /// The site.
    pub site: SiteId,
    rng: SeededRng,
    clock: ManualClock,
    steps: AtomicU64,
}

impl Scene {
    /// A scene on the site `northwind`.
    pub async fn set(backend: &impl Backend) -> Self {
        Self::on(backend, "northwind", 1).await
    }

    /// A scene on a site of that name; scenes on one store need different seeds.
    pub async fn on(backend: &impl Backend, site: &str, seed: u64) -> Self {
        let scene = Self {
            store: backend.store(),
            site: site.parse().expect("a site's name"),
            rng: SeededRng::new(seed),
            clock: ManualClock::at(Timestamp(1_800_000_000_000)),
            steps: AtomicU64::new(60_000_000),
        };
        scene.store.create_site(scene.profile(), scene.now()).await.expect("a site");
        scene
    }

    /// Ends the program and starts another on the same data.
    #[must_use]
    pub fn restart(self, backend: &mut impl Backend) -> Self {
        let Self { store, site, rng, clock, steps } = self;
        drop(store);
        backend.reopen();
        Self { store: backend.store(), site, rng, clock, steps }
    }

    /// The site's settings.
    #[must_use]
    pub fn profile(&self) -> Site {
        Site {
            id: self.site.clone(),
            brand: "Northwind".into(),
            origins: vec!["http://northwind.localhost:8082".parse().expect("an origin")],
            privacy_url: Some("https://northwind.example/privacy".into()),
            contact_url: None,
            clocks: Clocks::default(),
            keeping: Keeping::default(),
            reopen: Reopen::default(),
        }
    }

    /// The present moment.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass.
    pub fn wait(&self, seconds: u32) {
        self.clock.advance_seconds(seconds);
    }

    /// A fresh message id.
    #[must_use]
    pub fn message(&self) -> MessageId {
        MessageId::generate(self.now(), &self.rng)
    }

    /// A fresh conversation id.
    #[must_use]
    pub fn conversation(&self) -> ConversationId {
        ConversationId::generate(self.now(), &self.rng)
    }

    /// An account that is not stored yet.
    #[must_use]
    pub fn new_agent(&self, name: &str) -> NewAgent {
        let agent = Agent {
            id: AgentId::generate(self.now(), &self.rng),
            site: self.site.clone(),
            name: name.parse().expect("a login name"),
            display_name: name.parse().expect("a display name"),
        };
        let password = PasswordHash::from_phc(format!("$argon2id$for-{name}"));
        NewAgent { agent, password, role: Role::Agent, first_password: false }
    }

    /// An agent of the site.
    pub async fn agent(&self, name: &str) -> Agent {
        let new = self.new_agent(name);
        let agent = new.agent.clone();
        self.store.create_agent(new, self.now()).await.expect("an agent");
        agent
    }

    /// A try to sign in, as a browser that was never here makes it.
    #[must_use]
    pub fn attempt(&self, agent: &Agent) -> Attempt {
        let mut key = [0; 32];
        key[..16].copy_from_slice(agent.id.as_uuid().as_bytes());
        Attempt {
            site: Some(self.site.clone()),
            key: AttemptKey(key),
            agent: Some(agent.id),
            device: None,
            captcha: None,
            from: None,
            now: self.now(),
        }
    }

    /// A fresh key's hash: a token, a cookie, a link, a code.
    #[must_use]
    pub fn key(&self) -> KeyHash {
        OneTimeKey::generate(&self.rng).hash()
    }

    /// A time step of code apps that was never used.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.steps.fetch_add(1, Ordering::SeqCst)
    }

    /// A login whose password is right, ready to be handed over, with its token's hash.
    pub async fn sign_in(&self, agent: &Agent) -> (SignIn, KeyHash) {
        let charge = self.store.take_attempt(self.attempt(agent)).await.expect("a try");
        let password = self.store.credentials_of(&self.site, agent.id).await.expect("a read");
        let token = self.key();
        let sign_in = SignIn {
            session: SessionId::generate(self.now(), &self.rng),
            agent: agent.id,
            site: self.site.clone(),
            password: password.and_then(|found| found.password).expect("a password"),
            rehashed: None,
            token,
            charge,
            device: None,
            from: None,
            now: self.now(),
        };
        (sign_in, token)
    }

    /// A login up to where a second factor is asked for: the session and its token's hash.
    pub async fn begins_login(&self, agent: &Agent) -> (LiveSession, KeyHash) {
        let (sign_in, token) = self.sign_in(agent).await;
        (self.store.sign_in(sign_in).await.expect("a login"), token)
    }

    /// A whole login: the session and its token's hash. The first one sets a code app up, later ones show its code.
    pub async fn login(&self, agent: &Agent) -> (Session, KeyHash) {
        let (live, token) = self.begins_login(agent).await;
        let (session, next) = (live.session, self.key());
        match session.stage {
            SessionStage::Ready => (session, token),
            SessionStage::SetUpFactor => {
                let set_up = self.set_up(&session, self.totp(), next);
                (self.store.set_up_factor(set_up).await.expect("a factor").live.session, next)
            }
            _ => {
                let passed = self.store.pass_factor(self.pass(&session, self.step(), next)).await;
                (passed.expect("a login").session, next)
            }
        }
    }

    /// A code app that was confirmed just now.
    #[must_use]
    pub fn totp(&self) -> NewFactor {
        NewFactor::Totp(TotpRecord { sealed: b"sealed".to_vec(), since: self.now(), last_step: self.step() })
    }

    /// What sets a factor up in a session, with two recovery codes.
    #[must_use]
    pub fn set_up(&self, session: &Session, factor: NewFactor, token: KeyHash) -> SetUpFactor {
        SetUpFactor {
            site: self.site.clone(),
            session: session.id,
            factor,
            recovery: vec![self.key(), self.key()],
            token,
            by: self.by(Some(session)),
        }
    }

    /// What shows a code of `step` in a session.
    #[must_use]
    pub fn pass(&self, session: &Session, step: u64, token: KeyHash) -> PassFactor {
        PassFactor {
            site: self.site.clone(),
            session: session.id,
            proof: FactorProof::Totp { step },
            token,
            from: None,
            now: self.now(),
        }
    }

    /// Who acts: the agent of a session, or the desk.
    #[must_use]
    pub fn by(&self, session: Option<&Session>) -> By {
        let who = session.map_or(Actor::Desk, |session| Actor::Agent(session.agent, session.id));
        By { who, from: None, at: self.now() }
    }

    /// Somebody of another role than agent, with the role's built-in profile.
    pub async fn somebody(&self, name: &str, role: Role) -> Agent {
        let new = NewAgent { role, ..self.new_agent(name) };
        let agent = new.agent.clone();
        self.store.create_agent(new, self.now()).await.expect("an account");
        agent
    }

    /// Makes a policy the site's, by nobody in particular.
    pub async fn sets_policy(&self, policy: Policy) -> Aftermath {
        self.store.set_policy(&self.site, policy, true, self.by(None)).await.expect("a policy")
    }

    /// A visitor who is not stored yet.
    #[must_use]
    pub fn new_visitor(&self) -> Visitor {
        let id = VisitorId::generate(self.now(), &self.rng);
        Visitor { id, site: self.site.clone(), name: None, created_at: self.now() }
    }

    /// A visitor of the site.
    pub async fn visitor(&self) -> Visitor {
        let visitor = self.new_visitor();
        let cookie = OneTimeKey::generate(&self.rng).hash();
        self.store.create_visitor(visitor.clone(), cookie).await.expect("a visitor");
        visitor
    }

    /// A visitor's message that is not posted yet.
    #[must_use]
    pub fn visitor_post(&self, visitor: &Visitor, text: &str) -> VisitorPost {
        VisitorPost {
            site: self.site.clone(),
            visitor: visitor.id,
            message: self.message(),
            text: MessageText::try_from(text).expect("a text"),
            fresh: self.conversation(),
            now: self.now(),
        }
    }

    /// The visitor writes.
    pub async fn says(&self, visitor: &Visitor, text: &str) -> Posted {
        self.store.post_visitor_message(self.visitor_post(visitor, text)).await.expect("a post")
    }

    /// An agent's message that is not posted yet.
    #[must_use]
    pub fn agent_post(&self, agent: &Agent, conversation: ConversationId, text: &str) -> AgentPost {
        AgentPost {
            site: self.site.clone(),
            conversation,
            agent: agent.id,
            message: self.message(),
            text: MessageText::try_from(text).expect("a text"),
            now: self.now(),
        }
    }

    /// The agent writes.
    pub async fn answers(&self, agent: &Agent, conversation: ConversationId, text: &str) -> Posted {
        self.store.post_agent_message(self.agent_post(agent, conversation, text)).await.expect("a post")
    }

    /// What closes a conversation.
    #[must_use]
    pub fn close(&self, session: &Session, conversation: ConversationId) -> Close {
        Close {
            site: self.site.clone(),
            conversation,
            agent: session.agent,
            session: session.id,
            from: None,
            now: self.now(),
        }
    }

    /// An invitation that is not begun yet.
    #[must_use]
    pub fn draft(&self, agent: &Agent, session: &Session, conversation: ConversationId) -> Draft {
        Draft {
            id: InvitationId::generate(self.now(), &self.rng),
            site: self.site.clone(),
            conversation,
            agent: agent.to_ref(),
            session: session.id,
            definition: DefinitionHash::of_digest(&[7; 32]),
            title: "Card payment".into(),
            description: Some("For your invoice.".into()),
            channel: Channel::Web,
            clocks: Clocks::default(),
            locale: "en".into(),
            reopen: Reopen::default(),
            begun_at: self.now(),
        }
    }

    /// Begins an invitation.
    pub async fn begins(&self, agent: &Agent, session: &Session, conversation: ConversationId) -> Draft {
        let draft = self.draft(agent, session, conversation);
        let begun = self.store.begin_invitation(draft.clone()).await.expect("a begun invitation");
        assert_eq!(begun, Begun::Prepared(draft.clone()));
        draft
    }

    /// Confirms an invitation, or is refused.
    pub async fn confirms(
        &self,
        invitation: InvitationId,
    ) -> Result<Entry, crate::VerbError<aside_desk_domain::ConfirmRefusal>> {
        let expires = self.now().plus_seconds(86_400);
        self.store.confirm_invitation(&self.site, invitation, "7F3K".into(), expires, None, self.now()).await
    }

    /// Sends a form all the way.
    pub async fn sends(&self, agent: &Agent, session: &Session, conversation: ConversationId) -> Invitation {
        let draft = self.begins(agent, session, conversation).await;
        match self.confirms(draft.id).await.expect("a shown invitation").kind {
            EntryKind::Invitation(invitation) => *invitation,
            other => panic!("not an invitation: {other:?}"),
        }
    }

    /// A page of the vault's events about one invitation.
    #[must_use]
    pub fn page(&self, events: &[(i64, InvitationId, EventKind)]) -> EventPage {
        let events: Vec<_> = events
            .iter()
            .map(|(sequence, invitation, kind)| Event {
                sequence: *sequence,
                site: self.site.clone(),
                invitation: *invitation,
                at: self.now(),
                kind: kind.clone(),
            })
            .collect();
        EventPage { epoch: EPOCH, head: events.last().map_or(0, |event| event.sequence), events }
    }

    /// Follows the vault's stream from its beginning.
    pub async fn follows(&self) {
        self.store.resynchronise(EPOCH, 0, vec![], self.now()).await.expect("a cursor");
    }

    /// The invitation as it stands.
    pub async fn placed(&self, invitation: InvitationId) -> Option<Placed> {
        self.store.invitation(&self.site, invitation).await.expect("a read")
    }

    /// The site's whole log.
    pub async fn log(&self) -> Vec<Entry> {
        self.store.entries_after(&self.site, Sequence(0), 10_000).await.expect("the log")
    }

    /// What the vault is owed, oldest first.
    pub async fn owed(&self) -> Vec<Errand> {
        let due = self.store.due_errands(self.now(), 1_000).await.expect("the outbox");
        due.into_iter().map(|pending| pending.errand).collect()
    }
}
