//! A desk for one test: a brand with two agents, a manager and an admin, another brand beside it, its own database, no vault.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, Version};
use aside_base::{
    AgentId, Clock as _, ConversationId, DefinitionHash, InvitationId, ManualClock, OneTimeKey, Rng, SeededRng,
    SessionId, SiteId, SubmissionId, Timestamp,
};
use aside_desk_domain::{
    Actor, Agent, By, Draft, FactorProof, LiveSession, PasswordHash, Role, SessionStage, Site, TotpRecord,
};
use aside_desk_http::link::Link;
use aside_desk_http::password::Cost;
use aside_desk_http::{Desk, Settings, router};
use aside_desk_store::{
    Accounts as _, Attempt, AttemptKey, Attempts as _, Begun, FactorRecords as _, Followed, Heard, Invitations as _,
    NewAgent, NewFactor, PassFactor, Sessions as _, SetUpFactor, SignIn, VaultStream as _,
};
use aside_desk_store_sqlite::SqliteStore;
use aside_factor::TotpSecret;
use aside_form::out_of_the_box;
use aside_local_key::{DerivedKey, LocalKey};
use aside_wire::{Channel, Clocks, InvitationStatus, Keeping, Reopen, Status};
use axum::Router;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::TempDir;

use crate::actor::{self, Anonymous};

pub(crate) const DESK: &str = "http://desk.localhost:8080";
pub(crate) const CHAT: &str = "http://chat.localhost:8080";
pub(crate) const VAULT: &str = "http://vault.localhost:8081";
pub(crate) const PASSWORD: &str = "violet harbour 7 lamps";
pub(crate) const START: Timestamp = Timestamp(1_800_000_000_000);

/// Cheap: what a password costs is measured elsewhere.
const COST: Cost = Cost { memory: 64, passes: 1 };

/// What a person keeps at home.
#[derive(Debug, Default)]
pub(crate) struct Known {
    pub(crate) code_app: Option<String>,
    pub(crate) recovery_codes: Vec<String>,
}

