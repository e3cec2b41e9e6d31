//! Who may do what, taken away while it is used: roles, deactivation, lost factors, the minimum, keys (A1, A5, A9, A10).

use std::time::Duration;

use aside::journey::{Agent, Browser, Initiator, JourneyError, View};
use aside_journey::{CARD, Town, card, patiently};
use aside_wire::Channel;
use http::Method;
use serde_json::{Value, json};

fn refused<T>(result: Result<T, JourneyError>) -> (u16, String) {
    let error = result.err().expect("it is refused");
    (error.status().unwrap_or_default(), error.kind().unwrap_or_default())
}

async fn person(admin: &mut Agent, name: &str) -> String {
    let people = admin.ask(Method::GET, "/api/people", None).await.unwrap().value();
    let found = people["people"].as_array().unwrap().iter().find(|person| person["name"] == name);
    found.unwrap()["id"].as_str().unwrap().to_owned()
}

async fn command(admin: &mut Agent, path: &str) {
    let reply = admin.ask(Method::POST, path, Some(&json!({}))).await.unwrap();
    assert!(reply.status.is_success(), "{path}: {} {}", reply.status, reply.value());
}

/// A card form, sent and submitted.
async fn submitted(town: &Town, agent: &mut Agent) -> String {
    let (mut visitor, conversation) = town.visitor().await;
    let mut feed = agent.feed(None).await.unwrap();
    let form = agent.form("cardholder-data").await.unwrap();
    let sent = agent.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let page = visitor.open(&sent.invitation).await.unwrap();
    visitor.submit(&page, &card(CARD, "739")).await.unwrap();
    feed.status(&sent.invitation, "submitted").await.unwrap();
    sent.invitation
}

async fn look(agent: &mut Agent, invitation: &str) -> View {
    let granted = agent.grant(invitation).await.unwrap();
    agent.look(&granted).await.unwrap()
}

#[tokio::test]
async fn each_role_does_its_own_and_nothing_of_the_others() {
    let town = Town::build().await;
    let (_visitor, conversation) = town.visitor().await;
    let form = town.agent("dana").await.form("secure-note").await.unwrap().hash;
    let invitation = json!({ "id": town.setting.fresh_id(), "form": form, "channel": "web" });
    let invite = format!("/api/conversations/{conversation}/invitations");
    for (name, allowed) in [
        ("sam", ["conversations", "forms"].as_slice()),
        ("maya", ["conversations"].as_slice()),
        ("robin", ["people", "profiles", "security", "keys", "audit", "alerts"].as_slice()),
    ] {
        let mut someone = town.agent(name).await;
        for what in ["conversations", "forms", "people", "profiles", "security", "keys", "audit", "alerts"] {
            let reply = someone.ask(Method::GET, &format!("/api/{what}"), None).await.unwrap();
            if allowed.contains(&what) {
                assert_eq!(reply.status, 200, "{name} {what}");
            } else {
                assert_eq!(
                    (reply.status.as_u16(), reply.kind().as_deref()),
                    (403, Some("not_allowed")),
                    "{name} {what}"
                );
            }
        }
        if name != "sam" {
            let reply = someone.ask(Method::POST, &invite, Some(&invitation)).await.unwrap();
            assert_eq!((reply.status.as_u16(), reply.kind().as_deref()), (403, Some("not_allowed")), "{name}");
        }
    }
}

#[tokio::test]
async fn somebody_deactivated_with_an_open_view_loses_it_and_everything_else_at_once() {
    let town = Town::build().await;
    let (mut robin, mut dana) = (town.agent("robin").await, town.agent("dana").await);
    let invitation = submitted(&town, &mut dana).await;
    let view = look(&mut dana, &invitation).await;
    dana.reveal(&view, "number").await.unwrap();
    let live = view.live(&mut dana.browser).await.unwrap();
    let mut feed = dana.feed(None).await.unwrap();

    let id = person(&mut robin, "dana").await;
    command(&mut robin, &format!("/api/people/{id}/deactivate")).await;
    let frame = feed.until("the end", |frame| frame["type"] == "ended").await.unwrap();
    assert_eq!(frame["reason"], "deactivated");
    live.closed_within(Duration::from_secs(10)).await.unwrap();
    assert!(matches!(refused(view.reveal(&mut dana.browser, "number").await).0, 403 | 404 | 410));
    assert_eq!(refused(dana.grant(&invitation).await), (401, "signed_out".into()));
    assert_eq!(refused(Agent::login(&town.setting, town.account("dana")).await), (401, "login_failed".into()));
}

#[tokio::test]
async fn a_reveal_needs_a_fresh_code_of_the_vaults_own() {
    let town = Town::build().await;
    // The first day: the set-up itself confirms the session, so the walk begins with a later sign-in.
    town.agent("dana").await.logout().await.unwrap();
    let mut dana = town.agent("dana").await;
    let invitation = submitted(&town, &mut dana).await;
    let view = look(&mut dana, &invitation).await;
    assert_eq!(refused(view.reveal(&mut dana.browser, "number").await), (403, "confirm".into()));

    let secrets = town.account("dana").secrets().await.clone();
    let desk_code = secrets.desk_code.as_ref().unwrap().shown(town.setting.clock.now());
    assert_eq!(refused(view.confirm(&mut dana.browser, &desk_code).await), (403, "wrong_code".into()), "the desk's");
    let code = secrets.vault_code.as_ref().unwrap().next(&*town.setting.clock).await;
    view.confirm(&mut dana.browser, &code).await.unwrap();
    view.reveal(&mut dana.browser, "number").await.unwrap();
    assert_eq!(refused(view.confirm(&mut dana.browser, &code).await), (403, "wrong_code".into()), "a used one");
    for _ in 0..4 {
        let _ = view.confirm(&mut dana.browser, "000000").await;
    }
    assert_eq!(refused(view.confirm(&mut dana.browser, "000000").await), (423, "locked".into()));
}

