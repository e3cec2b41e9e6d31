//! Who may do what, route by route. The routes come from the routers' own document; one without a rule here fails, and so does
//! a rule whose route is gone. Each rule is tried by every kind of actor.

use std::collections::BTreeSet;

use aside_base::{Clock as _, Timestamp};
use aside_factor::authenticator::Authenticator;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::browser::{Browser, encoded};
use crate::factor::{FRAME, set_up_passkey};
use crate::house::{Agent, CHAT, HOST, House, ORIGIN, Plan, Sent, invite, scanned, start};
use crate::life::{CARD, opened};
use crate::mutual_tls::Door;
use crate::view::{answered_by, view_id, viewed};

/// Browsers, as the public face may meet them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Actor {
    /// No cookie at all.
    Anonymous,
    /// Bound to another form, and the viewer of another agent's session.
    Stranger,
    /// The device that the form is bound to.
    Device,
    /// The browser that is enrolled for the session.
    Viewer,
    /// The same while its session is locked.
    Locked,
    /// The same once its session has ended.
    Ended,
}

const ACTORS: [Actor; 6] =
    [Actor::Anonymous, Actor::Stranger, Actor::Device, Actor::Viewer, Actor::Locked, Actor::Ended];

/// What each actor is answered, in the order of [`ACTORS`].
type Rule = (&'static str, &'static str, [u16; 6]);

/// Whoever has the key in the request may: it is the credential, and works once.
const ANYBODY: [u16; 6] = [200; 6];

const PUBLIC: &[Rule] = &[
    ("get", "/begin", ANYBODY),
    ("get", "/healthz", ANYBODY),
    ("get", "/health/ready", ANYBODY),
    ("get", "/form/key", ANYBODY),
    // Without the hash of its text it is not there.
    ("get", "/script/seal.js", [404; 6]),
    ("get", "/viewer", ANYBODY),
    // What nobody could read any more is not opened: the session that asked has ended.
    ("get", "/o/{key}", [200, 200, 200, 200, 200, 410]),
    ("post", "/ask", [200, 200, 200, 200, 200, 410]),
    // Where cookies do not stick the form itself comes back; where they do, the way to it.
    ("post", "/open", [200, 303, 303, 200, 200, 410]),
    ("get", "/form/{invitation}", [404, 404, 200, 404, 404, 404]),
    ("get", "/form/{invitation}/sent", [404, 404, 303, 404, 404, 404]),
    ("post", "/form/{invitation}", [404, 409, 303, 404, 404, 404]),
    ("post", "/form/{invitation}/decline", [404, 404, 200, 404, 404, 404]),
    ("post", "/form/{invitation}/close", [404, 404, 200, 404, 404, 404]),
    ("post", "/viewer/enrol", [204; 6]),
    ("post", "/view", [403, 403, 403, 200, 403, 403]),
    // A stream: 403 stands for one whose first word is *closed*.
    ("get", "/view/live/{view}", [403, 403, 403, 200, 403, 403]),
    ("post", "/view/reveal", [403, 403, 403, 200, 403, 403]),
    // The stranger has no view, and the session's own browser the right to copy.
    ("post", "/view/copied", [403, 403, 403, 204, 403, 403]),
    ("post", "/view/done", [403, 403, 403, 204, 204, 204]),
    ("post", "/view/confirm/options", [403, 403, 403, 200, 403, 403]),
    ("post", "/view/confirm", [403, 403, 403, 200, 403, 403]),
    // The agents of this scene may not export.
    ("post", "/export", [404; 6]),
    ("get", "/export", [403; 6]),
    ("post", "/export/confirm", [403; 6]),
    ("post", "/export/file", [403; 6]),
    ("get", "/factor", [403, 200, 403, 200, 403, 403]),
    ("post", "/factor/totp", [403, 200, 403, 200, 403, 403]),
    // The stranger's own session has no code app that waits for a code.
    ("post", "/factor/totp/confirm", [403, 303, 403, 303, 403, 403]),
    ("get", "/factor/confirm", [403, 303, 403, 303, 403, 403]),
    ("post", "/factor/confirm", [403, 403, 403, 303, 403, 403]),
    ("post", "/factor/confirm/options", [403, 403, 403, 200, 423, 403]),
    ("post", "/factor/confirm/passkey", [403, 404, 403, 204, 423, 403]),
    ("post", "/factor/passkey/options", [403, 200, 403, 200, 423, 403]),
    ("post", "/factor/passkey", [403, 404, 403, 204, 423, 403]),
];

