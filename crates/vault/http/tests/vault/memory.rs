//! Off-the-record answers: how long they are there, who is told when they are gone, and what is refused when there is no room.

use http::StatusCode;
use serde_json::{Value, json};

use crate::browser::Reply;
use crate::house::{Agent, House, Plan, Sent};
use crate::life::{opened, submitted};
use crate::view::{answered, answered_by, confirm, view_id, viewed};

async fn cvv(agent: &mut Agent, view: &Reply) -> Reply {
    agent.browser.call("/view/reveal", json!({ "view": view_id(view), "answer": "cvv" })).await
}

/// Why the answers to this form went, as its desk is told.
async fn told(house: &House, sent: &Sent) -> Vec<Value> {
    let events = house.zone_as("desk", "GET", "/zone/v1/events?after=0", None).await;
    let of_it = |event: &&Value| event["kind"] == "gone" && event["invitation"] == json!(sent.id);
    events.body["events"].as_array().unwrap().iter().filter(of_it).map(|event| event["why"].clone()).collect()
}

#[tokio::test]
async fn within_their_time_they_are_shown_again_and_again_each_with_a_key_of_its_own() {
    // Edge case 24: a reply that was lost costs the visitor nothing.
    let (house, mut agent, sent) = answered().await;
    for _ in 0..3 {
        let view = viewed(&house, &mut agent, &sent).await;
        assert_eq!(cvv(&mut agent, &view).await.json()["text"], "737");
        // The page is left, not done with.
        let left = json!({ "view": view_id(&view), "left": true });
        assert_eq!(agent.browser.call("/view/done", left).await.status, StatusCode::NO_CONTENT);
    }
    assert!(told(&house, &sent).await.is_empty());
    house.clock.advance_seconds(600);
    house.renew(&agent).await;
    let view = viewed(&house, &mut agent, &sent).await;
    assert!(confirm(&house, &mut agent, &view_id(&view)).await.status.is_success());
    assert_eq!(cvv(&mut agent, &view).await.status, StatusCode::GONE, "also before the sweeper came");
    for _ in 0..3 {
        house.vault.sweep_once().await;
    }
    assert_eq!(told(&house, &sent).await, ["time"]);
}

#[tokio::test]
async fn done_wipes_them_and_the_agent_is_told_once() {
    let (house, mut agent, sent) = answered().await;
    let view = viewed(&house, &mut agent, &sent).await;
    for _ in 0..2 {
        let done = agent.browser.call("/view/done", json!({ "view": view_id(&view) })).await;
        assert_eq!(done.status, StatusCode::NO_CONTENT);
    }
    assert_eq!(told(&house, &sent).await, ["done"]);
    let view = viewed(&house, &mut agent, &sent).await;
    assert_eq!(view.status, StatusCode::OK);
    assert_eq!(cvv(&mut agent, &view).await.status, StatusCode::GONE);
    house.clock.advance_seconds(601);
    house.vault.sweep_once().await;
    assert_eq!(told(&house, &sent).await, ["done"]);
}

#[tokio::test]
async fn the_end_of_a_right_wipes_them() {
    let (house, agent, sent) = answered().await;
    house.zone("POST", &format!("/sessions/{}/end", agent.session), None).await;
    assert_eq!(told(&house, &sent).await, ["session_ended"]);
    let (house, _agent, sent) = answered().await;
    house.zone("POST", &format!("/conversations/{}/close", sent.conversation), None).await;
    assert_eq!(told(&house, &sent).await, ["conversation_closed"]);
    let (house, agent, sent) = answered().await;
    house.set_rights(&agent, false, true).await;
    assert_eq!(told(&house, &sent).await, ["right_lost"]);
}

#[tokio::test]
async fn a_lock_closes_the_view_and_wipes_nothing() {
    let (house, mut agent, sent) = answered().await;
    let view = viewed(&house, &mut agent, &sent).await;
    house.zone("POST", &format!("/sessions/{}/lock", agent.session), None).await;
    assert_ne!(cvv(&mut agent, &view).await.status, StatusCode::OK);
    house.zone("POST", &format!("/sessions/{}/unlock", agent.session), None).await;
    house.renew(&agent).await;
    let view = viewed(&house, &mut agent, &sent).await;
    confirm(&house, &mut agent, &view_id(&view)).await;
    house.clock.advance_seconds(30);
    house.renew(&agent).await;
    assert!(confirm(&house, &mut agent, &view_id(&view)).await.status.is_success());
    assert_eq!(cvv(&mut agent, &view).await.json()["text"], "737");
    assert!(told(&house, &sent).await.is_empty());
}

