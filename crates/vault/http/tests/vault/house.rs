//! A vault in a temporary folder, and the desk's way to call it.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use aside_base::{
    AgentId, Clock as _, ConversationId, DefinitionHash, InvitationId, ManualClock, Rng, SeededRng, SessionId,
    Timestamp,
};
use aside_factor::TotpSecret;
use aside_form::{Published, out_of_the_box};
use aside_vault_http::{Desk, Desks, Outlook, Parts, Vault, operator, public_router, zone_router};
use aside_vault_keys::{KeyFile, KeyFilePlan};
use aside_vault_memory::{Lock, OffTheRecord, Room};
use aside_vault_pages::Pages;
use aside_vault_store::Store;
use aside_vault_store_sqlite::SqliteStore;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::browser::{Browser, Reply};

pub(crate) const ORIGIN: &str = "http://vault.localhost:8081";
pub(crate) const HOST: &str = "vault.localhost:8081";
pub(crate) const CHAT: &str = "http://chat.localhost:8080";
pub(crate) const DESK: &str = "http://desk.localhost:8080";
pub(crate) const BRAND: &str = "http://northwind.localhost:8082";
/// 22 November 2026.
const START: Timestamp = Timestamp(1_795_344_540_000);

/// What a house may have otherwise than usual.
pub(crate) struct Plan {
    pub(crate) posts_per_minute: u32,
    pub(crate) room: usize,
    pub(crate) outlook: Outlook,
    /// The key file is under a passphrase, and nobody has typed it yet.
    pub(crate) sealed: bool,
    /// Whether northwind's stored answers may be read after the close.
    pub(crate) history: bool,
}

impl Default for Plan {
    fn default() -> Self {
        Self { posts_per_minute: 10_000, room: 100, outlook: Outlook::default(), sealed: false, history: true }
    }
}

/// A running vault.
pub(crate) struct House {
    pub(crate) vault: Arc<Vault>,
    pub(crate) store: Arc<SqliteStore>,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) public: Router,
    pub(crate) rng: Arc<SeededRng>,
    zone: Router,
    plan: Plan,
    folder: TempDir,
}

/// An agent's session with its enrolled browser.
pub(crate) struct Agent {
    pub(crate) id: AgentId,
    pub(crate) session: SessionId,
    pub(crate) browser: Browser,
    /// The agent's code app, once there is one.
    pub(crate) app: Option<TotpSecret>,
}

/// An invitation that was sent.
pub(crate) struct Sent {
    pub(crate) id: InvitationId,
    pub(crate) conversation: ConversationId,
    pub(crate) link_key: Option<String>,
}

