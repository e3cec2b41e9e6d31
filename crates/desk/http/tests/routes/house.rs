//! A desk for one test: one brand with two agents, its own database, no vault.

use std::num::NonZeroU32;
use std::sync::{Arc, OnceLock};

use aside_base::{
    AgentId, Clock as _, ConversationId, DefinitionHash, InvitationId, ManualClock, Rng, SeededRng, SiteId,
    SubmissionId, Timestamp,
};
use aside_desk_domain::{Agent, Draft, PasswordHash, Site};
use aside_desk_http::link::Link;
use aside_desk_http::{Desk, Settings, password, router};
use aside_desk_store::{
    Accounts as _, Begun, Followed, Heard, Invitations as _, NewAgent, Sessions as _, VaultStream as _,
};
use aside_desk_store_sqlite::SqliteStore;
use aside_form::out_of_the_box;
use aside_wire::{Channel, Clocks, InvitationStatus, Status};
use axum::Router;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tempfile::TempDir;

use crate::actor;

pub(crate) const DESK: &str = "http://desk.localhost:8080";
pub(crate) const CHAT: &str = "http://chat.localhost:8080";
pub(crate) const VAULT: &str = "http://vault.localhost:8081";
pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const START: Timestamp = Timestamp(1_800_000_000_000);

pub(crate) struct House {
    pub(crate) desk: Arc<Desk>,
    pub(crate) store: SqliteStore,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) rng: Arc<SeededRng>,
    pub(crate) router: Router,
    _folder: TempDir,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::with_limits(1_000, 1_000).await
    }

    /// A house with so many logins and visitors' commands a minute.
    pub(crate) async fn with_limits(logins: u32, messages: u32) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = SqliteStore::open(&folder.path().join("desk.sqlite")).unwrap();
        let (clock, rng) = (Arc::new(ManualClock::at(START)), Arc::new(SeededRng::new(11)));
        for (id, brand) in [("northwind", "Northwind"), ("southwind", "Southwind")] {
            store.create_site(site(id, brand), START).await.unwrap();
        }
        for (site, name, display_name) in
            [("northwind", "dana", "Dana"), ("northwind", "kim", "Kim"), ("southwind", "sol", "Sol")]
        {
            let agent = Agent {
                id: AgentId::generate(START, &*rng),
                site: site.parse().unwrap(),
                name: name.parse().unwrap(),
                display_name: display_name.parse().unwrap(),
            };
            let password = PasswordHash::from_phc(hashed_password().to_owned());
            store.create_agent(NewAgent { agent, password }, START).await.unwrap();
        }
        let settings = Settings {
            desk_origin: DESK.parse().unwrap(),
            chat_origin: CHAT.parse().unwrap(),
            vault_origin: VAULT.parse().unwrap(),
            logins_per_minute: NonZeroU32::new(logins).unwrap(),
            messages_per_minute: NonZeroU32::new(messages).unwrap(),
        };
        let link = Arc::new(Link::new(&vacant_address().await, tls()).unwrap());
        let forms = out_of_the_box().unwrap();
        let (all, random): (Arc<SqliteStore>, Arc<dyn Rng>) = (Arc::new(store.clone()), rng.clone());
        let desk = Arc::new(Desk::new(all, link, clock.clone(), random, forms, settings).unwrap());
        Self { router: router(&desk), desk, store, clock, rng, _folder: folder }
    }

    pub(crate) async fn dana(&self) -> actor::Agent {
        actor::Agent::sign_in(self, "dana").await
    }

    pub(crate) async fn kim(&self) -> actor::Agent {
        actor::Agent::sign_in(self, "kim").await
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

/// Everybody's password, hashed once: that is most of what a house costs.
fn hashed_password() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| password::hash(PASSWORD, &SeededRng::new(12)).unwrap())
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
