//! Every bad input that can be given over HTTP, and the refusal it gets.

use std::collections::BTreeSet;

use aside::house::Limits;
use aside::journey::{Agent, Body, Browser, Feed, Initiator, JourneyError, Reply, Visitor, press};
use aside_journey::{CARD, Town, card, unhurried};
use aside_wire::{Channel, Clocks};
use http::Method;
use http::header::HeaderName;
use serde_json::{Value, json};

const KEY_OF_NOTHING: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn status<T>(result: Result<T, JourneyError>) -> Option<u16> {
    result.err().and_then(|error| error.status())
}

fn assert_problem(reply: &Reply, status: u16) {
    assert_eq!(reply.status, status, "{reply:?}");
    assert_eq!(reply.content_type(), "application/problem+json");
    assert_eq!(reply.value()["status"], status);
    assert!(reply.value()["type"].as_str().is_some_and(|name| name.starts_with("tag:aside,2026:")));
}

#[tokio::test]
async fn a_malformed_or_unknown_key_is_not_valid_everywhere() {
    let town = Town::build().await;
    let vault = town.setting.origins.vault.clone();
    let page = Initiator::Page(&vault);
    let mut browser = Browser::new().unwrap();
    for key in ["", "x", KEY_OF_NOTHING, "../../etc/passwd", "' or 1=1 --", "é", &"A".repeat(5_000)] {
        assert_eq!(status(press(&mut browser, &vault, page, key).await), Some(404), "open {key:?}");
        let submit =
            browser.post_form(&format!("{vault}/form/{}", town.setting.fresh_id()), page, &[("otk", key)]).await;
        assert_eq!(submit.unwrap().status, 404, "submit {key:?}");
        let fields = [("submission", town.setting.fresh_id()), ("otk", key.to_owned())];
        let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
        let view = browser.post_form(&format!("{vault}/view"), page, &fields).await.unwrap();
        assert!(view.status.is_client_error(), "view {key:?}: {view:?}");
        let enrol = browser.post_json(&format!("{vault}/viewer/enrol"), page, &json!({ "key": key })).await.unwrap();
        assert!(matches!(enrol.status.as_u16(), 404 | 422), "enrol {key:?}: {enrol:?}");
    }
    let landing = browser.get(&format!("{vault}/o/{KEY_OF_NOTHING}"), Initiator::Person).await.unwrap();
    assert_eq!(landing.status, 404);
}

#[tokio::test]
async fn a_key_that_comes_late_is_expired_and_both_sides_are_told() {
    let clocks = Clocks { invitation_life: 2, open_limit: 1, submit_limit: 1 };
    let town = Town::build_with(unhurried(), Some(clocks)).await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let mut feed = dana.feed(None).await.unwrap();
    let form = dana.form("secure-note").await.unwrap();

    let first = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let link = dana.invite(&conversation, &form.hash, Channel::Link).await.unwrap();
    let opened = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let page = visitor.open(&opened.invitation).await.unwrap();
    let mut waiting: BTreeSet<_> = [&first, &link, &opened].map(|sent| sent.invitation.clone()).into();
    while !waiting.is_empty() {
        let frame = feed.until("expired", |frame| frame["entry"]["status"] == "expired").await.unwrap();
        waiting.remove(frame["entry"]["invitation"].as_str().unwrap_or_default());
    }
    assert_eq!(status(visitor.click(&first.invitation).await), Some(410));
    assert_eq!(status(visitor.submit(&page, &[("note", "late")]).await), Some(410));
    let mut phone = visitor.another_device();
    assert_eq!(status(phone.open_link(link.link.as_deref().unwrap(), &link.invitation).await), Some(410));
}

#[tokio::test]
async fn oversized_bodies_are_refused_with_413_and_change_nothing() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let form = dana.form("secure-note").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let page = visitor.open(&sent.invitation).await.unwrap();
    let long = "x".repeat(70_000);
    assert_eq!(status(visitor.submit(&page, &[("note", &long)]).await), Some(413));
    visitor.submit(&page, &[("note", "short")]).await.unwrap();

    let chat = town.setting.origins.chat.clone();
    let body = json!({ "id": town.setting.fresh_id(), "text": "x".repeat(2_000_000) });
    let reply =
        visitor.browser.post_json(&format!("{chat}/api/messages"), Initiator::Page(&chat), &body).await.unwrap();
    assert_problem(&reply, 413);
}