#[tokio::test]
async fn a_restart_is_told_once_and_only_of_what_was_there() {
    // Edge case 25.
    let (house, mut agent, sent) = answered().await;
    let done = answered_by(&house, &agent).await;
    let view = viewed(&house, &mut agent, &done).await;
    agent.browser.call("/view/done", json!({ "view": view_id(&view) })).await;
    let house = house.restarted();
    house.vault.note_restart().await.unwrap();
    assert_eq!(told(&house, &sent).await, ["restart"]);
    assert_eq!(told(&house, &done).await, ["done"]);
    let house = house.restarted();
    house.vault.note_restart().await.unwrap();
    house.clock.advance_seconds(601);
    house.vault.sweep_once().await;
    assert_eq!(told(&house, &sent).await, ["restart"]);
}

#[tokio::test]
async fn a_restart_between_load_and_submit_loses_nothing_typed() {
    let house = House::new().await;
    let mut agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite(&agent, "cardholder-data", "web").await;
    let form = opened(&house, &mut visitor, &sent).await;
    let house = house.restarted();
    house.vault.note_restart().await.unwrap();
    let mut visitor = house.browser_with(&visitor);
    assert_eq!(submitted(&mut visitor, &sent, &form.key()).await.status, StatusCode::SEE_OTHER);
    agent.browser = house.browser_with(&agent.browser);
    let view = viewed(&house, &mut agent, &sent).await;
    confirm(&house, &mut agent, &view_id(&view)).await;
    assert!(told(&house, &sent).await.is_empty());
}

#[tokio::test]
async fn a_browser_that_hangs_up_while_its_answers_are_kept_leaves_them_whole_or_not_at_all() {
    // Edge case 13: the reply is lost, the answers are not.
    let house = House::new().await;
    let mut agent = house.agent().await;
    for wait in 0..12 {
        let mut visitor = house.visitor().await;
        let sent = house.invite(&agent, "cardholder-data", "web").await;
        let form = opened(&house, &mut visitor, &sent).await;
        {
            let mut gone = visitor.clone();
            let (sent, key) = (Sent { id: sent.id, conversation: sent.conversation, link_key: None }, form.key());
            let submitting = tokio::spawn(async move { submitted(&mut gone, &sent, &key).await });
            for _ in 0..wait {
                tokio::task::yield_now().await;
            }
            submitting.abort();
            let _ = submitting.await;
        }
        // Whatever the first came to, the second says it.
        assert_eq!(submitted(&mut visitor, &sent, &form.key()).await.status, StatusCode::SEE_OTHER);
        let view = viewed(&house, &mut agent, &sent).await;
        assert_eq!(cvv(&mut agent, &view).await.json()["text"], "737", "hung up after {wait} turns");
    }
}

#[tokio::test]
async fn a_full_memory_is_told_to_the_desk_before_the_visitor_hears_of_a_form() {
    let house = House::of(Plan { room: 1, ..Plan::default() }).await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let waiting = house.invite(&agent, "cardholder-data", "web").await;
    let one = house.invite(&agent, "cardholder-data", "web").await;
    let form = opened(&house, &mut visitor, &one).await;
    let refused = house.try_to_invite(&agent, "cardholder-data").await;
    assert_eq!((refused.status, &refused.body["kind"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("full")));
    assert_eq!(house.try_to_invite(&agent, "secure-note").await.status, StatusCode::OK, "that one needs no room");
    assert_eq!(submitted(&mut visitor, &one, &form.key()).await.status, StatusCode::SEE_OTHER);
    assert_eq!(house.try_to_invite(&agent, "cardholder-data").await.status, StatusCode::SERVICE_UNAVAILABLE);
    house.clock.advance_seconds(600);
    house.renew(&agent).await;
    assert_eq!(house.try_to_invite(&agent, "cardholder-data").await.status, StatusCode::OK);
    let mut late = house.visitor().await;
    opened(&house, &mut late, &waiting).await;
}

#[tokio::test]
async fn readiness_says_how_memory_is_locked_and_how_much_room_there_is() {
    let (house, _agent, _sent) = answered().await;
    let ready = house.browser().get("/health/ready").await;
    assert_eq!(ready.status, StatusCode::OK, "{}", ready.body);
    let said = ready.json();
    assert!(["memfd_secret", "mlock", "none"].contains(&said["memory"].as_str().unwrap()), "{said}");
    assert_eq!(said["room"], json!({ "answers": 100, "used": 1 }));
}
