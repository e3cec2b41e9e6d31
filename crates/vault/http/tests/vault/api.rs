//! The API for other programs: who is let in, what each key opens, and what is never told.

use std::net::{IpAddr, SocketAddr};

use aside_vault_http::operator;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::{Extension, Router};
use http::{Method, Request, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::{Value, json};
use tower::ServiceExt as _;

use crate::house::{Agent, HOST, House, Sent};
use crate::life::PAN;
use crate::view::{answered, answered_by};

/// The API's routes, each with the scope it needs. What every kind of caller is answered is tried below.
pub(crate) const RULES: [(&str, &str, &str); 4] = [
    ("post", "/api/v1/detokenise", "detokenise"),
    ("get", "/api/v1/submissions/{submission}", "describe"),
    ("post", "/api/v1/conversations/{conversation}/export", "export"),
    ("post", "/api/v1/conversations/{conversation}/erase", "erase"),
];

struct Reply {
    status: StatusCode,
    body: Value,
    headers: http::HeaderMap,
}

async fn send(router: Router, from: &str, mut request: Request<Body>) -> Reply {
    let from: IpAddr = from.parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::from((from, 50_000))));
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    Reply { status: parts.status, body: serde_json::from_slice(&bytes).unwrap_or(Value::Null), headers: parts.headers }
}

/// What the operator types at the vault's own machine.
async fn operate(house: &House, method: Method, path: &str, body: Option<Value>) -> Reply {
    let router = operator::router(std::sync::Arc::clone(&house.vault)).layer(Extension(operator::User(1000)));
    let request = Request::builder().method(method).uri(path).header("content-type", "application/json");
    let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
    send(router, "127.0.0.1", request.body(body).unwrap()).await
}

fn wanted(scopes: &[&str]) -> Value {
    json!({
        "site": "northwind", "name": "Payments", "scopes": scopes, "kinds": ["card_number", "text"],
        "networks": ["192.0.2.0/24"], "per_minute": 1000, "days": 30,
    })
}

async fn made(house: &House, wanted: Value) -> (String, String) {
    let made = operate(house, Method::POST, "/v1/api-keys", Some(wanted)).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    let text = |name: &str| made.body[name].as_str().unwrap().to_owned();
    (text("id"), text("key"))
}

const HERE: &str = "192.0.2.7";

/// A call as the program with this key makes it.
fn call(key: &str, method: &str, path: &str, body: Option<&Value>) -> Request<Body> {
    let request = Request::builder().method(method.to_uppercase().as_str()).uri(path).header("host", HOST);
    let request = request.header("authorization", format!("Bearer {key}")).header("content-type", "application/json");
    request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_string()))).unwrap()
}

struct Scene {
    house: House,
    agent: Agent,
    sent: Sent,
    submission: String,
    tokens: Vec<(String, String)>,
}

impl Scene {
    async fn set() -> Self {
        let (house, agent, sent) = answered().await;
        let submission = house.grant(&agent, &sent).await.body["submission"].as_str().unwrap().to_owned();
        let (_, key) = made(&house, wanted(&["describe"])).await;
        let path = format!("/api/v1/submissions/{submission}");
        let described = send(house.public.clone(), HERE, call(&key, "get", &path, None)).await;
        assert_eq!(described.status, StatusCode::OK, "{}", described.body);
        let text = |answer: &Value, name: &str| answer[name].as_str().unwrap().to_owned();
        let answers = described.body["answers"].as_array().unwrap();
        let tokens = answers.iter().map(|answer| (text(answer, "question"), text(answer, "token"))).collect();
        Self { house, agent, sent, submission, tokens }
    }

    fn token(&self, question: &str) -> &str {
        &self.tokens.iter().find(|(known, _)| known == question).unwrap().1
    }

    /// The request to a route as whoever may would send it.
    fn request(&self, key: &str, method: &str, path: &str) -> Request<Body> {
        let path = path.replace("{submission}", &self.submission);
        let path = path.replace("{conversation}", &self.sent.conversation.to_string());
        let body = json!({ "tokens": [self.token("number")] });
        call(key, method, &path, (path.ends_with("detokenise")).then_some(&body))
    }

