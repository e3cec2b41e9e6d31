//! Sending, seeing, opening and viewing, as far as the desk decides it, and all of it while the vault is down.

use aside_desk_store::AuditLog as _;
use http::StatusCode;
use serde_json::json;

use crate::actor::fresh;
use crate::house::{House, card_form};

#[tokio::test]
async fn the_forms_out_of_the_box_can_be_sent() {
    let house = House::new().await;
    let forms = house.dana().await.get("/api/forms").await.json();
    assert_eq!(forms[0]["hash"], card_form().as_str());
    assert_eq!((&forms[0]["id"], &forms[0]["questions"]), (&json!("cardholder-data"), &json!(4)));
    assert_eq!(forms[0]["fields"][1]["kind"], "card_number");
    assert_eq!(forms[1]["id"], "secure-note");
}

#[tokio::test]
async fn sending_while_the_vault_is_down_says_so_and_leaves_nothing_in_the_conversation() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    let path = format!("/api/conversations/{conversation}/invitations");
    let send = json!({"id": fresh(), "form": card_form(), "channel": "web"});
    for _ in 0..2 {
        let reply = dana.post(&path, send.clone()).await;
        assert_eq!(reply.refusal(), (503, "vault_down".into()));
        assert_eq!(reply.headers["retry-after"], "5");
    }
    let entries = visitor.get("/api/conversation").await.json()["entries"].clone();
    assert_eq!(entries.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn an_unknown_form_a_wrong_channel_and_a_closed_conversation_are_refused() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    let path = format!("/api/conversations/{conversation}/invitations");
    let unknown = dana.post(&path, json!({"id": fresh(), "form": "ab".repeat(32), "channel": "web"})).await;
    assert_eq!((unknown.refusal().0, &unknown.json()["field"]), (422, &json!("form")));
    let channel = dana.post(&path, json!({"id": fresh(), "form": card_form(), "channel": "fax"})).await;
    assert_eq!((channel.refusal().0, &channel.json()["field"]), (422, &json!("channel")));
    dana.post(&format!("/api/conversations/{conversation}/close"), json!({})).await;
    let closed = dana.post(&path, json!({"id": fresh(), "form": card_form(), "channel": "web"})).await;
    assert_eq!((closed.refusal().0, &closed.json()["code"]), (409, &json!("closed")));
}

#[tokio::test]
async fn the_visitor_sees_the_card_and_nothing_that_is_the_agents() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    let invitation = house.invitation(&dana, conversation).await;
    let submission = house.submit(invitation).await;
    let seen = visitor.get("/api/conversation").await.json();
    let entries = seen["entries"].as_array().unwrap();
    let card = &entries.iter().find(|entry| entry["kind"] == "invitation").unwrap()["invitation"];
    assert_eq!(
        (&card["title"], &card["reference"], &card["status"]),
        (&json!("Card payment"), &json!("7F3K"), &json!("submitted"))
    );
    assert_eq!((&card["mine"], &card["agent"]), (&json!(false), &json!({"display_name": "Dana"})));
    assert!(!seen.to_string().contains(&submission.to_string()));
    let page = dana.get(&format!("/api/conversations/{conversation}")).await.json();
    assert!(page.to_string().contains(&submission.to_string()));
    let cards: Vec<_> =
        page["entries"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "invitation").collect();
    assert_eq!(cards[0]["invitation"]["mine"], true);
}

#[tokio::test]
async fn a_client_that_shows_the_invitation_makes_it_received_once() {
    let house = House::new().await;
    let (dana, visitor, other) = (house.dana().await, house.visitor().await, house.visitor().await);
    let invitation = house.invitation(&dana, visitor.write("hello").await).await;
    let path = format!("/api/invitations/{invitation}/received");
    for who in [&other, &visitor, &visitor] {
        assert_eq!(who.post(&path, json!({})).await.status, StatusCode::NO_CONTENT);
    }
    let seen = visitor.get("/api/conversation").await.json();
    let statuses = seen["entries"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "status").count();
    assert_eq!(statuses, 1);
}

#[tokio::test]
async fn a_click_while_the_vault_is_down_can_be_tried_again() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let invitation = house.invitation(&dana, visitor.write("hello").await).await;
    let path = format!("/api/invitations/{invitation}/open");
    assert_eq!(visitor.post(&path, json!({})).await.refusal(), (503, "vault_down".into()));
    assert_eq!(visitor.post(&path, json!({})).await.refusal(), (503, "vault_down".into()));
}