pub(crate) struct House {
    pub(crate) desk: Arc<Desk>,
    pub(crate) store: SqliteStore,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) rng: Arc<SeededRng>,
    pub(crate) router: Router,
    known: Mutex<HashMap<String, Known>>,
    /// Time steps of codes that nobody was asked for.
    steps: AtomicU64,
    totp_key: DerivedKey,
    _folder: TempDir,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with_limits(1_000, 1_000).await
    }

    /// A house with so many logins and visitors' commands a minute.
    pub(crate) async fn with_limits(logins: u32, messages: u32) -> Self {
        Self::build(logins, messages, COST).await
    }

    /// A house where a password costs so much.
    pub(crate) async fn with_cost(cost: Cost) -> Self {
        Self::build(1_000, 1_000, cost).await
    }

    async fn build(logins: u32, messages: u32, cost: Cost) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("desk.sqlite")).unwrap();
        let (clock, rng) = (Arc::new(ManualClock::at(START)), Arc::new(SeededRng::new(11)));
        for (id, brand) in [("northwind", "Northwind"), ("southwind", "Southwind")] {
            store.create_site(site(id, brand), START).await.unwrap();
        }
        for (site, name, display_name, role) in [
            ("northwind", "dana", "Dana", Role::Agent),
            ("northwind", "kim", "Kim", Role::Agent),
            ("northwind", "mara", "Mara", Role::Manager),
            ("northwind", "ada", "Ada", Role::Admin),
            ("southwind", "sol", "Sol", Role::Agent),
            ("southwind", "rex", "Rex", Role::Admin),
        ] {
            let agent = Agent {
                id: AgentId::generate(START, &*rng),
                site: site.parse().unwrap(),
                name: name.parse().unwrap(),
                display_name: display_name.parse().unwrap(),
            };
            let password = PasswordHash::from_phc(hashed_password(cost));
            let new = NewAgent { agent, password, role, first_password: false };
            store.create_agent(new, START).await.unwrap();
        }
        let settings = Settings {
            desk_origin: DESK.parse().unwrap(),
            chat_origin: CHAT.parse().unwrap(),
            vault_origin: VAULT.parse().unwrap(),
            logins_per_minute: NonZeroU32::new(logins).unwrap(),
            messages_per_minute: NonZeroU32::new(messages).unwrap(),
            password_cost: cost,
        };
        let link = Arc::new(Link::new(&vacant_address().await, tls()).unwrap());
        let forms = out_of_the_box().unwrap();
        let (all, random): (Arc<SqliteStore>, Arc<dyn Rng>) = (Arc::new(store.clone()), rng.clone());
        let local_key = LocalKey::generate(&*rng);
        let desk = Arc::new(Desk::new(all, link, clock.clone(), random, &local_key, forms, settings).unwrap());
        Self {
            router: router(&desk),
            desk,
            store,
            clock,
            rng,
            known: Mutex::default(),
            steps: AtomicU64::new(1),
            totp_key: local_key.derive("totp secrets 1"),
            _folder: folder,
        }
    }

    pub(crate) fn known<T>(&self, name: &str, look: impl FnOnce(&mut Known) -> T) -> T {
        look(self.known.lock().unwrap().entry(name.to_owned()).or_default())
    }

    /// What a code app with this secret shows now.
    pub(crate) fn code_of(&self, secret: &str) -> String {
        TotpSecret::from_text(secret).unwrap().code(self.clock.now()).to_string()
    }

    /// What the code app of somebody shows now.
    pub(crate) fn code_app_of(&self, name: &str) -> String {
        let secret = self.known(name, |known| known.code_app.clone()).unwrap();
        self.code_of(&secret)
    }

    pub(crate) fn site_of(&self, name: &str) -> &'static str {
        if matches!(name, "sol" | "rex") { "southwind" } else { "northwind" }
    }

    pub(crate) async fn account(&self, name: &str) -> Agent {
        let site: SiteId = self.site_of(name).parse().unwrap();
        self.store.credentials(Some(&site), &name.parse().unwrap()).await.unwrap().unwrap().agent
    }

    /// Somebody whose first password an operator gave.
    pub(crate) async fn newcomer(&self, name: &str) {
        let agent = Agent {
            id: AgentId::generate(self.clock.now(), &*self.rng),
            site: northwind(),
            name: name.parse().unwrap(),
            display_name: name.parse().unwrap(),
        };
        let password = PasswordHash::from_phc(hashed_password(COST));
        let new = NewAgent { agent, password, role: Role::Agent, first_password: true };
        self.store.create_agent(new, self.clock.now()).await.unwrap();
    }

    /// A session of somebody at the first stage that the account needs, without the hasher's work.
    pub(crate) async fn begun(&self, name: &str) -> actor::Agent {
        let site: SiteId = self.site_of(name).parse().unwrap();
        let found = self.store.credentials(Some(&site), &name.parse().unwrap()).await.unwrap().unwrap();
        let now = self.clock.now();
        let attempt = Attempt {
            site: Some(site.clone()),
            key: AttemptKey([0; 32]),
            agent: Some(found.agent.id),
            device: None,
            captcha: None,
            from: None,
            now,
        };
        let (token, charge) = (self.token(), self.store.take_attempt(attempt).await.unwrap());
        let sign_in = SignIn {
            session: SessionId::generate(now, &*self.rng),
            agent: found.agent.id,
            site,
            password: found.password.unwrap(),
            rehashed: None,
            token: token.hash(),
            charge,
            device: None,
            from: None,
            now,
        };
        let live = self.store.sign_in(sign_in).await.unwrap();
        self.agent_in(&live, &token)
    }

    /// A ready session of somebody: with a second factor that nobody holds, where the account needs one.
    pub(crate) async fn ready(&self, name: &str) -> actor::Agent {
        let begun = self.begun(name).await;
        let live = self.store.session_by_token(begun.token(), self.clock.now()).await.unwrap().unwrap();
        let (site, session) = (live.session.site.clone(), live.session.id);
        let (token, now) = (self.token(), self.clock.now());
        let live = match live.session.stage {
            SessionStage::Ready => return begun,
            SessionStage::NewPassword => panic!("{name} needs a new password"),
            SessionStage::SetUpFactor => {
                let place: [&[u8]; 2] = [site.as_str().as_bytes(), live.agent.id.as_uuid().as_bytes()];
                let sealed = self.totp_key.seal(&place, &[7; 20], &*self.rng).unwrap();
                let factor = NewFactor::Totp(TotpRecord { sealed, since: now, last_step: 0 });
                let by = By { who: Actor::Agent(live.agent.id, session), from: None, at: now };
                let set_up = SetUpFactor { site, session, factor, recovery: vec![], token: token.hash(), by };
                self.store.set_up_factor(set_up).await.unwrap().live
            }
            SessionStage::SecondFactor => {
                let step = self.steps.fetch_add(1, Ordering::Relaxed);
                let (proof, token) = (FactorProof::Totp { step }, token.hash());
                let pass = PassFactor { site, session, proof, token, from: None, now };
                self.store.pass_factor(pass).await.unwrap()
            }
        };
        self.agent_in(&live, &token)
    }

    fn token(&self) -> OneTimeKey {
        let random: &dyn Rng = &*self.rng;
        OneTimeKey::generate(random)
    }

    fn agent_in(&self, live: &LiveSession, token: &OneTimeKey) -> actor::Agent {
        let cookie = format!("__Host-aside-desk={}", token.to_text());
        let browser = Anonymous::at(self, DESK).with_cookie(cookie.clone());
        actor::Agent { browser, session: live.session.id, cookie }
    }

    pub(crate) async fn dana(&self) -> actor::Agent {
        actor::Agent::sign_in(self, "dana").await
    }

    pub(crate) async fn kim(&self) -> actor::Agent {
        actor::Agent::sign_in(self, "kim").await
    }

    pub(crate) async fn ada(&self) -> actor::Agent {
        actor::Agent::sign_in(self, "ada").await
    }

    pub(crate) async fn visitor(&self) -> actor::Visitor {
        actor::Visitor::begin(self, "northwind").await
    }

    /// An invitation as the vault would have confirmed it, sent by `agent`.
    pub(crate) async fn invitation(&self, agent: &actor::Agent, conversation: ConversationId) -> InvitationId {
        let live = self.store.live_sessions(self.clock.now()).await.unwrap();
        let live = live.into_iter().find(|live| live.session.id == agent.session).unwrap();
        let id = InvitationId::generate(self.clock.now(), &*self.rng);
        let draft = Draft {
            id,
            site: northwind(),
            conversation,
            agent: live.agent.to_ref(),
            session: live.session.id,
            definition: card_form(),
            title: "Card payment".into(),
            description: None,
            channel: Channel::Web,
            clocks: Clocks::default(),
            locale: "en".into(),
            reopen: Reopen::default(),
            begun_at: self.clock.now(),
        };
        assert!(matches!(self.store.begin_invitation(draft).await.unwrap(), Begun::Prepared(_)));
        let until = self.clock.now().plus_seconds(86_400);
        self.store.confirm_invitation(&northwind(), id, "7F3K".into(), until, None, self.clock.now()).await.unwrap();
        id
    }

    /// The vault's word that an invitation was answered.
    pub(crate) async fn submit(&self, invitation: InvitationId) -> SubmissionId {
        let submission = SubmissionId::generate(self.clock.now(), &*self.rng);
        let status = InvitationStatus {
            invitation,
            status: Status::Submitted,
            since: self.clock.now(),
            submission: Some(submission),
        };
        let heard = Heard { followed: Followed { site: northwind(), invitation }, status: Some(status) };
        let epoch = uuid::Uuid::from_u128(1);
        self.store.resynchronise(epoch, 1, vec![heard], self.clock.now()).await.unwrap();
        submission
    }
}