#[tokio::test]
async fn wrong_types_are_refused_with_the_field() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let (desk, chat) = (town.setting.origins.desk.clone(), town.setting.origins.chat.clone());
    let id = town.setting.fresh_id();
    let messages = format!("{desk}/api/conversations/{conversation}/messages");
    let invitations = format!("{desk}/api/conversations/{conversation}/invitations");
    for (url, body, field) in [
        (&messages, json!({ "id": id, "text": 7 }), "text"),
        (&messages, json!({ "id": "seven", "text": "hello" }), "id"),
        (&messages, json!({ "id": id, "text": "" }), "text"),
        (&messages, json!({ "id": id, "text": "x".repeat(4_001) }), "text"),
        (&invitations, json!({ "id": id, "form": "seven", "channel": "web" }), "form"),
        (&invitations, json!({ "id": id, "form": "0".repeat(64), "channel": "pigeon" }), "channel"),
    ] {
        let reply = dana.browser.post_json(url, Initiator::Page(&desk), &body).await.unwrap();
        assert_problem(&reply, 422);
        assert_eq!(reply.value()["field"], field, "{body}");
    }
    let list = json!({ "id": id, "text": [] });
    let reply =
        visitor.browser.post_json(&format!("{chat}/api/messages"), Initiator::Page(&chat), &list).await.unwrap();
    assert_problem(&reply, 422);
    assert_eq!(reply.value()["field"], "text");

    let post = async |browser: &mut Browser, kind: &str, bytes: &[u8]| {
        browser.send(Method::POST, &messages, Initiator::Page(&desk), Body::Raw(kind, bytes)).await.unwrap()
    };
    assert_problem(&post(&mut dana.browser, "application/json", b"{\"id\":").await, 400);
    assert_problem(&post(&mut dana.browser, "text/plain", b"{}").await, 415);
}

#[tokio::test]
async fn unknown_routes_are_404_and_unknown_hosts_421() {
    let town = Town::build().await;
    let mut browser = Browser::new().unwrap();
    for origin in [&town.setting.origins.desk, &town.setting.origins.chat, &town.setting.origins.vault] {
        for path in ["/api/nothing", "/form", "/..%2f..%2fetc/passwd", "/zone/v1/events"] {
            let reply = browser.get(&format!("{origin}{path}"), Initiator::Person).await.unwrap();
            assert_eq!(reply.status, 404, "{origin}{path}");
        }
    }
    for port in [town.house.ports.desk, town.house.ports.vault] {
        for host in ["localhost", "other.localhost", "desk.localhost.evil.localhost"] {
            let reply = browser.get(&format!("http://{host}:{port}/"), Initiator::Person).await.unwrap();
            assert_eq!(reply.status, 421, "{host}:{port}");
        }
    }
    // Each zone answers to its own names only.
    let crossed = format!("http://vault.localhost:{}/healthz", town.house.ports.desk);
    assert_eq!(browser.get(&crossed, Initiator::Person).await.unwrap().status, 421);
}

#[tokio::test]
async fn too_many_public_posts_are_answered_with_a_time_to_come_back() {
    let town = Town::build_with(Limits { public_posts_per_minute: 3, logins_per_minute: 3, ..unhurried() }, None).await;
    let vault = town.setting.origins.vault.clone();
    let mut browser = Browser::new().unwrap();
    let mut last = None;
    for _ in 0..4 {
        last = Some(
            browser
                .post_form(&format!("{vault}/open"), Initiator::Page(&vault), &[("otk", KEY_OF_NOTHING)])
                .await
                .unwrap(),
        );
    }
    let last = last.unwrap();
    assert_eq!(last.status, 429);
    assert!(last.retry_after().is_some_and(|seconds| (1..=60).contains(&seconds)), "{:?}", last.headers);
    // Reading is not limited: a page that says so can still be loaded.
    assert_eq!(browser.get(&format!("{vault}/healthz"), Initiator::Person).await.unwrap().status, 200);

    let dana = town.account("dana").with_password("not-the-password-1");
    for _ in 0..3 {
        assert_eq!(status(Agent::login(&town.setting, &dana).await), Some(401));
    }
    let refused = Agent::login(&town.setting, &dana).await.err().unwrap();
    let JourneyError::Refused { reply, .. } = refused else { panic!("{refused}") };
    assert_problem(&reply, 429);
    assert!(reply.retry_after().is_some());
}

