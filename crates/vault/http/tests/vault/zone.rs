//! What the zone link refuses and how it repeats itself.

use aside_base::{InvitationId, SessionId, Timestamp};
use http::StatusCode;
use serde_json::{Value, json};

use crate::house::{House, Sent, definition, invite, start, unknown_hash};
use crate::life::{opened, submitted};

#[tokio::test]
async fn another_desks_site_is_not_valid_in_every_call() {
    let house = House::new().await;
    let agent = house.agent().await;
    let sent = house.invite(&agent, "secure-note", "web").await;
    let site = "/zone/v1/sites/northwind";
    for (method, path, body) in [
        (
            "PUT",
            site.to_owned(),
            Some(json!({ "brand": "x", "origins": [], "privacy_url": null, "contact_url": null })),
        ),
        ("POST", format!("{site}/sessions/renew"), Some(json!({ "sessions": [agent.session] }))),
        ("POST", format!("{site}/sessions/{}/end", agent.session), None),
        ("POST", format!("{site}/invitations/{}/open", sent.id), None),
        ("POST", format!("{site}/invitations/{}/reissue", sent.id), None),
        ("POST", format!("{site}/invitations/{}/grant", sent.id), Some(json!({ "session": agent.session }))),
        ("POST", format!("{site}/invitations/{}/cancel", sent.id), Some(json!({ "reason": "agent" }))),
        ("POST", format!("{site}/conversations/{}/close", sent.conversation), None),
        ("GET", format!("{site}/invitations/{}", sent.id), None),
        // Under its own site the other desk does not find it either.
        ("GET", format!("/zone/v1/sites/fabrikam/invitations/{}", sent.id), None),
        ("POST", format!("/zone/v1/sites/fabrikam/invitations/{}/open", sent.id), None),
    ] {
        let refused = house.zone_as("other", method, &path, body).await;
        assert_eq!(
            (refused.status, &refused.body["kind"]),
            (StatusCode::NOT_FOUND, &json!("not_valid")),
            "{method} {path}"
        );
    }
    let events = house.zone_as("other", "GET", "/zone/v1/events?after=0", None).await;
    assert_eq!(events.body["events"], json!([]));
    assert_eq!(house.status(&sent).await, "sent");
    assert_eq!(house.zone_as_nobody("/zone/v1/events?after=0").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_wrong_field_is_named() {
    let house = House::new().await;
    let agent = house.agent().await;
    let sent = Sent {
        id: InvitationId::generate(Timestamp(1), house.rng.as_ref()),
        conversation: "018f0000-0000-7000-8000-000000000000".parse().unwrap(),
        link_key: None,
    };
    let good = invite(&agent, &sent, "secure-note", "web");
    let with = |field: &str, value: Value| {
        let mut body = good.clone();
        *body.pointer_mut(field).unwrap() = value;
        body
    };
    for (field, body) in [
        ("open_limit", with("/clocks/open_limit", json!(0))),
        ("submit_limit", with("/clocks/submit_limit", json!(86_401))),
        ("channel", with("/channel", json!("pigeon"))),
        ("invitation", with("/invitation", json!("x"))),
        ("locale", with("/locale", json!(""))),
    ] {
        let refused = house.zone("POST", "/invitations", Some(body)).await;
        assert_eq!(
            (refused.status, &refused.body["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{}",
            refused.body
        );
    }
    let unknown = house.zone("POST", "/invitations", Some(with("/definition", json!(unknown_hash())))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    let stranger = SessionId::generate(Timestamp(1), house.rng.as_ref());
    let unknown = house.zone("POST", "/invitations", Some(with("/session", json!(stranger)))).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert_eq!(house.zone("GET", "/invitations/nonsense", None).await.status, StatusCode::NOT_FOUND);
    assert_eq!(house.zone("POST", "/nothing", None).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_vault_names_and_checks_a_definition_itself() {
    let house = House::new().await;
    let form = definition("cardholder-data");
    let body = serde_json::to_value(form.definition()).unwrap();
    let misnamed = house.zone("PUT", &format!("/definitions/{}", unknown_hash()), Some(body.clone())).await;
    assert_eq!((misnamed.status, &misnamed.body["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("hash")));
    let mut unmasked = body.clone();
    unmasked["questions"][3]["off_the_record"] = json!(false);
    let refused = house.zone("PUT", &format!("/definitions/{}", form.hash()), Some(unmasked)).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body["field"].as_str().unwrap().starts_with("questions[3]"), "{}", refused.body);
    let repeat = house.zone("PUT", &format!("/definitions/{}", form.hash()), Some(body)).await;
    assert_eq!(repeat.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn inviting_again_after_a_lost_reply_finds_the_same_invitation_and_mints_nothing() {
    let house = House::new().await;
    let agent = house.agent().await;
    let sent = house.invite(&agent, "secure-note", "link").await;
    let again = house.zone("POST", "/invitations", Some(invite(&agent, &sent, "secure-note", "link"))).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!((&again.body["invitation"], &again.body["link_key"]), (&json!(sent.id), &Value::Null));
    let mut visitor = house.visitor().await;
    let first = sent.link_key.as_deref().unwrap();
    assert_eq!(visitor.post("/open", &[("otk", first)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn reissuing_voids_the_old_link_and_the_old_device() {
    let house = House::new().await;
    let agent = house.agent().await;
    let sent = house.invite(&agent, "secure-note", "link").await;
    let (mut scanner, mut visitor) = (house.visitor().await, house.visitor().await);
    let old = sent.link_key.as_deref().unwrap();
    assert_eq!(scanner.post("/open", &[("otk", old)]).await.status, StatusCode::SEE_OTHER);
    let taken = scanner.get(&format!("/form/{}", sent.id)).await;
    let fresh = house.zone("POST", &format!("/invitations/{}/reissue", sent.id), None).await;
    let key = fresh.body["key"].as_str().unwrap();
    assert_eq!(house.status(&sent).await, "sent");
    assert_eq!(scanner.get(&format!("/form/{}", sent.id)).await.status, StatusCode::NOT_FOUND);
    let late = scanner.post(&format!("/form/{}", sent.id), &[("otk", &taken.key()), ("q-note", "x")]).await;
    assert!(late.status.is_client_error());
    assert!(visitor.post("/open", &[("otk", old)]).await.status.is_client_error());
    assert_eq!(visitor.post("/open", &[("otk", key)]).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn a_cancelled_invitation_stays_cancelled_and_an_answered_one_cannot_be() {
    let house = House::new().await;
    let agent = house.agent().await;
    let (one, two) =
        (house.invite(&agent, "secure-note", "web").await, house.invite(&agent, "cardholder-data", "web").await);
    let cancel = |sent: &Sent| format!("/invitations/{}/cancel", sent.id);
    for _ in 0..2 {
        let cancelled = house.zone("POST", &cancel(&one), Some(json!({ "reason": "agent" }))).await;
        assert_eq!(cancelled.status, StatusCode::NO_CONTENT);
    }
    let minted = house.zone("POST", &format!("/invitations/{}/open", one.id), None).await;
    assert_eq!(minted.status, StatusCode::CONFLICT);
    let mut visitor = house.visitor().await;
    let form = opened(&house, &mut visitor, &two).await;
    submitted(&mut visitor, &two, &form.key()).await;
    let late = house.zone("POST", &cancel(&two), Some(json!({ "reason": "agent" }))).await;
    assert_eq!((late.status, &late.body["kind"]), (StatusCode::CONFLICT, &json!("wrong_state")));
}

#[tokio::test]
async fn ended_sessions_are_named_at_the_next_renewal() {
    let house = House::new().await;
    let (one, two) = (house.agent().await, house.agent().await);
    house.zone("POST", &format!("/sessions/{}/end", one.session), None).await;
    let unknown = SessionId::generate(Timestamp(1), house.rng.as_ref());
    let sessions = json!({ "sessions": [one.session, two.session, unknown] });
    let renewed = house.zone("POST", "/sessions/renew", Some(sessions)).await;
    assert_eq!(renewed.body["ended"], json!([one.session, unknown]));
    let start = start(one.session, one.id);
    assert_eq!(house.zone("POST", "/sessions", Some(start)).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_waiting_desk_hears_of_an_event_at_once_and_of_silence_in_time() {
    let house = House::new().await;
    let agent = house.agent().await;
    let sent = house.invite(&agent, "secure-note", "web").await;
    let mut visitor = house.visitor().await;
    let key = house.click(&sent).await;
    let poll = house.zone_as("desk", "GET", "/zone/v1/events?after=0&wait_ms=20000", None);
    let fields = [("otk", key.as_str())];
    let open = visitor.post_from(crate::house::CHAT, "/open", &fields);
    let (page, _) =
        tokio::time::timeout(std::time::Duration::from_secs(10), async { tokio::join!(poll, open) }).await.unwrap();
    assert_eq!(page.body["events"][0]["kind"], "viewed");
    assert_eq!(page.body["events"][0]["invitation"], json!(sent.id));
    let (head, epoch) = (page.body["head"].as_i64().unwrap(), page.body["epoch"].as_str().unwrap());
    let path = format!("/zone/v1/events?after={head}&epoch={epoch}&wait_ms=20");
    assert_eq!(house.zone_as("desk", "GET", &path, None).await.body["events"], json!([]));
    // Another epoch is answered at once: the desk must resynchronise.
    let foreign = format!("/zone/v1/events?after={}&epoch={}&wait_ms=20000", head + 5, agent.session);
    let answered =
        tokio::time::timeout(std::time::Duration::from_secs(10), house.zone_as("desk", "GET", &foreign, None));
    assert_eq!(answered.await.unwrap().body["epoch"], epoch);
    for bad in ["after=-1", "after=x", "", "after=0&more=1"] {
        let refused = house.zone_as("desk", "GET", &format!("/zone/v1/events?{bad}"), None).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
}