/// Everybody's password.
fn hashed_password(cost: Cost) -> String {
    let params = Params::new(cost.memory, cost.passes, 1, None).unwrap();
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    let hash: phc::PasswordHash = argon.hash_password_with_salt(PASSWORD.as_bytes(), &[12; 16]).unwrap();
    hash.to_string()
}

pub(crate) fn northwind() -> SiteId {
    "northwind".parse().unwrap()
}

pub(crate) fn card_form() -> DefinitionHash {
    out_of_the_box().unwrap()[0].hash().clone()
}

fn site(id: &str, brand: &str) -> Site {
    Site {
        id: id.parse().unwrap(),
        brand: brand.into(),
        origins: vec![format!("http://{id}.localhost:8082").parse().unwrap()],
        privacy_url: None,
        contact_url: None,
        clocks: Clocks::default(),
        keeping: Keeping::default(),
        reopen: Reopen::default(),
    }
}

/// An address where nothing listens.
async fn vacant_address() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    listener.local_addr().unwrap().to_string()
}

fn tls() -> rustls::ClientConfig {
    let own = rcgen::generate_simple_self_signed(vec!["desk".to_owned()]).unwrap();
    let certificate = CertificateDer::from_pem_slice(own.cert.pem().as_bytes()).unwrap();
    let mut roots = rustls::RootCertStore::empty();
    roots.add(certificate.clone()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&rustls::version::TLS13])
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(
            vec![certificate],
            PrivateKeyDer::from_pem_slice(own.signing_key.serialize_pem().as_bytes()).unwrap(),
        )
        .unwrap()
}