/// What the desk of the site is answered, and the desk of another site. A certificate that names no registered desk is
/// answered 404 whatever it asks, and without one there is no answer: both are tried on the real listener.
const ZONE: &[(&str, &str, u16, u16)] = &[
    // Of its own sites: nothing is another's here.
    ("get", "/zone/v1/events", 200, 200),
    // Of other desks' sites the hashes, and nothing else.
    ("get", "/zone/v1/audit", 200, 200),
    ("get", "/zone/v1/audit/state", 200, 200),
    ("put", "/zone/v1/sites/{site}", 204, 404),
    ("put", "/zone/v1/sites/{site}/definitions/{hash}", 204, 404),
    ("post", "/zone/v1/sites/{site}/forms", 204, 404),
    ("post", "/zone/v1/sites/{site}/sessions", 200, 404),
    ("post", "/zone/v1/sites/{site}/sessions/renew", 200, 404),
    ("post", "/zone/v1/sites/{site}/sessions/{session}/end", 204, 404),
    ("post", "/zone/v1/sites/{site}/sessions/{session}/lock", 204, 404),
    ("post", "/zone/v1/sites/{site}/sessions/{session}/unlock", 204, 404),
    ("post", "/zone/v1/sites/{site}/conversations/{conversation}/close", 204, 404),
    ("post", "/zone/v1/sites/{site}/conversations/{conversation}/erase", 204, 404),
    ("get", "/zone/v1/sites/{site}/keeping", 200, 404),
    ("post", "/zone/v1/sites/{site}/exports", 200, 404),
    ("post", "/zone/v1/sites/{site}/agents/{agent}/rights", 204, 404),
    ("post", "/zone/v1/sites/{site}/agents/{agent}/factors/reset", 204, 404),
    ("post", "/zone/v1/sites/{site}/invitations", 200, 404),
    ("get", "/zone/v1/sites/{site}/invitations/{invitation}", 200, 404),
    ("post", "/zone/v1/sites/{site}/invitations/{invitation}/open", 200, 404),
    ("post", "/zone/v1/sites/{site}/invitations/{invitation}/reissue", 200, 404),
    ("post", "/zone/v1/sites/{site}/invitations/{invitation}/grant", 200, 404),
    ("post", "/zone/v1/sites/{site}/invitations/{invitation}/cancel", 204, 404),
    ("post", "/zone/v1/sites/{site}/invitations/{invitation}/revoke", 204, 404),
    ("post", "/zone/v1/sites/{site}/invitations/{invitation}/history", 200, 404),
];

/// All routes that there are, by method and path.
fn routes() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(aside_vault_http::openapi()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let methods = |item: &Value| item.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    paths.iter().flat_map(|(path, item)| methods(item).into_iter().map(|method| (method, path.clone()))).collect()
}

#[test]
fn every_route_has_a_rule_and_every_rule_a_route() {
    let ruled = PUBLIC.iter().map(|(method, path, _)| (*method, *path));
    let ruled = ruled.chain(ZONE.iter().map(|(method, path, ..)| (*method, *path)));
    let ruled = ruled.chain(crate::api::RULES.iter().map(|(method, path, _)| (*method, *path)));
    let ruled: BTreeSet<_> = ruled.map(|(method, path)| (method.to_owned(), path.to_owned())).collect();
    let routes = routes();
    assert_eq!(routes.difference(&ruled).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "without a rule");
    assert_eq!(ruled.difference(&routes).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "without a route");
    // What is not in the document cannot be in a router.
    for source in [include_str!("../../src/public.rs"), include_str!("../../src/zone.rs")] {
        for unlisted in [".route(", ".route_service(", ".nest(", ".nest_service("] {
            assert!(!source.contains(unlisted), "{unlisted} adds a route past the document");
        }
    }
}