#[tokio::test]
async fn a_foreign_page_can_send_nothing_in_a_persons_name() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let form = dana.form("secure-note").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let page = visitor.open(&sent.invitation).await.unwrap();
    let (desk, chat, vault) =
        (town.setting.origins.desk.clone(), town.setting.origins.chat.clone(), town.setting.origins.vault.clone());
    let message = json!({ "id": town.setting.fresh_id(), "text": "forged" });
    for foreign in ["http://evil.localhost:9", "null", &vault, "http://desk.localhost"] {
        let from = Initiator::Page(foreign);
        let url = format!("{desk}/api/conversations/{conversation}/messages");
        assert_eq!(dana.browser.post_json(&url, from, &message).await.unwrap().status, 403, "{foreign}");
        let reply = visitor.browser.post_json(&format!("{chat}/api/messages"), from, &message).await.unwrap();
        assert_eq!(reply.status, 403, "{foreign}");
        // The agent's cookie stays at home when another site's page asks, so that not even a session is known.
        assert_eq!(status(Feed::open_from(&dana.browser, &desk, foreign, None).await), Some(401), "{foreign}");
        assert_eq!(status(Feed::open_from(&visitor.browser, &chat, foreign, None).await), Some(403), "{foreign}");
        if foreign != vault {
            let url = format!("{vault}/form/{}", page.invitation);
            let reply =
                visitor.browser.post_form(&url, from, &[("otk", &page.key), ("q-note", "forged")]).await.unwrap();
            assert_eq!(reply.status, 403, "{foreign}");
        }
    }
    // The chat host may start an opening, and nothing else.
    let url = format!("{vault}/form/{}", page.invitation);
    let reply =
        visitor.browser.post_form(&url, Initiator::Page(&chat), &[("otk", &page.key), ("q-note", "forged")]).await;
    assert_eq!(reply.unwrap().status, 403);
    visitor.submit(&page, &[("note", "mine")]).await.unwrap();
}

#[tokio::test]
async fn nothing_is_told_to_somebody_who_is_not_logged_in() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (visitor, conversation) = town.visitor().await;
    let (desk, chat) = (town.setting.origins.desk.clone(), town.setting.origins.chat.clone());
    let mut nobody = Browser::new().unwrap();
    for path in ["/api/session", "/api/forms", "/api/conversations", &format!("/api/conversations/{conversation}")] {
        let reply = nobody.get(&format!("{desk}{path}"), Initiator::Page(&desk)).await.unwrap();
        assert_problem(&reply, 401);
    }
    assert_eq!(status(Feed::open(&nobody, &desk, None).await), Some(401));
    assert!(Feed::open(&nobody, &chat, None).await.is_err());

    // Neither host takes the other's session, even when its cookie is sent there by hand.
    let agent = dana.browser.cookie(&desk, "__Host-aside-desk").unwrap().to_owned();
    let person = visitor.browser.cookie(&chat, "__Host-aside-visitor").unwrap().to_owned();
    assert!(dana.browser.cookie(&chat, "__Host-aside-desk").is_none());
    let mut crossed = Visitor::visit(&town.setting, &town.site()).await.unwrap();
    assert_ne!(crossed.browser.cookie(&chat, "__Host-aside-visitor"), Some(person.as_str()));
    assert!(crossed.entries().await.is_ok_and(|entries| entries.is_empty()));
    assert_ne!(agent, person);

    dana.logout().await.unwrap();
    let reply = dana.browser.get(&format!("{desk}/api/conversations"), Initiator::Page(&desk)).await.unwrap();
    assert_problem(&reply, 401);
}

