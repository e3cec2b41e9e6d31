//! Second factors in the vault's own hand (A5): who sets one up, what it confirms, and what it never opens.

use aside_base::Clock as _;
use aside_factor::authenticator::{Authenticator, KeyKind, Page};
use http::StatusCode;
use serde_json::{Value, json};

use crate::browser::Reply;
use crate::house::{Agent, DESK, House, ORIGIN, Sent, scanned};
use crate::view::{answered, answered_by, confirm, reveal, view_id, viewed};

/// The vault's page in the desk's frame.
pub(crate) const FRAME: Page<'static> = Page { origin: ORIGIN, framed_by: Some(DESK) };

async fn minutes_pass(house: &House, agent: &Agent, minutes: u32) {
    house.clock.advance_seconds(minutes * 60);
    house.renew(agent).await;
}

async fn shown(house: &House, agent: &mut Agent, sent: &Sent) -> String {
    view_id(&viewed(house, agent, sent).await)
}

fn kind(reply: &Reply) -> (u16, Value) {
    (reply.status.as_u16(), reply.json()["kind"].clone())
}

/// Sets up a passkey, as the page's script would.
pub(crate) async fn set_up_passkey(agent: &mut Agent) -> Authenticator {
    let options = agent.browser.call("/factor/passkey/options", json!({})).await;
    assert_eq!(options.status, StatusCode::OK, "{}", options.body);
    let (passkey, credential) = Authenticator::create(KeyKind::Es256, &options.json(), FRAME);
    let added = agent.browser.call("/factor/passkey", json!({ "credential": credential })).await;
    assert_eq!(added.status, StatusCode::NO_CONTENT, "{}", added.body);
    passkey
}

#[tokio::test]
async fn a_code_app_is_set_up_by_a_code_that_it_shows_and_only_then() {
    let house = House::new().await;
    let mut agent = house.newcomer().await;
    let first = agent.browser.get("/factor").await;
    assert!(first.body.contains("data-ready=\"false\""), "{}", first.body);
    let app = scanned(&agent.browser.post("/factor/totp", &[]).await);
    for wrong in ["000000", "", "12345", "nonsense", &"1".repeat(1_000)] {
        let again = agent.browser.post("/factor/totp/confirm", &[("code", wrong)]).await;
        assert_eq!(again.status, StatusCode::FORBIDDEN, "{wrong}");
        assert_eq!(scanned(&again).as_bytes(), app.as_bytes(), "the app that was scanned would be worthless");
    }
    assert!(agent.browser.get("/factor").await.body.contains("data-ready=\"false\""));
    let code = app.code(house.clock.now());
    let code = format!("{} {}", &code[..3], &code[3..]);
    let done = agent.browser.post("/factor/totp/confirm", &[("code", &code)]).await;
    assert_eq!(done.location(), "/factor?fresh");
    assert!(agent.browser.get("/factor?fresh").await.body.contains("data-ready=\"true\""));
    // The secret is shown to nobody again.
    let again = agent.browser.post("/factor/totp/confirm", &[("code", &code)]).await;
    assert_eq!(again.location(), "/factor");
    let started = house.signed_in(agent.id).await;
    assert_eq!(started.browser.clone().get("/factor").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_desk_learns_at_a_login_whether_there_is_a_factor_and_nothing_is_sent_without_one() {
    let house = House::new().await;
    let agent = house.newcomer().await;
    let start = crate::house::start(agent.session, agent.id);
    assert_eq!(house.zone("POST", "/sessions", Some(start.clone())).await.body["factor"], false);
    let refused = house.try_to_invite(&agent, "secure-note").await;
    assert_eq!((refused.status, &refused.body["kind"]), (StatusCode::FORBIDDEN, &json!("no_factor")));
    let mut agent = agent;
    house.set_up_app(&mut agent).await;
    assert_eq!(house.zone("POST", "/sessions", Some(start)).await.body["factor"], true);
    house.invite(&agent, "secure-note", "web").await;
}

#[tokio::test]
async fn a_reveal_needs_a_confirmation_of_the_last_five_minutes() {
    let (house, mut agent, sent) = answered().await;
    minutes_pass(&house, &agent, 6).await;
    let id = shown(&house, &mut agent, &sent).await;
    let asked = reveal(&mut agent, &id).await;
    assert_eq!(kind(&asked), (403, json!("confirm")));
    assert!(!asked.body.contains("4111"));
    let confirmed = confirm(&house, &mut agent, &id).await;
    assert_eq!((confirmed.status, confirmed.json()), (StatusCode::OK, json!({ "seconds": 300 })));
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::OK);
    for _ in 0..11 {
        house.clock.advance_seconds(27);
        house.renew(&agent).await;
    }
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::OK, "297 s after");
    house.clock.advance_seconds(3);
    assert_eq!(kind(&reveal(&mut agent, &id).await), (403, json!("confirm")), "300 s after");
}