/// Fresh things to ask for, so that no case sees what another one did.
struct Scene {
    agent: Agent,
    device: Browser,
    /// Opened by the device and not sent yet, with its `submit` key.
    open: (Sent, String),
    /// A click's key that nobody has used.
    click: String,
    /// A link that nobody has opened.
    link: String,
    /// Answered, with a grant that nobody has used, and a view that is open.
    grant: (String, String),
    view: String,
    /// Enrols a browser for a session that has none.
    enrol: String,
}

impl Scene {
    async fn set(house: &House) -> (Self, Authenticator) {
        let mut agent = house.newcomer().await;
        let passkey = set_up_passkey(&mut agent).await;
        house.set_up_app(&mut agent).await;
        let rights = json!({ "secure_forms": true, "card_numbers": true, "copy": true });
        house.set_all_rights(&agent, rights).await;
        let mut device = house.visitor().await;
        let form = house.invite(&agent, "cardholder-data", "web").await;
        let submit = opened(house, &mut device, &form).await.key();
        let click = house.click(&house.invite(&agent, "secure-note", "web").await).await;
        let link = house.invite(&agent, "secure-note", "link").await.link_key.unwrap();
        let answered = answered_by(house, &agent).await;
        let view = view_id(&viewed(house, &mut agent, &answered).await);
        let granted = answered_by(house, &agent).await;
        let grant = house.grant(&agent, &granted).await.body;
        let text = |name: &str| grant[name].as_str().unwrap().to_owned();
        let session = house.fresh_session();
        let enrolment = house.zone("POST", "/sessions", Some(start(session, agent.id))).await;
        let enrol = enrolment.body["key"].as_str().unwrap().to_owned();
        let grant = (text("submission"), text("key"));
        (Self { agent, device, open: (form, submit), click, link, grant, view, enrol }, passkey)
    }

    /// The request that the one who may would send.
    async fn request(&mut self, house: &House, passkey: &mut Authenticator, method: &str, path: &str) -> Request<Body> {
        let later = Timestamp(house.clock.now().0 + 30_000);
        let code = self.agent.app.as_ref().unwrap().code(later).to_string();
        let form = |fields: &[(&str, &str)]| {
            let fields: Vec<_> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
            ("application/x-www-form-urlencoded", fields.join("&"))
        };
        let call = |body: Value| ("application/json", body.to_string());
        let key = self.open.1.as_str();
        if path == "/ask" {
            // Something else was faster with the key: a link scanner, say.
            let opened = house.visitor().await.post_from(CHAT, "/open", &[("otk", &self.click)]).await;
            assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.body);
        }
        let body = match path {
            "/ask" | "/open" => form(&[("otk", &self.click)]),
            "/form/{invitation}" => form(&[&[("otk", key)][..], &CARD].concat()),
            "/form/{invitation}/decline" | "/form/{invitation}/close" => form(&[("otk", key)]),
            "/viewer/enrol" => call(json!({ "key": self.enrol })),
            "/view" => form(&[("submission", &self.grant.0), ("otk", &self.grant.1)]),
            "/view/reveal" | "/view/copied" => call(json!({ "view": self.view, "answer": "number" })),
            "/view/done" | "/view/confirm/options" => call(json!({ "view": self.view })),
            "/view/confirm" => call(json!({ "view": self.view, "code": code })),
            "/factor/totp/confirm" => {
                let app = scanned(&self.agent.browser.post("/factor/totp", &[]).await);
                form(&[("code", &app.code(later))])
            }
            "/factor/confirm" => form(&[("code", &code)]),
            "/factor/confirm/passkey" => {
                let asked = self.agent.browser.call("/factor/confirm/options", json!({})).await.json();
                call(json!({ "credential": passkey.get(&asked, FRAME) }))
            }
            "/factor/passkey" => {
                let asked = self.agent.browser.call("/factor/passkey/options", json!({})).await.json();
                let (_, credential) = Authenticator::create(aside_factor::authenticator::KeyKind::EdDsa, &asked, FRAME);
                call(json!({ "credential": credential }))
            }
            "/factor/confirm/options" | "/factor/passkey/options" => call(json!({})),
            _ => form(&[]),
        };
        let invitation = self.open.0.id.to_string();
        let path = path.replace("{invitation}", &invitation).replace("{view}", &self.view).replace("{key}", &self.link);
        let request = Request::builder().method(method.to_uppercase().as_str()).uri(path).header("host", HOST);
        if method == "get" {
            return request.body(Body::empty()).unwrap();
        }
        let request = request.header("origin", ORIGIN).header("sec-fetch-site", "same-origin");
        request.header("content-type", body.0).body(Body::from(body.1)).unwrap()
    }

    async fn browser(&self, house: &House, actor: Actor) -> Browser {
        let session = self.agent.session;
        match actor {
            Actor::Anonymous => house.browser(),
            Actor::Stranger => {
                let mut stranger = house.agent().await;
                let theirs = house.invite(&stranger, "secure-note", "web").await;
                let mut visitor = house.visitor().await;
                opened(house, &mut visitor, &theirs).await;
                stranger.browser.cookies.extend(visitor.cookies);
                stranger.browser
            }
            Actor::Device => self.device.clone(),
            Actor::Viewer => self.agent.browser.clone(),
            Actor::Locked | Actor::Ended => {
                let act = if actor == Actor::Locked { "lock" } else { "end" };
                let done = house.zone("POST", &format!("/sessions/{session}/{act}"), None).await;
                assert_eq!(done.status, StatusCode::NO_CONTENT);
                self.agent.browser.clone()
            }
        }
    }
}