#[tokio::test]
async fn an_invitation_of_another_site_conversation_or_agent_is_out_of_reach() {
    let town = Town::build().await;
    let (mut dana, mut sam, mut kim) = (town.agent("dana").await, town.agent("sam").await, town.agent("kim").await);
    let (mut visitor, conversation) = town.visitor().await;
    let (mut other, _) = town.visitor().await;
    let form = dana.form("cardholder-data").await.unwrap();
    let mut feed = dana.feed(None).await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    assert_eq!(status(other.click(&sent.invitation).await), Some(404));
    assert_eq!(status(kim.cancel(&sent.invitation).await), Some(404));
    assert_eq!(status(kim.say(&conversation, "hello").await), Some(404));
    assert_eq!(status(dana.grant(&sent.invitation).await), Some(409));
    let page = visitor.open(&sent.invitation).await.unwrap();
    visitor.submit(&page, &card(CARD, "739")).await.unwrap();
    feed.status(&sent.invitation, "submitted").await.unwrap();
    for (agent, code) in [(&mut sam, "other_agent"), (&mut town.agent("dana").await, "other_session")] {
        let refused = agent.grant(&sent.invitation).await.err().unwrap();
        let JourneyError::Refused { reply, .. } = refused else { panic!("{refused}") };
        assert_problem(&reply, 403);
        assert_eq!(reply.value()["code"], code);
    }
    assert_eq!(status(kim.grant(&sent.invitation).await), Some(404));
}

#[tokio::test]
async fn a_right_that_was_lost_does_not_come_back() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let mut feed = dana.feed(None).await.unwrap();
    let form = dana.form("secure-note").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let unsent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let page = visitor.open(&sent.invitation).await.unwrap();
    visitor.submit(&page, &[("note", "hello")]).await.unwrap();
    feed.status(&sent.invitation, "submitted").await.unwrap();
    dana.logout().await.unwrap();

    let mut again = town.agent("dana").await;
    assert_eq!(status(again.grant(&sent.invitation).await), Some(403));
    let cancelled = again.feed(Some(0)).await.unwrap().status(&unsent.invitation, "cancelled").await.unwrap();
    assert_eq!(cancelled["entry"]["reason"], "session_ended");
    assert_eq!(status(visitor.click(&unsent.invitation).await), Some(409));
}

#[tokio::test]
async fn every_page_of_the_vault_forbids_to_be_kept_framed_at_will_or_scripted_from_elsewhere() {
    let town = Town::build().await;
    let mut dana = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;
    let form = dana.form("secure-note").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
    let link = dana.invite(&conversation, &form.hash, Channel::Link).await.unwrap().link.unwrap();
    visitor.open(&sent.invitation).await.unwrap();
    let origins = town.setting.origins.clone();
    let vault = &origins.vault;
    let header =
        |reply: &Reply, name: &'static str| reply.header(&HeaderName::from_static(name)).unwrap_or_default().to_owned();
    let chat_frame = format!("frame-ancestors {}", origins.chat);
    let desk_frame = format!("frame-ancestors {}", origins.desk);
    for (url, ancestors) in [
        (format!("{vault}/form/{}", sent.invitation), chat_frame.as_str()),
        (format!("{vault}/viewer"), desk_frame.as_str()),
        (link, "frame-ancestors 'none'"),
    ] {
        let reply = visitor.browser.get(&url, Initiator::Page(vault)).await.unwrap();
        assert_eq!(reply.status, 200, "{url}");
        let policy = header(&reply, "content-security-policy");
        assert!(policy.contains("default-src 'none'") && policy.contains(ancestors), "{url}: {policy}");
        assert!(!policy.contains("unsafe") && !policy.contains('*'), "{url}: {policy}");
        assert!(header(&reply, "cache-control").contains("no-store"), "{url}");
        assert_eq!(header(&reply, "x-content-type-options"), "nosniff", "{url}");
        assert!(
            ["same-origin", "strict-origin", "no-referrer"].contains(&header(&reply, "referrer-policy").as_str()),
            "{url}"
        );
    }
}

#[tokio::test]
async fn a_repeated_message_is_written_once() {
    let town = Town::build().await;
    let (mut visitor, _) = town.visitor().await;
    let chat = town.setting.origins.chat.clone();
    let body = json!({ "id": town.setting.fresh_id(), "text": "once" });
    let mut sequences = Vec::new();
    for _ in 0..2 {
        let reply =
            visitor.browser.post_json(&format!("{chat}/api/messages"), Initiator::Page(&chat), &body).await.unwrap();
        sequences.push(reply.json::<Value>("say").unwrap()["sequence"].clone());
    }
    assert_eq!(sequences[0], sequences[1]);
    let written = visitor.entries().await.unwrap();
    assert_eq!(written.iter().filter(|entry| entry["text"] == "once").count(), 1);
}