#[tokio::test]
async fn five_wrong_codes_lock_the_step_up_for_half_an_hour_and_say_how_many_are_left() {
    let (house, mut agent, sent) = answered().await;
    minutes_pass(&house, &agent, 6).await;
    let id = shown(&house, &mut agent, &sent).await;
    for left in [4, 3, 2, 1] {
        let wrong = agent.browser.call("/view/confirm", json!({ "view": id, "code": "000000" })).await;
        assert_eq!(kind(&wrong), (403, json!("wrong_code")));
        assert_eq!(wrong.json()["left"], left);
    }
    let locked = agent.browser.call("/view/confirm", json!({ "view": id, "code": "000000" })).await;
    assert_eq!(kind(&locked), (423, json!("locked")));
    assert_eq!((&locked.json()["seconds"], locked.header("retry-after")), (&json!(1800), "1800"));
    // The right one does not help now, nor on the other page, nor in another session of the same agent.
    assert_eq!(kind(&confirm(&house, &mut agent, &id).await), (423, json!("locked")));
    let code = agent.app.as_ref().unwrap().code(house.clock.now());
    let mut other = house.signed_in(agent.id).await;
    for browser in [&mut agent.browser, &mut other.browser] {
        let refused = browser.post("/factor/confirm", &[("code", &code)]).await;
        assert_eq!(refused.status, StatusCode::LOCKED);
        assert!(refused.body.contains("Locked for 30 minutes"), "{}", refused.body);
    }
    assert_eq!(kind(&reveal(&mut agent, &id).await), (403, json!("confirm")));
    minutes_pass(&house, &agent, 30).await;
    let id = shown(&house, &mut agent, &sent).await;
    assert_eq!(confirm(&house, &mut agent, &id).await.status, StatusCode::OK);
}

#[tokio::test]
async fn guessing_many_codes_at_once_gains_nothing() {
    let (house, mut agent, sent) = answered().await;
    minutes_pass(&house, &agent, 6).await;
    let id = shown(&house, &mut agent, &sent).await;
    let guesses = (0..40).map(|guess| {
        let (mut browser, id) = (agent.browser.clone(), id.clone());
        async move { browser.call("/view/confirm", json!({ "view": id, "code": format!("{guess:06}") })).await.status }
    });
    let statuses = futures_util::future::join_all(guesses).await;
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::FORBIDDEN).count(), 4, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == StatusCode::LOCKED).count(), 36);
}

#[tokio::test]
async fn a_code_works_once_even_for_two_who_race_with_it() {
    let (house, mut agent, sent) = answered().await;
    minutes_pass(&house, &agent, 6).await;
    let id = shown(&house, &mut agent, &sent).await;
    let code = agent.app.as_ref().unwrap().code(house.clock.now());
    let body = json!({ "view": id, "code": code.as_str() });
    let (mut one, mut two) = (agent.browser.clone(), agent.browser.clone());
    let (one, two) = tokio::join!(one.call("/view/confirm", body.clone()), two.call("/view/confirm", body.clone()));
    let mut statuses = [one.status, two.status];
    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::FORBIDDEN]);
    assert_eq!(kind(&agent.browser.call("/view/confirm", body).await), (403, json!("wrong_code")));
}