#[tokio::test]
async fn a_factor_that_was_set_up_after_a_form_was_sent_opens_nothing_of_it() {
    let town = Town::build().await;
    let (mut robin, mut dana) = (town.agent("robin").await, town.agent("dana").await);
    let before = submitted(&town, &mut dana).await;
    let id = person(&mut robin, "dana").await;
    command(&mut robin, &format!("/api/people/{id}/factors/reset")).await;
    {
        let account = town.account("dana");
        let mut secrets = account.secrets().await;
        (secrets.desk_code, secrets.vault_code) = (None, None);
    }
    // Whoever resets factors, or is the desk itself, gets no further: the right to view went with the session, and a new
    // factor is too young.
    let mut again = town.agent("dana").await;
    assert_eq!(refused(again.grant(&before).await).0, 403);
    let after = submitted(&town, &mut again).await;
    let view = look(&mut again, &after).await;
    again.reveal(&view, "number").await.unwrap();
}

#[tokio::test]
async fn a_policy_below_the_minimum_stops_forms_and_says_so_first() {
    let town = Town::build().await;
    let (mut robin, mut dana) = (town.agent("robin").await, town.agent("dana").await);
    let (mut visitor, conversation) = town.visitor().await;
    let form = dana.form("secure-note").await.unwrap().hash;
    let open = dana.invite(&conversation, &form, Channel::Web).await.unwrap();
    let mut feed = dana.feed(None).await.unwrap();

    let strict = robin.ask(Method::GET, "/api/security", None).await.unwrap().value()["policy"].clone();
    let mut loose: Value = strict.clone();
    loose["hide_card_numbers"] = json!(false);
    let reply = robin.ask(Method::PUT, "/api/security", Some(&json!({ "policy": loose }))).await.unwrap();
    assert_eq!((reply.status.as_u16(), reply.kind().as_deref()), (409, Some("confirm_stop")));
    assert_eq!(reply.value()["open_invitations"], 1);
    let confirmed = json!({ "policy": loose, "confirm": "Northwind" });
    let reply = robin.ask(Method::PUT, "/api/security", Some(&confirmed)).await.unwrap();
    assert_eq!((reply.status.as_u16(), &reply.value()["forms"]["on"]), (200, &json!(false)));
    feed.status(&open.invitation, "cancelled").await.unwrap();
    assert_eq!(refused(visitor.click(&open.invitation).await).0, 409);
    assert_eq!(refused(dana.invite(&conversation, &form, Channel::Web).await), (409, "forms_stopped".into()));

    // With the switch off, a number in the chat stays as it was typed; with it on, only its last four.
    visitor.say("4111 1111 1111 1111").await.unwrap();
    let reply = robin.ask(Method::PUT, "/api/security", Some(&json!({ "policy": strict }))).await.unwrap();
    assert_eq!((reply.status.as_u16(), &reply.value()["forms"]["on"]), (200, &json!(true)));
    visitor.say("5555 5555 5555 4444").await.unwrap();
    let texts: Vec<Value> =
        dana.entries(&conversation).await.unwrap().iter().map(|entry| entry["text"].clone()).collect();
    assert!(texts.contains(&json!("4111 1111 1111 1111")), "{texts:?}");
    assert!(texts.contains(&json!("•••• •••• •••• 4444")), "{texts:?}");
    // Until the vault has heard of it.
    patiently(&[409], async || dana.invite(&conversation, &form, Channel::Web).await).await;
}

#[tokio::test]
async fn a_key_opens_what_its_scope_says_until_it_is_revoked() {
    let town = Town::build().await;
    let mut robin = town.agent("robin").await;
    let asked = json!({ "name": "nightly", "scopes": ["people_read"], "days": 30 });
    let made = robin.ask(Method::POST, "/api/keys", Some(&asked)).await.unwrap().value();
    let key = made["key"].as_str().unwrap().to_owned();
    let listed = robin.ask(Method::GET, "/api/keys", None).await.unwrap().text();
    assert!(!listed.contains(&key), "a key is shown once");

    let desk = town.setting.origins.desk.clone();
    let call = async |path: &str| {
        let mut program = Browser::new().unwrap();
        program.get_with_key(&format!("{desk}{path}"), &key).await.unwrap().status.as_u16()
    };
    assert_eq!(call("/api/people").await, 200);
    assert!(matches!(call("/api/security").await, 401 | 403));
    assert!(matches!(call("/api/conversations").await, 401 | 403));
    command(&mut robin, &format!("/api/keys/{}/revoke", made["id"].as_str().unwrap())).await;
    assert_eq!(call("/api/people").await, 401);
    let mut nobody = Browser::new().unwrap();
    let reply = nobody.get(&format!("{desk}/api/people"), Initiator::Page(&desk)).await.unwrap();
    assert_eq!(reply.status, 401);
}
