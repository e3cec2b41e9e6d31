//! Forms that were sealed in the browser (HPKE), as a browser sends them and as an attacker would.

use aside_base::{Rng, SeededRng};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hpke::aead::AesGcm256;
use hpke::kdf::HkdfSha256;
use hpke::kem::DhP256HkdfSha256;
use hpke::{Deserializable as _, Kem, OpModeS, Serializable as _, setup_sender_with_rng};
use http::StatusCode;
use serde_json::{Value, json};

use crate::browser::{Browser, Reply};
use crate::house::{House, ORIGIN, Sent};
use crate::life::{CARD, PAN, opened};

/// The generator of the sender; a browser has its own.
struct Random(SeededRng);

impl hpke::rand_core::TryRng for Random {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_be_bytes((&self.0 as &dyn Rng).bytes()))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_be_bytes((&self.0 as &dyn Rng).bytes()))
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        self.0.fill(bytes);
        Ok(())
    }
}

impl hpke::rand_core::TryCryptoRng for Random {}

/// What the page's script makes of these bytes.
fn sealed(key: &Value, sent: &Sent, otk: &str, clear: &[u8]) -> String {
    let point = URL_SAFE_NO_PAD.decode(key["key"].as_str().unwrap()).unwrap();
    let public = <DhP256HkdfSha256 as Kem>::PublicKey::from_bytes(&point).unwrap();
    let info = format!("aside form 1\n{ORIGIN}\n{}", key["id"].as_str().unwrap());
    let mut random = Random(SeededRng::new(11));
    let (encapped, mut sender) = setup_sender_with_rng::<AesGcm256, HkdfSha256, DhP256HkdfSha256>(
        &OpModeS::Base,
        &public,
        info.as_bytes(),
        &mut random,
    )
    .unwrap();
    let mut whole = encapped.to_bytes().to_vec();
    whole.extend(sender.seal(clear, format!("{}\n{otk}", sent.id).as_bytes()).unwrap());
    URL_SAFE_NO_PAD.encode(whole)
}

fn fields(pairs: &[(&str, &str)]) -> Vec<u8> {
    let object: serde_json::Map<String, Value> = pairs.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect();
    serde_json::to_vec(&object).unwrap()
}

async fn key(browser: &mut Browser) -> Value {
    let key = browser.get("/form/key").await;
    assert_eq!((key.status, key.header("cache-control")), (StatusCode::OK, "no-store"));
    key.json()
}

async fn send(browser: &mut Browser, sent: &Sent, otk: &str, key: &Value, sealed: &str) -> Reply {
    let id = key["id"].as_str().unwrap();
    browser.post(&format!("/form/{}", sent.id), &[("otk", otk), ("key", id), ("sealed", sealed)]).await
}

async fn ready() -> (House, crate::house::Agent, Browser, Sent, String) {
    let house = House::new().await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite(&agent, "cardholder-data", "web").await;
    let otk = opened(&house, &mut visitor, &sent).await.key();
    (house, agent, visitor, sent, otk)
}

#[tokio::test]
async fn a_sealed_card_is_kept_and_shown_as_one_that_came_as_it_was() {
    let (house, mut agent, mut visitor, sent, otk) = ready().await;
    let key = key(&mut visitor).await;
    let sealed = sealed(&key, &sent, &otk, &fields(&CARD));
    let done = send(&mut visitor, &sent, &otk, &key, &sealed).await;
    assert_eq!((done.status, done.header("connection")), (StatusCode::SEE_OTHER, "close"), "{}", done.body);
    // The same once more, as after a reply that was lost (edge case 13): sent, and nothing is opened again.
    let again = send(&mut visitor, &sent, &otk, &key, &sealed).await;
    assert_eq!((again.status, again.location()), (StatusCode::SEE_OTHER, done.location()));
    let view = crate::view::viewed(&house, &mut agent, &sent).await;
    assert!(view.body.contains("Ana O&#39;Neil"), "{}", view.body);
    let id = crate::view::view_id(&view);
    for (answer, clear) in [("number", PAN), ("cvv", "737")] {
        let revealed = agent.browser.call("/view/reveal", json!({ "view": id, "answer": answer })).await;
        assert_eq!((revealed.status, &revealed.json()["text"]), (StatusCode::OK, &json!(clear)));
    }
}