#[tokio::test]
async fn a_strangers_invitation_is_not_there() {
    let house = House::new().await;
    let (dana, visitor, other) = (house.dana().await, house.visitor().await, house.visitor().await);
    let invitation = house.invitation(&dana, visitor.write("hello").await).await;
    other.write("hello").await;
    for verb in ["open", "ask"] {
        let reply = other.post(&format!("/api/invitations/{invitation}/{verb}"), json!({})).await;
        assert_eq!(reply.refusal(), (404, "not_valid".into()), "{verb}");
    }
    let sol = crate::actor::Agent::sign_in(&house, "sol").await;
    for verb in ["view", "cancel", "reissue"] {
        let reply = sol.post(&format!("/api/invitations/{invitation}/{verb}"), json!({})).await;
        assert_eq!(reply.refusal(), (404, "not_valid".into()), "{verb}");
    }
    assert_eq!(visitor.post("/api/invitations/not-an-id/open", json!({})).await.refusal().0, 404);
}

#[tokio::test]
async fn only_the_session_that_sent_it_may_ask_to_view_and_every_try_is_audited() {
    let house = House::new().await;
    let (dana, kim, visitor) = (house.dana().await, house.kim().await, house.visitor().await);
    let invitation = house.invitation(&dana, visitor.write("hello").await).await;
    let path = format!("/api/invitations/{invitation}/view");
    let early = dana.post(&path, json!({})).await;
    assert_eq!((early.refusal().0, &early.json()["code"]), (409, &json!("not_submitted")));
    house.submit(invitation).await;
    let other_agent = kim.post(&path, json!({})).await;
    assert_eq!((other_agent.refusal(), &other_agent.json()["code"]), ((403, "no_right".into()), &json!("other_agent")));
    let elsewhere = house.dana().await.post(&path, json!({})).await;
    assert_eq!((elsewhere.refusal(), &elsewhere.json()["code"]), ((403, "no_right".into()), &json!("other_session")));
    assert_eq!(dana.post(&path, json!({})).await.refusal(), (503, "vault_down".into()));
    let lines = house.store.audit_lines(0, 1_000).await.unwrap();
    let views: Vec<_> = lines
        .iter()
        .filter(|line| line.action == "view_answers")
        .map(|line| (line.outcome.as_str(), line.reason.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        views,
        [
            ("refused", "not_submitted"),
            ("refused", "other_agent"),
            ("refused", "other_session"),
            ("done", ""),
            ("refused", "vault_down")
        ]
    );
}

#[tokio::test]
async fn after_the_close_nobody_may_view() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    let invitation = house.invitation(&dana, conversation).await;
    house.submit(invitation).await;
    dana.post(&format!("/api/conversations/{conversation}/close"), json!({})).await;
    let reply = dana.post(&format!("/api/invitations/{invitation}/view"), json!({})).await;
    assert_eq!((reply.refusal(), &reply.json()["code"]), ((403, "no_right".into()), &json!("closed")));
}

#[tokio::test]
async fn another_agent_can_neither_cancel_nor_reissue() {
    let house = House::new().await;
    let (dana, kim, visitor) = (house.dana().await, house.kim().await, house.visitor().await);
    let invitation = house.invitation(&dana, visitor.write("hello").await).await;
    for verb in ["cancel", "reissue"] {
        let path = format!("/api/invitations/{invitation}/{verb}");
        assert_eq!(kim.post(&path, json!({})).await.refusal(), (403, "no_right".into()), "{verb}");
        assert_eq!(dana.post(&path, json!({})).await.refusal(), (503, "vault_down".into()), "{verb}");
    }
    // What the vault did not do stands in the log as that.
    let rows = house.store.audit_lines(0, 1_000).await.unwrap();
    for action in ["cancel_invitation", "reissue_invitation"] {
        let told: Vec<_> = rows.iter().filter(|row| row.action == action).map(|row| row.outcome.as_str()).collect();
        assert_eq!(told, ["refused"], "{action}");
    }
}

#[tokio::test]
async fn a_visitor_asks_for_a_new_form_once() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    let invitation = house.invitation(&dana, conversation).await;
    let path = format!("/api/invitations/{invitation}/ask");
    for _ in 0..2 {
        assert_eq!(visitor.post(&path, json!({})).await.status, StatusCode::NO_CONTENT);
    }
    let page = dana.get(&format!("/api/conversations/{conversation}")).await.json();
    let asked = page["entries"].as_array().unwrap().iter().filter(|entry| entry["kind"] == "asked").count();
    assert_eq!(asked, 1);
    house.submit(invitation).await;
    assert_eq!(visitor.post(&path, json!({})).await.refusal(), (409, "wrong_state".into()));
}