/// Sends the request with the browser's cookies. Of a stream only the first word is waited for.
async fn answer(browser: &Browser, mut request: Request<Body>) -> (u16, String) {
    let cookies: Vec<String> = browser.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if !cookies.is_empty() {
        request.headers_mut().insert("cookie", cookies.join("; ").parse().unwrap());
    }
    let streams = request.uri().path().starts_with("/view/live/");
    let from = std::net::SocketAddr::from((browser.address, 50_000));
    request.extensions_mut().insert(ConnectInfo(from));
    let response = browser.router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let mut body = response.into_body();
    if !streams {
        return (status, String::from_utf8_lossy(&body.collect().await.unwrap().to_bytes()).into_owned());
    }
    let word = body.frame().await.unwrap().unwrap().into_data().unwrap();
    let word = String::from_utf8_lossy(&word).into_owned();
    (if word.contains("closed") { 403 } else { status }, word)
}

#[tokio::test]
async fn every_actor_is_answered_by_the_rule_of_each_public_route() {
    let house = House::of(Plan { posts_per_minute: 1_000_000, room: 100_000, ..Plan::default() }).await;
    let mut wrong = Vec::new();
    for (method, path, expected) in PUBLIC {
        for (actor, expected) in ACTORS.into_iter().zip(expected) {
            let (mut scene, mut passkey) = Scene::set(&house).await;
            let request = scene.request(&house, &mut passkey, method, path).await;
            let browser = scene.browser(&house, actor).await;
            let (status, body) = answer(&browser, request).await;
            if status != *expected {
                wrong.push(format!("{method} {path} by {actor:?}: {status}, not {expected}"));
            }
            // Whatever the status: only who may see an answer gets one.
            let may_see = actor == Actor::Viewer && path.starts_with("/view");
            assert!(may_see || !(body.contains("4111 11") || body.contains("4111111111111111")), "{path} by {actor:?}");
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn no_page_of_another_site_posts_anything_in_somebodys_browser() {
    let house = House::of(Plan { posts_per_minute: 1_000_000, room: 100_000, ..Plan::default() }).await;
    for (method, path, _) in PUBLIC.iter().filter(|(method, ..)| *method == "post") {
        let (mut scene, mut passkey) = Scene::set(&house).await;
        for foreign in ["http://evil.example", "null", CHAT, crate::house::DESK] {
            if (*path == "/open" && foreign == CHAT) || (*path == "/ask" && foreign != CHAT) {
                continue;
            }
            let mut request = scene.request(&house, &mut passkey, method, path).await;
            request.headers_mut().insert("origin", foreign.parse().unwrap());
            request.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
            let mut browser = scene.agent.browser.clone();
            browser.cookies.extend(scene.device.cookies.clone());
            assert_eq!(answer(&browser, request).await.0, 403, "{path} from {foreign}");
        }
    }
}

#[tokio::test]
async fn every_desk_is_answered_by_the_rule_of_each_zone_route() {
    let house = House::new().await;
    let door = Door::open(&house).await;
    for (method, path, own, other) in ZONE {
        for (desk, expected) in [("desk", own), ("other", other)] {
            let (path, body) = zone_request(&house, path).await;
            let answer = house.zone_as(desk, &method.to_uppercase(), &path, body).await;
            assert_eq!(answer.status.as_u16(), *expected, "{method} {path} by {desk}: {}", answer.body);
            if desk == "other" {
                assert_eq!(answer.body.get("events").unwrap_or(&json!([])), &json!([]), "{path} tells of others");
                assert!(!answer.body.to_string().contains("northwind"), "{path} tells of others");
            }
        }
        let (path, _) = zone_request(&house, path).await;
        let method = method.to_uppercase();
        let unregistered = door.asked_by_unregistered(&method, &path).await;
        assert_eq!(unregistered.as_deref(), Some("HTTP/1.1 404 Not Found"), "{method} {path}");
        assert_eq!(door.asked_by_nobody(&method, &path).await, None, "{method} {path}");
        // Behind the listener too: whoever is nobody is refused by each route itself.
        let mut request = Request::builder().method(method.as_str()).uri(&path).body(Body::empty()).unwrap();
        request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 50_000))));
        let refused = aside_vault_http::zone_router(house.vault.clone()).oneshot(request).await.unwrap();
        assert_eq!(refused.status(), StatusCode::NOT_FOUND, "{method} {path}");
    }
    door.close().await;
}