#[tokio::test]
async fn another_factor_is_set_up_only_after_a_confirmation_by_one_that_is_there() {
    let (house, owner, _) = answered().await;
    // Whoever has the agent's session, but not the agent's app: a taken-over desk with a browser of its own, say.
    let mut agent = house.signed_in(owner.id).await;
    let page = agent.browser.get("/factor").await;
    assert!(page.body.contains("data-ready=\"true\"") && !page.body.contains("/factor/totp"), "{}", page.body);
    assert_eq!(agent.browser.post("/factor/totp", &[]).await.location(), "/factor/confirm");
    assert_eq!(kind(&agent.browser.call("/factor/passkey/options", json!({})).await), (403, json!("confirm")));
    let unasked = agent.browser.call("/factor/passkey", json!({ "credential": any_registration() })).await;
    assert_eq!(kind(&unasked), (404, json!("not_valid")));
    assert_eq!(agent.browser.get("/factor/confirm").await.status, StatusCode::OK);
    let wrong = agent.browser.post("/factor/confirm", &[("code", "000000")]).await;
    assert!(wrong.status == StatusCode::FORBIDDEN && wrong.body.contains("After 4 more tries"), "{}", wrong.body);
    let senseless = agent.browser.post("/factor/confirm", &[("other", "1")]).await;
    assert_eq!(senseless.status, StatusCode::UNPROCESSABLE_ENTITY);
    let code = owner.app.as_ref().unwrap().code(aside_base::Timestamp(house.clock.now().0 + 30_000));
    let confirmed = agent.browser.post("/factor/confirm", &[("code", &code)]).await;
    assert_eq!((confirmed.status, confirmed.location()), (StatusCode::SEE_OTHER, "/factor"), "{}", confirmed.body);
    assert!(agent.browser.get("/factor").await.body.contains("/factor/totp"));
    assert_eq!(agent.browser.get("/factor/confirm").await.location(), "/factor");
    set_up_passkey(&mut agent).await;
    house.set_up_app(&mut agent).await;
}

fn any_registration() -> Value {
    json!({ "id": "AA", "rawId": "AA", "type": "public-key",
        "response": { "clientDataJSON": "e30", "attestationObject": "oA" } })
}

#[tokio::test]
async fn a_passkey_confirms_in_the_view_it_was_asked_in_and_each_answer_once() {
    let house = House::new().await;
    let mut agent = house.newcomer().await;
    let mut passkey = set_up_passkey(&mut agent).await;
    let (sent, other) = (answered_by(&house, &agent).await, answered_by(&house, &agent).await);
    minutes_pass(&house, &agent, 6).await;
    let (id, elsewhere) = (shown(&house, &mut agent, &sent).await, shown(&house, &mut agent, &other).await);
    let options = agent.browser.call("/view/confirm/options", json!({ "view": id })).await;
    assert_eq!(options.status, StatusCode::OK, "{}", options.body);
    assert_eq!(options.json()["rpId"], "vault.localhost");
    let answer = passkey.get(&options.json(), FRAME);
    let body = |view: &str, answer: &Value| json!({ "view": view, "credential": answer });
    // Asked in one view, shown in another: nothing, and the question is used up by it.
    let moved = agent.browser.call("/view/confirm", body(&elsewhere, &answer)).await;
    assert_eq!(kind(&moved), (404, json!("not_valid")));
    assert_eq!(kind(&agent.browser.call("/view/confirm", body(&id, &answer)).await), (404, json!("not_valid")));
    // A page of the desk itself, or one that frames the vault elsewhere, cannot ask in the vault's name.
    for page in [
        Page { origin: DESK, framed_by: None },
        Page { origin: "http://vault.localhost:9", framed_by: Some(DESK) },
        Page { origin: ORIGIN, framed_by: Some("http://evil.example") },
    ] {
        let options = agent.browser.call("/view/confirm/options", json!({ "view": id })).await.json();
        let forged = passkey.get(&options, page);
        assert_eq!(kind(&agent.browser.call("/view/confirm", body(&id, &forged)).await), (404, json!("not_valid")));
    }
    let options = agent.browser.call("/view/confirm/options", json!({ "view": id })).await.json();
    let answer = passkey.get(&options, FRAME);
    assert_eq!(agent.browser.call("/view/confirm", body(&id, &answer)).await.status, StatusCode::OK);
    assert_eq!(kind(&agent.browser.call("/view/confirm", body(&id, &answer)).await), (404, json!("not_valid")));
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::OK);
    for both in [json!({ "view": id }), json!({ "view": id, "code": "1", "credential": answer })] {
        assert_eq!(kind(&agent.browser.call("/view/confirm", both).await), (422, json!("invalid")));
    }
}