    async fn asks(&self, key: &str, tokens: &[&str]) -> Reply {
        let body = json!({ "tokens": tokens });
        let request = call(key, "post", "/api/v1/detokenise", Some(&body));
        send(self.house.public.clone(), HERE, request).await
    }
}

#[tokio::test]
async fn every_route_answers_its_own_scope_alone() {
    let scene = Scene::set().await;
    for (method, path, scope) in RULES {
        for (_, _, other) in RULES {
            // The answers must still be there for the next one: who may erase comes last.
            if other == "erase" && scope == "erase" {
                continue;
            }
            let (_, key) = made(&scene.house, wanted(&[other])).await;
            let reply = send(scene.house.public.clone(), HERE, scene.request(&key, method, path)).await;
            let expected = if other == scope { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(reply.status, expected, "{method} {path} with {other}: {}", reply.body);
            assert!(other == scope || reply.body["kind"] == "scope");
        }
    }
    let (_, key) = made(&scene.house, wanted(&["erase"])).await;
    let (method, path, _) = RULES[3];
    for _ in 0..2 {
        let erased = send(scene.house.public.clone(), HERE, scene.request(&key, method, path)).await;
        assert_eq!(erased.status, StatusCode::NO_CONTENT);
    }
}

#[tokio::test]
async fn no_stranger_no_browser_and_no_other_network_is_let_in() {
    let scene = Scene::set().await;
    let all = ["detokenise", "describe", "export", "erase"];
    let (_, key) = made(&scene.house, wanted(&all)).await;
    let (id, revoked) = made(&scene.house, wanted(&all)).await;
    let path = format!("/v1/api-keys/{id}/revoke");
    for _ in 0..2 {
        let done = operate(&scene.house, Method::POST, &path, None).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT);
    }
    let mut foreign = wanted(&all);
    foreign["site"] = json!("fabrikam");
    let unknown = operate(&scene.house, Method::POST, "/v1/api-keys", Some(foreign)).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND, "a site that nobody has told of");
    let guessed = format!("{}AAAA", &key[..key.len() - 4]);
    for (method, path, _) in RULES {
        let with = |name: &'static str, value: &str| {
            let mut request = scene.request(&key, method, path);
            request.headers_mut().insert(name, value.parse().unwrap());
            request
        };
        let bare = |text: Option<&str>| {
            let mut request = scene.request(&key, method, path);
            request.headers_mut().remove("authorization");
            if let Some(text) = text {
                request.headers_mut().insert("authorization", text.parse().unwrap());
            }
            request
        };
        let mut twice = scene.request(&key, method, path);
        twice.headers_mut().append("authorization", format!("Bearer {key}").parse().unwrap());
        let mut queried = scene.request(&key, method, path);
        let address = format!("{}?key={key}", queried.uri());
        *queried.uri_mut() = address.parse().unwrap();
        let nobody = StatusCode::UNAUTHORIZED;
        for (case, request, from, status, kind) in [
            ("no key", bare(None), HERE, nobody, "key"),
            ("basic", bare(Some("Basic YTpi")), HERE, nobody, "key"),
            ("half a key", bare(Some("Bearer aside_vault_")), HERE, nobody, "key"),
            ("guessed", bare(Some(&format!("Bearer {guessed}"))), HERE, nobody, "key"),
            ("revoked", bare(Some(&format!("Bearer {revoked}"))), HERE, nobody, "key"),
            ("two keys", twice, HERE, nobody, "key"),
            ("elsewhere", bare(Some(&format!("Bearer {key}"))), "203.0.113.5", StatusCode::FORBIDDEN, "network"),
            ("origin", with("origin", "https://northwind.example"), HERE, StatusCode::FORBIDDEN, "browser"),
            ("own origin", with("origin", crate::house::ORIGIN), HERE, StatusCode::FORBIDDEN, "browser"),
            ("cookie", with("cookie", "a=b"), HERE, StatusCode::FORBIDDEN, "browser"),
            ("fetch", with("sec-fetch-site", "same-origin"), HERE, StatusCode::FORBIDDEN, "browser"),
            ("key in the address", queried, HERE, StatusCode::BAD_REQUEST, "query"),
        ] {
            let reply = send(scene.house.public.clone(), from, request).await;
            assert_eq!((reply.status, &reply.body["kind"]), (status, &json!(kind)), "{case}: {method} {path}");
            assert_eq!(reply.headers.contains_key("www-authenticate"), status == nobody, "{case}");
            assert!(!reply.headers.keys().any(|name| name.as_str().starts_with("access-control")), "{case}");
        }
    }
    // A browser's question beforehand is no route.
    let mut preflight = scene.request(&key, "options", "/api/v1/detokenise");
    preflight.headers_mut().insert("origin", "https://northwind.example".parse().unwrap());
    let asked = send(scene.house.public.clone(), HERE, preflight).await;
    assert_eq!(asked.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(!asked.headers.contains_key("access-control-allow-origin"));
    // Everything is still there, and the key still works.
    let read = scene.asks(&key, &[scene.token("number")]).await;
    assert_eq!(read.body["answers"][0]["value"], PAN);
    scene.house.clock.advance_seconds(30 * 86_400);
    assert_eq!(scene.asks(&key, &[scene.token("number")]).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_batch_reads_what_the_key_may_and_names_what_it_may_not() {
    let scene = Scene::set().await;
    let (_, key) = made(&scene.house, wanted(&["detokenise"])).await;
    let tokens = ["number", "name", "expiry", "cvv"].map(|question| scene.token(question));
    let read = scene.asks(&key, &[&tokens[..], &["tok_nobodys"][..]].concat()).await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.body);
    assert_eq!(
        (&read.headers["cache-control"], &read.headers["connection"]),
        (&"no-store".parse().unwrap(), &"close".parse().unwrap())
    );
    let answers = read.body["answers"].as_array().unwrap();
    let told: Vec<(&str, &str)> = answers
        .iter()
        .map(|answer| (answer["value"].as_str().unwrap_or_default(), answer["refused"].as_str().unwrap_or_default()))
        .collect();
    let expected = [(PAN, ""), ("Ana O'Neil", ""), ("", "kind"), ("", "kind"), ("", "not_valid")];
    assert_eq!(told, expected);
    for (bad, status) in
        [(json!([]), 422), (json!(vec!["tok_x"; 101]), 422), (json!(["x".repeat(65)]), 422), (json!("x"), 422)]
    {
        let request = call(&key, "post", "/api/v1/detokenise", Some(&json!({ "tokens": bad })));
        assert_eq!(send(scene.house.public.clone(), HERE, request).await.status, status);
    }
    // The log has the call before the reply had it: who, from where, which answers; never an answer.
    let rows = aside_vault_store::Store::audit(scene.house.store.as_ref(), 0, 1_000).await.unwrap();
    let row = rows.iter().find(|row| row.act == "detokenised" && row.outcome == "done").unwrap();
    assert_eq!((row.caller.0.as_str(), row.caller.2.as_str()), ("api_key", HERE));
    assert_eq!(row.on.submission.unwrap().to_string(), scene.submission);
    assert_eq!(row.on.detail.as_deref(), Some("number name"));
    assert!(!format!("{rows:?}").contains(PAN));
}

#[tokio::test]
async fn equal_cards_have_one_fingerprint_and_their_tokens_say_nothing() {
    let scene = Scene::set().await;
    let again = answered_by(&scene.house, &scene.agent).await;
    let submission = scene.house.grant(&scene.agent, &again).await.body["submission"].as_str().unwrap().to_owned();
    let (_, key) = made(&scene.house, wanted(&["describe"])).await;
    let mut blind = wanted(&["describe"]);
    blind["kinds"] = json!(["text"]);
    let (_, blind) = made(&scene.house, blind).await;
    let describe = async |key: &str, submission: &str| {
        let path = format!("/api/v1/submissions/{submission}");
        send(scene.house.public.clone(), HERE, call(key, "get", &path, None)).await.body
    };
    let number = |body: &Value, field: &str| {
        let answers = body["answers"].as_array().unwrap().clone();
        answers.into_iter().find(|answer| answer["question"] == "number").unwrap()[field].clone()
    };
    let (first, second) = (describe(&key, &scene.submission).await, describe(&key, &submission).await);
    assert_eq!(number(&first, "fingerprint"), number(&second, "fingerprint"));
    assert_eq!(number(&first, "fingerprint").as_str().unwrap().len(), 22);
    assert_ne!(number(&first, "token"), number(&second, "token"));
    assert_eq!(number(&describe(&blind, &submission).await, "fingerprint"), Value::Null);
    assert!(!first.to_string().contains("1111"));
}

#[tokio::test]
async fn what_is_exported_is_what_is_stored_and_after_an_erasure_nothing() {
    let scene = Scene::set().await;
    let (_, key) = made(&scene.house, wanted(&["export", "erase", "detokenise"])).await;
    let mut blind = wanted(&["export"]);
    blind["kinds"] = json!([]);
    let (_, blind) = made(&scene.house, blind).await;
    let (method, path, _) = RULES[2];
    let export = async |key: &str| send(scene.house.public.clone(), HERE, scene.request(key, method, path)).await.body;
    let full = export(&key).await;
    let answer = |body: &Value, question: &str| {
        let answers = body["forms"][0]["answers"].as_array().unwrap().clone();
        answers.into_iter().find(|answer| answer["question"] == question).unwrap()
    };
    assert_eq!(answer(&full, "number")["value"], PAN);
    assert_eq!(
        (&answer(&full, "cvv")["state"], &answer(&full, "cvv")["value"]),
        (&json!("off_the_record"), &Value::Null)
    );
    let masked = export(&blind).await;
    assert_eq!(answer(&masked, "number")["value"], "411111\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}\u{2022}1111");
    assert!(!masked.to_string().contains(PAN));
    let (method, path, _) = RULES[3];
    let erased = send(scene.house.public.clone(), HERE, scene.request(&key, method, path)).await;
    assert_eq!(erased.status, StatusCode::NO_CONTENT);
    assert_eq!(answer(&export(&key).await, "number")["state"], "erased");
    assert!(!export(&key).await.to_string().contains("1111"));
    let read = scene.asks(&key, &[scene.token("number")]).await;
    assert_eq!(read.body["answers"][0], json!({ "token": scene.token("number"), "refused": "erased" }));
}

#[tokio::test]
async fn a_key_is_held_to_its_calls_a_minute_and_guessers_to_their_networks() {
    let scene = Scene::set().await;
    let mut few = wanted(&["detokenise"]);
    few["per_minute"] = json!(2);
    let (_, key) = made(&scene.house, few).await;
    let mut seen = Vec::new();
    for _ in 0..3 {
        seen.push(scene.asks(&key, &["tok_x"]).await.status.as_u16());
    }
    assert_eq!(seen, [200, 200, 429]);
    let (_, other) = made(&scene.house, wanted(&["detokenise"])).await;
    assert_eq!(scene.asks(&other, &["tok_x"]).await.status, StatusCode::OK, "another key has its own");
}

#[tokio::test]
async fn what_no_key_can_have_is_refused_by_name_and_a_list_shows_no_secret() {
    let scene = Scene::set().await;
    for (field, value) in [
        ("scopes", json!(["everything"])),
        ("scopes", json!([])),
        ("kinds", json!(["cvv"])),
        ("kinds", json!([])),
        ("networks", json!(["somewhere"])),
        ("per_minute", json!(0)),
        ("days", json!(366)),
        ("name", json!("")),
    ] {
        let mut bad = wanted(&["detokenise"]);
        bad[field] = value;
        let refused = operate(&scene.house, Method::POST, "/v1/api-keys", Some(bad)).await;
        assert_eq!((refused.status.as_u16(), &refused.body["field"]), (422, &json!(field)), "{}", refused.body);
    }
    let (id, key) = made(&scene.house, wanted(&["detokenise"])).await;
    let listed = operate(&scene.house, Method::GET, "/v1/api-keys", None).await;
    assert!(listed.body.as_array().unwrap().iter().any(|key| key["id"] == json!(id)));
    assert!(!listed.body.to_string().contains(&key[45..]));
    // On the public face there is no such route.
    let public =
        send(scene.house.public.clone(), HERE, call(&key, "post", "/v1/api-keys", Some(&wanted(&["erase"])))).await;
    assert_eq!(public.status, StatusCode::NOT_FOUND);
    let made = scene.house.audit().await;
    assert!(made.contains(&("api_key_made".to_owned(), "done".to_owned())));
}