/// Address and body of a request that the site's own desk may make.
async fn zone_request(house: &House, path: &str) -> (String, Option<Value>) {
    let agent = house.agent().await;
    let sent = if path.ends_with("/grant") || path.ends_with("/history") {
        answered_by(house, &agent).await
    } else {
        house.invite(&agent, "secure-note", if path.ends_with("/reissue") { "link" } else { "web" }).await
    };
    if path.ends_with("/history") {
        house.set_all_rights(&agent, json!({ "secure_forms": true, "card_numbers": true, "history": true })).await;
        house.close(&sent).await;
    }
    if path.ends_with("/exports") {
        house.set_all_rights(&agent, json!({ "secure_forms": true, "card_numbers": true, "export": true })).await;
    }
    let form = crate::house::definition("secure-note");
    let body = match path.rsplit('/').next().unwrap() {
        "{site}" => json!({ "brand": "Northwind", "origins": [], "privacy_url": null, "contact_url": null }),
        "{hash}" => serde_json::to_value(form.definition()).unwrap(),
        "forms" => json!({ "on": true }),
        "sessions" => start(house.fresh_session(), agent.id),
        "renew" => json!({ "sessions": [agent.session] }),
        "rights" => json!({ "secure_forms": true, "card_numbers": true }),
        "invitations" => invite(&agent, &house.unsent(), "secure-note", "web"),
        "grant" => json!({ "session": agent.session }),
        "cancel" => json!({ "reason": "agent" }),
        "revoke" => json!({ "reason": "transferred" }),
        "history" => json!({ "session": agent.session, "reason": "fraud_check" }),
        "exports" => json!({ "session": agent.session, "conversations": [sent.conversation] }),
        _ => Value::Null,
    };
    let (session, id) = (agent.session.to_string(), agent.id.to_string());
    let (conversation, invitation) = (sent.conversation.to_string(), sent.id.to_string());
    let path = path
        .replace("{site}", "northwind")
        .replace("{hash}", &form.hash().to_string())
        .replace("{session}", &session)
        .replace("{agent}", &id)
        .replace("{conversation}", &conversation)
        .replace("{invitation}", &invitation);
    let path = match path.as_str() {
        "/zone/v1/events" => format!("{path}?after=0"),
        "/zone/v1/audit" => format!("{path}?after=0&limit=1000"),
        _ => path,
    };
    (path, (!body.is_null()).then_some(body))
}