#[tokio::test]
async fn a_passkey_of_another_agent_confirms_nothing() {
    let house = House::new().await;
    let (mut agent, mut other) = (house.newcomer().await, house.newcomer().await);
    set_up_passkey(&mut agent).await;
    let mut stolen = set_up_passkey(&mut other).await;
    let sent = answered_by(&house, &agent).await;
    minutes_pass(&house, &agent, 6).await;
    let id = shown(&house, &mut agent, &sent).await;
    let options = agent.browser.call("/view/confirm/options", json!({ "view": id })).await.json();
    let body = json!({ "view": id, "credential": stolen.get(&options, FRAME) });
    assert_eq!(kind(&agent.browser.call("/view/confirm", body).await), (403, json!("no_factor")));
    assert_eq!(kind(&reveal(&mut agent, &id).await), (403, json!("confirm")));
}

#[tokio::test]
async fn a_factor_opens_nothing_that_was_sent_before_it_was_set_up() {
    let (house, mut agent, sent) = answered().await;
    minutes_pass(&house, &agent, 6).await;
    // A taken-over desk resets the agent's factors, and sets up one of its own in the session that it has.
    let reset = house.zone("POST", &format!("/agents/{}/factors/reset", agent.id), None).await;
    assert_eq!(reset.status, StatusCode::NO_CONTENT);
    house.set_up_app(&mut agent).await;
    let page = viewed(&house, &mut agent, &sent).await;
    assert!(!page.body.contains("data-passkey>") && !page.body.contains("id=\"code\""), "it offers what cannot help");
    let id = view_id(&page);
    let refused = reveal(&mut agent, &id).await;
    assert_eq!(kind(&refused), (403, json!("no_right")));
    assert_eq!(refused.json()["code"], "factor_too_new");
    minutes_pass(&house, &agent, 6).await;
    let id = shown(&house, &mut agent, &sent).await;
    let refused = confirm(&house, &mut agent, &id).await;
    assert_eq!((kind(&refused), &refused.json()["code"]), ((403, json!("no_right")), &json!("factor_too_new")));
    set_up_passkey_after_code(&house, &mut agent).await;
    let refused = agent.browser.call("/view/confirm/options", json!({ "view": id })).await;
    assert_eq!(kind(&refused), (403, json!("no_factor")));
    assert!(reveal(&mut agent, &id).await.status.is_client_error());
    // What is sent from now on opens as ever.
    let later = answered_by(&house, &agent).await;
    let id = shown(&house, &mut agent, &later).await;
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::OK);
}

async fn set_up_passkey_after_code(house: &House, agent: &mut Agent) {
    let code = agent.app.as_ref().unwrap().code(house.clock.now());
    assert_eq!(agent.browser.post("/factor/confirm", &[("code", &code)]).await.location(), "/factor");
    set_up_passkey(agent).await;
}

#[tokio::test]
async fn an_agent_without_the_right_sees_no_card_number_and_no_button_for_it() {
    let (house, mut agent, sent) = answered().await;
    let id = shown(&house, &mut agent, &sent).await;
    house.set_rights(&agent, true, false).await;
    // What was taken away closes what was open.
    assert_eq!(kind(&reveal(&mut agent, &id).await), (403, json!("no_right")));
    let page = viewed(&house, &mut agent, &sent).await;
    let row = |id: &str| {
        let (_, rest) = page.body.split_once(&format!("data-answer=\"{id}\"")).unwrap();
        rest.split_once("</dd>").unwrap().0.to_owned()
    };
    assert!(!row("number").contains("data-reveal") && row("cvv").contains("data-reveal"), "{}", row("number"));
    let id = view_id(&page);
    let refused = reveal(&mut agent, &id).await;
    assert_eq!((kind(&refused), &refused.json()["code"]), ((403, json!("no_right")), &json!("card_numbers")));
    let cvv = agent.browser.call("/view/reveal", json!({ "view": id, "answer": "cvv" })).await;
    assert_eq!(cvv.status, StatusCode::OK);
}

#[tokio::test]
async fn losing_secure_forms_ends_views_invitations_and_rights_for_good() {
    let (house, mut agent, sent) = answered().await;
    let waiting = house.invite(&agent, "secure-note", "web").await;
    let id = shown(&house, &mut agent, &sent).await;
    house.set_rights(&agent, false, false).await;
    assert_eq!(kind(&reveal(&mut agent, &id).await), (403, json!("no_right")));
    assert_eq!(house.status(&waiting).await, "cancelled");
    assert_eq!(house.try_to_invite(&agent, "secure-note").await.status, StatusCode::FORBIDDEN);
    assert_eq!(agent.browser.get("/factor").await.status, StatusCode::FORBIDDEN);
    house.set_rights(&agent, true, true).await;
    assert_eq!(house.grant(&agent, &sent).await.status, StatusCode::FORBIDDEN, "a right once lost stays lost");
    house.invite(&agent, "secure-note", "web").await;
}