#[tokio::test]
async fn a_sealed_form_with_a_wrong_answer_comes_back_as_any_other() {
    let (_house, _, mut visitor, sent, otk) = ready().await;
    let key = key(&mut visitor).await;
    let mut wrong = CARD;
    wrong[1].1 = "4111 1111 1111 1112";
    let again = send(&mut visitor, &sent, &otk, &key, &sealed(&key, &sent, &otk, &fields(&wrong))).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(again.body.contains("Ana O&#39;Neil") && !again.body.contains("1112"));
    let right = sealed(&key, &sent, &again.key(), &fields(&CARD));
    assert_eq!(send(&mut visitor, &sent, &again.key(), &key, &right).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn an_unknown_key_says_so_and_leaves_everything_as_it_was() {
    let (house, _, mut visitor, sent, otk) = ready().await;
    let former = key(&mut visitor).await;
    let body = sealed(&former, &sent, &otk, &fields(&CARD));
    // The vault is started anew between load and submit: its keys are others, the form's key is as good as before.
    let house = house.restarted();
    house.vault.note_restart().await.unwrap();
    let mut visitor = house.browser_with(&visitor);
    let unknown = send(&mut visitor, &sent, &otk, &former, &body).await;
    assert_eq!((unknown.status, unknown.header("content-type")), (StatusCode::CONFLICT, "application/problem+json"));
    assert_eq!(unknown.json()["kind"], "unknown_key");
    assert_eq!(house.status(&sent).await, "viewed");
    let now = key(&mut visitor).await;
    assert_ne!(now, former);
    let body = sealed(&now, &sent, &otk, &fields(&CARD));
    assert_eq!(send(&mut visitor, &sent, &otk, &now, &body).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn what_was_sealed_for_another_form_or_by_nobody_is_not_taken() {
    let (house, agent, mut visitor, sent, otk) = ready().await;
    let other = house.invite(&agent, "cardholder-data", "web").await;
    let mut second = house.visitor().await;
    let other_otk = opened(&house, &mut second, &other).await.key();
    let key = key(&mut visitor).await;
    let clear = fields(&CARD);
    let foreign = sealed(&key, &other, &other_otk, &clear);
    let replayed = sealed(&key, &sent, &"A".repeat(43), &clear);
    let zeros = URL_SAFE_NO_PAD.encode([0_u8; 200]);
    let mut changed = sealed(&key, &sent, &otk, &clear);
    let at = changed.len() - 5;
    let other_letter = if changed.as_bytes()[at] == b'A' { "B" } else { "A" };
    changed.replace_range(at..=at, other_letter);
    for garbage in [foreign.as_str(), &replayed, &zeros, &changed, "", "AA", "%3D", "not base64!"] {
        let refused = send(&mut visitor, &sent, &otk, &key, garbage).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{garbage}");
        assert_eq!(refused.header("connection"), "close");
    }
    // What opens must be a form's fields, and nothing else.
    for clear in [&b"[]"[..], b"{\"q-number\":4111}", b"{\"otk\":\"x\"}", b"{", b"\xff"] {
        let refused = send(&mut visitor, &sent, &otk, &key, &sealed(&key, &sent, &otk, clear)).await;
        assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{clear:?}");
    }
    let path = format!("/form/{}", sent.id);
    let id = key["id"].as_str().unwrap();
    let whole = sealed(&key, &sent, &otk, &fields(&CARD));
    let mixed = [("otk", otk.as_str()), ("key", id), ("sealed", &whole), ("q-number", "5555 5555 5555 4444")];
    assert_eq!(visitor.post(&path, &mixed).await.status, StatusCode::BAD_REQUEST);
    assert_eq!(visitor.post(&path, &[("otk", &otk), ("sealed", &whole)]).await.status, StatusCode::BAD_REQUEST);
    let long = URL_SAFE_NO_PAD.encode(vec![7_u8; 49_000]);
    assert_eq!(send(&mut visitor, &sent, &otk, &key, &long).await.status, StatusCode::BAD_REQUEST, "it fits a desk");
    let longer = URL_SAFE_NO_PAD.encode(vec![7_u8; 65_536]);
    assert_eq!(send(&mut visitor, &sent, &otk, &key, &longer).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(house.status(&sent).await, "viewed");
    assert_eq!(send(&mut visitor, &sent, &otk, &key, &whole).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_stranger_makes_the_vault_open_nothing() {
    let (house, _, mut visitor, sent, otk) = ready().await;
    let key = key(&mut visitor).await;
    let whole = sealed(&key, &sent, &otk, &fields(&CARD));
    let mut stranger = house.visitor().await;
    assert_eq!(send(&mut stranger, &sent, &otk, &key, &whole).await.status, StatusCode::NOT_FOUND);
    assert_eq!(send(&mut visitor, &sent, &"A".repeat(43), &key, &whole).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_form_loads_its_sealing_by_hash_after_it_stands_and_posts_without_it() {
    let Some(script) = aside_vault_pages::seal_script() else {
        // Built without the faces: the form says nothing of sealing, and is posted as it is.
        let (_house, _, mut visitor, sent, _) = ready().await;
        assert!(!visitor.get(&format!("/form/{}", sent.id)).await.body.contains("/script/"));
        return;
    };
    let (_house, _, mut visitor, sent, _) = ready().await;
    let form = visitor.get(&format!("/form/{}", sent.id)).await;
    let tag = format!("<script type=\"module\" src=\"{}\" integrity=\"{}\"></script>", script.path(), script.source());
    assert!(form.body.contains(&tag), "{}", form.body);
    let policy = form.header("content-security-policy");
    assert!(policy.contains(&format!(" '{}'", script.source())) && policy.contains("connect-src 'self'"), "{policy}");
    let loaded = visitor.get(&script.path()).await;
    assert_eq!((loaded.status, loaded.body.as_str()), (StatusCode::OK, script.text.as_str()));
    assert_eq!(loaded.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(loaded.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(visitor.get("/script/seal.js").await.status, StatusCode::NOT_FOUND);
    assert_eq!(visitor.get("/script/seal.js?v=older").await.status, StatusCode::NOT_FOUND);
    // No other page may call out.
    let sent_page = visitor.get("/begin").await;
    assert!(!sent_page.header("content-security-policy").contains("connect-src"));
}