/// A reply of the zone link.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl House {
    pub(crate) async fn new() -> Self {
        Self::of(Plan::default()).await
    }

    pub(crate) async fn of(plan: Plan) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(ManualClock::at(START));
        let house = Self::build(plan, folder, clock, 1);
        let profile = json!({
            "brand": "Northwind", "origins": [BRAND], "privacy_url": "https://northwind.example/privacy", "contact_url": null,
        });
        assert_eq!(house.zone("PUT", "", Some(profile)).await.status, StatusCode::NO_CONTENT);
        for form in out_of_the_box().unwrap() {
            let definition = serde_json::to_value(form.definition()).unwrap();
            let published = house.zone("PUT", &format!("/definitions/{}", form.hash()), Some(definition)).await;
            assert_eq!(published.status, StatusCode::NO_CONTENT);
        }
        house
    }

    /// The same vault after its program was killed and started again.
    pub(crate) fn restarted(self) -> Self {
        Self::build(self.plan, self.folder, self.clock, 2)
    }

    fn build(plan: Plan, folder: TempDir, clock: Arc<ManualClock>, seed: u64) -> Self {
        let rng = Arc::new(SeededRng::new(seed));
        let store = SqliteStore::open(&folder.path().join("vault.sqlite"), rng.as_ref()).unwrap();
        let key_file = KeyFilePlan {
            passphrase: plan.sealed,
            ..KeyFilePlan::plain(&folder.path().join("key"), store.database(), store.fresh())
        };
        let keys = KeyFile::with(key_file, Arc::clone(&rng) as Arc<dyn Rng>);
        let store = Arc::new(store);
        let room = Room::obtain(plan.room, Lock::MemfdSecret).unwrap();
        let vault = Vault::new(Parts {
            store: Arc::clone(&store) as Arc<dyn Store>,
            key_provider: Arc::new(keys.unwrap()),
            former_key_providers: Vec::new(),
            memory: OffTheRecord::new(room, Duration::from_secs(600), rng.as_ref()).unwrap(),
            pages: Pages::new().unwrap(),
            clock: Arc::clone(&clock) as Arc<dyn aside_base::Clock>,
            rng: Arc::clone(&rng) as Arc<dyn Rng>,
            origin: ORIGIN.parse().unwrap(),
            desks: Desks::new(vec![
                Desk { history: plan.history, ..desk("desk", "northwind") },
                desk("other", "fabrikam"),
            ])
            .unwrap(),
            public_posts_per_minute: NonZeroU32::new(plan.posts_per_minute).unwrap(),
            view_key_seconds: 10,
            outlook: plan.outlook.clone(),
        });
        let zone = zone_router(Arc::clone(&vault));
        Self { public: public_router(&vault), zone, vault, store, clock, rng, plan, folder }
    }

    pub(crate) fn path(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// A call of the desk that has `northwind`, below that site's address.
    pub(crate) async fn zone(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        self.zone_as("desk", method, &format!("/zone/v1/sites/northwind{path}"), body).await
    }

    /// A call of the desk of this name.
    pub(crate) async fn zone_as(&self, name: &str, method: &str, path: &str, body: Option<Value>) -> Answer {
        let site = if name == "desk" { "northwind" } else { "fabrikam" };
        let router = self.zone.clone().layer(Extension(Arc::new(desk(name, site))));
        send(router, json_request(method, path, body)).await
    }

    /// A call without a desk: not through the zone link's listener.
    pub(crate) async fn zone_as_nobody(&self, path: &str) -> Answer {
        send(self.zone.clone(), Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A call of whoever runs the vault, as it comes over the socket.
    pub(crate) async fn operator(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let router = operator::router(Arc::clone(&self.vault)).layer(Extension(operator::User(0)));
        send(router, json_request(method, path, body)).await
    }

    /// The same without the socket.
    pub(crate) async fn operator_as_nobody(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        send(operator::router(Arc::clone(&self.vault)), json_request(method, path, body)).await
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::of(self.public.clone())
    }

    /// A browser in which cookies stick, as the hidden first page has found out.
    pub(crate) async fn visitor(&self) -> Browser {
        let mut browser = self.browser();
        assert_eq!(browser.get("/begin").await.status, StatusCode::OK);
        browser
    }

    /// An agent who has logged in at the desk, whose browser was enrolled, and whose code app is set up.
    pub(crate) async fn agent(&self) -> Agent {
        let mut agent = self.newcomer().await;
        self.set_up_app(&mut agent).await;
        agent
    }

    /// An agent who has no second factor at the vault yet.
    pub(crate) async fn newcomer(&self) -> Agent {
        self.signed_in(AgentId::generate(START, self.rng.as_ref())).await
    }

    /// One more session of this agent, in a browser of its own.
    pub(crate) async fn signed_in(&self, id: AgentId) -> Agent {
        let session = self.fresh_session();
        let enrolment = self.zone("POST", "/sessions", Some(start(session, id))).await;
        let mut browser = self.browser();
        let enrolled = browser.call("/viewer/enrol", json!({ "key": enrolment.body["key"] })).await;
        assert_eq!(enrolled.status, StatusCode::NO_CONTENT, "{}", enrolled.body);
        Agent { id, session, browser, app: None }
    }

    /// Sets up a code app as a person would: the secret from the page, the code from the app.
    pub(crate) async fn set_up_app(&self, agent: &mut Agent) {
        let app = scanned(&agent.browser.post("/factor/totp", &[]).await);
        let code = app.code(self.clock.now());
        let done = agent.browser.post("/factor/totp/confirm", &[("code", &code)]).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, "/factor?fresh"), "{}", done.body);
        agent.app = Some(app);
    }

    pub(crate) async fn invite(&self, agent: &Agent, form: &str, channel: &str) -> Sent {
        let sent = self.unsent();
        let invited = self.zone("POST", "/invitations", Some(invite(agent, &sent, form, channel))).await;
        assert_eq!(invited.status, StatusCode::OK, "{}", invited.body);
        Sent { link_key: invited.body["link_key"].as_str().map(str::to_owned), ..sent }
    }

    /// The desk's call for a form that it may not send.
    pub(crate) async fn try_to_invite(&self, agent: &Agent, form: &str) -> Answer {
        self.zone("POST", "/invitations", Some(invite(agent, &self.unsent(), form, "web"))).await
    }

    /// An invitation that nobody knows of yet.
    pub(crate) fn unsent(&self) -> Sent {
        let rng = self.rng.as_ref();
        let (id, conversation) = (InvitationId::generate(START, rng), ConversationId::generate(START, rng));
        Sent { id, conversation, link_key: None }
    }

    /// A session that nobody knows of yet.
    pub(crate) fn fresh_session(&self) -> SessionId {
        SessionId::generate(START, self.rng.as_ref())
    }

    /// The desk says that the agent's session lives.
    pub(crate) async fn renew(&self, agent: &Agent) {
        let renewed = self.zone("POST", "/sessions/renew", Some(json!({ "sessions": [agent.session] }))).await;
        assert_eq!(renewed.body["ended"], json!([]));
    }

    /// The desk says what the agent may do.
    pub(crate) async fn set_rights(&self, agent: &Agent, secure_forms: bool, card_numbers: bool) {
        let rights = json!({ "secure_forms": secure_forms, "card_numbers": card_numbers });
        let set = self.zone("POST", &format!("/agents/{}/rights", agent.id), Some(rights)).await;
        assert_eq!(set.status, StatusCode::NO_CONTENT);
    }

    /// The desk says what the agent may do, all of it.
    pub(crate) async fn set_all_rights(&self, agent: &Agent, rights: Value) {
        let set = self.zone("POST", &format!("/agents/{}/rights", agent.id), Some(rights)).await;
        assert_eq!(set.status, StatusCode::NO_CONTENT, "{}", set.body);
    }

    /// A form that opens once, or one that may be left.
    pub(crate) async fn invite_in(&self, agent: &Agent, conversation: ConversationId, reopen: &str) -> Sent {
        let sent = Sent { conversation, ..self.unsent() };
        let mut body = invite(agent, &sent, "cardholder-data", "web");
        body["reopen"] = json!(reopen);
        let invited = self.zone("POST", "/invitations", Some(body)).await;
        assert_eq!(invited.status, StatusCode::OK, "{}", invited.body);
        sent
    }

    /// The desk asks for what is stored.
    pub(crate) async fn history(&self, agent: &Agent, sent: &Sent) -> Answer {
        let said = json!({ "session": agent.session, "reason": "dispute", "reference": "CASE-2026-0147" });
        self.zone("POST", &format!("/invitations/{}/history", sent.id), Some(said)).await
    }

    /// The desk closes the conversation.
    pub(crate) async fn close(&self, sent: &Sent) {
        let closed = self.zone("POST", &format!("/conversations/{}/close", sent.conversation), None).await;
        assert_eq!(closed.status, StatusCode::NO_CONTENT);
    }

    /// What happened to an invitation, as the desk hears it: the event's kind, and why.
    pub(crate) async fn happened(&self, sent: &Sent) -> Vec<String> {
        let page = self.zone_as("desk", "GET", "/zone/v1/events?after=0", None).await;
        let id = sent.id.to_string();
        let events = page.body["events"].as_array().unwrap().iter().filter(|event| event["invitation"] == json!(id));
        let said = |event: &Value| {
            let why = event["reason"].as_str().or(event["why"].as_str());
            let why = why.map_or(String::new(), |why| format!(" {why}"));
            format!("{}{why}", event["kind"].as_str().unwrap())
        };
        events.map(said).collect()
    }

    /// A browser with what another one keeps, in front of this house: after a restart, say.
    pub(crate) fn browser_with(&self, other: &Browser) -> Browser {
        Browser { cookies: other.cookies.clone(), ..self.browser() }
    }

    /// The desk's call at the visitor's click: an `open` key.
    pub(crate) async fn click(&self, sent: &Sent) -> String {
        let minted = self.zone("POST", &format!("/invitations/{}/open", sent.id), None).await;
        assert_eq!(minted.status, StatusCode::OK, "{}", minted.body);
        minted.body["key"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn grant(&self, agent: &Agent, sent: &Sent) -> Answer {
        let path = format!("/invitations/{}/grant", sent.id);
        self.zone("POST", &path, Some(json!({ "session": agent.session }))).await
    }

    pub(crate) async fn status(&self, sent: &Sent) -> String {
        let status = self.zone("GET", &format!("/invitations/{}", sent.id), None).await;
        status.body["status"].as_str().unwrap_or_default().to_owned()
    }

    /// The acts in the audit log, with their results.
    pub(crate) async fn audit(&self) -> Vec<(String, String)> {
        let rows = self.store.audit(0, 1000).await.unwrap();
        rows.into_iter().map(|row| (row.act, row.outcome)).collect()
    }
}

/// What the desk says when an agent has signed in.
pub(crate) fn start(session: SessionId, agent: AgentId) -> Value {
    let rights = json!({ "secure_forms": true, "card_numbers": true });
    json!({ "session": session, "agent": agent, "agent_name": "Dana", "rights": rights })
}

/// The secret on the page that sets up a code app.
pub(crate) fn scanned(page: &Reply) -> TotpSecret {
    let (_, rest) = page.body.split_once("translate=\"no\">").unwrap_or_else(|| panic!("no secret: {}", page.body));
    TotpSecret::from_text(rest.split('<').next().unwrap()).unwrap()
}

pub(crate) fn desk(name: &str, site: &str) -> Desk {
    Desk {
        name: name.to_owned(),
        sites: vec![site.parse().unwrap()],
        desk_origin: DESK.parse().unwrap(),
        chat_origin: CHAT.parse().unwrap(),
        // The other desk's operator did not allow it.
        history: site == "northwind",
    }
}

pub(crate) fn invite(agent: &Agent, sent: &Sent, form: &str, channel: &str) -> Value {
    json!({
        "invitation": sent.id, "conversation": sent.conversation, "session": agent.session, "agent_name": "Dana",
        "definition": definition(form).hash(), "channel": channel, "locale": "en",
        "clocks": { "invitation_life": 86_400, "open_limit": 300, "submit_limit": 1_800 },
    })
}

pub(crate) fn definition(form: &str) -> Published {
    out_of_the_box().unwrap().into_iter().find(|published| published.definition().id == form).unwrap()
}

/// A hash that names nothing.
pub(crate) fn unknown_hash() -> DefinitionHash {
    DefinitionHash::of_digest(&[7; 32])
}

fn json_request(method: &str, path: &str, body: Option<Value>) -> Request<Body> {
    let mut request = Request::builder().method(method.parse::<Method>().unwrap()).uri(path);
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap()
}

async fn send(router: Router, mut request: Request<Body>) -> Answer {
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))));
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    Answer { status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null) }
}