#[tokio::test]
async fn a_locked_session_shows_nothing_and_must_confirm_anew_after_it() {
    let (house, mut agent, sent) = answered().await;
    let id = shown(&house, &mut agent, &sent).await;
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::OK);
    let session = agent.session;
    let switch = async |to: &str| {
        for _ in 0..2 {
            let path = format!("/sessions/{session}/{to}");
            assert_eq!(house.zone("POST", &path, None).await.status, StatusCode::NO_CONTENT);
        }
    };
    let grant = house.grant(&agent, &sent).await.body;
    switch("lock").await;
    assert!(reveal(&mut agent, &id).await.status.is_client_error());
    let refused = house.grant(&agent, &sent).await;
    assert_eq!((refused.status, &refused.body["kind"]), (StatusCode::LOCKED, &json!("locked")));
    let mut browser = agent.browser.clone();
    let fields = [("submission", grant["submission"].as_str().unwrap()), ("otk", grant["key"].as_str().unwrap())];
    let early = browser.post("/view", &fields).await;
    assert!(early.status == StatusCode::FORBIDDEN && !early.body.contains("Ana"), "{}", early.body);
    assert_eq!(browser.get("/factor").await.status, StatusCode::FORBIDDEN);
    assert_eq!(kind(&browser.call("/factor/passkey/options", json!({})).await), (423, json!("locked")));
    switch("unlock").await;
    assert_eq!(kind(&reveal(&mut agent, &id).await), (403, json!("no_right")), "a closed view stays closed");
    let id = shown(&house, &mut agent, &sent).await;
    assert_eq!(kind(&reveal(&mut agent, &id).await), (403, json!("confirm")));
}

#[tokio::test]
async fn stopped_forms_are_neither_sent_nor_opened_and_what_was_answered_stays() {
    let (house, mut agent, sent) = answered().await;
    let waiting = house.invite(&agent, "secure-note", "web").await;
    let key = house.click(&waiting).await;
    let switch = async |on: bool| house.zone("POST", "/forms", Some(json!({ "on": on }))).await.status;
    assert_eq!(switch(false).await, StatusCode::NO_CONTENT);
    assert_eq!(switch(false).await, StatusCode::NO_CONTENT);
    assert_eq!(house.status(&waiting).await, "cancelled");
    let mut visitor = house.visitor().await;
    let refused = visitor.post_from(crate::house::CHAT, "/open", &[("otk", &key)]).await;
    assert_eq!(refused.status, StatusCode::GONE, "{}", refused.body);
    let refused = house.try_to_invite(&agent, "secure-note").await;
    assert_eq!((refused.status, &refused.body["kind"]), (StatusCode::CONFLICT, &json!("stopped")));
    let id = shown(&house, &mut agent, &sent).await;
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::OK);
    assert_eq!(switch(true).await, StatusCode::NO_CONTENT);
    house.invite(&agent, "secure-note", "web").await;
    assert_eq!(house.status(&waiting).await, "cancelled", "what was stopped does not come back");
}

#[tokio::test]
async fn the_secret_of_a_code_app_stands_in_no_file_of_the_vault_and_opens_after_a_restart() {
    let (house, agent, sent) = answered().await;
    let secret = agent.app.as_ref().unwrap();
    let (bytes, text) = (secret.as_bytes().to_vec(), secret.to_text());
    let files = std::fs::read_dir(house.path()).unwrap().map(|file| file.unwrap().path());
    for file in files.filter(|file| file.is_file()) {
        let content = std::fs::read(&file).unwrap();
        for planted in [bytes.as_slice(), text.as_bytes()] {
            assert!(!content.windows(planted.len()).any(|window| window == planted), "{}", file.display());
        }
    }
    minutes_pass(&house, &agent, 6).await;
    let house = house.restarted();
    let mut agent = Agent { browser: house.browser_with(&agent.browser), ..agent };
    house.renew(&agent).await;
    let id = shown(&house, &mut agent, &sent).await;
    assert_eq!(confirm(&house, &mut agent, &id).await.status, StatusCode::OK);
}
