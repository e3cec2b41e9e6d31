//! The right to view, taken away: at once, for good, and told (S8, V4).

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use crate::house::{House, Sent};
use crate::life::{opened, submitted};
use crate::view::{answered, answered_by, reveal, view_id, viewed};

async fn revoke(house: &House, sent: &Sent) -> StatusCode {
    let reason = json!({ "reason": "transferred" });
    house.zone("POST", &format!("/invitations/{}/revoke", sent.id), Some(reason)).await.status
}

#[tokio::test]
async fn a_transfer_closes_the_open_view_and_wipes_what_is_off_the_record() {
    let (house, mut agent, sent) = answered().await;
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    let grant = house.grant(&agent, &sent).await.body;
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::OK);
    for _ in 0..2 {
        assert_eq!(revoke(&house, &sent).await, StatusCode::NO_CONTENT);
    }
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::FORBIDDEN);
    assert_eq!(agent.browser.get(&format!("/view/live/{id}")).await.body, "data: closed\n\n");
    // A key that was granted before opens nothing, and there is no other.
    let fields = [("submission", grant["submission"].as_str().unwrap()), ("otk", grant["key"].as_str().unwrap())];
    let refused = agent.browser.post("/view", &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert!(refused.body.contains("Could not load secure form"), "{}", refused.body);
    let again = house.grant(&agent, &sent).await;
    assert_eq!((again.status, &again.body["code"]), (StatusCode::FORBIDDEN, &json!("right_lost")));
    assert_eq!(house.happened(&sent).await.last().unwrap(), "gone transferred");
    // Transfer and back: a right that is lost is lost.
    let audit = house.audit().await;
    assert_eq!(audit.iter().filter(|(act, _)| act == "revoked").count(), 1);
}

#[tokio::test]
async fn a_screen_is_cleared_even_where_the_end_of_its_right_cannot_be_recorded() {
    let (house, mut agent, sent) = answered().await;
    let disk = rusqlite::Connection::open(house.path().join("vault.sqlite")).unwrap();
    disk.busy_timeout(Duration::from_secs(5)).unwrap();
    let transfer = (format!("/invitations/{}/revoke", sent.id), Some(json!({ "reason": "transferred" })));
    let close = (format!("/conversations/{}/close", sent.conversation), None);
    for (path, body) in [transfer, close] {
        let id = view_id(&viewed(&house, &mut agent, &sent).await);
        disk.execute_batch("CREATE TRIGGER broken BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no room'); END")
            .unwrap();
        let failed = house.zone("POST", &path, body).await;
        assert!(failed.status.is_server_error(), "{path}: {}", failed.status);
        disk.execute_batch("DROP TRIGGER broken").unwrap();
        assert_eq!(agent.browser.get(&format!("/view/live/{id}")).await.body, "data: closed\n\n", "{path}");
        assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    // The desk asks again, and then it is for good.
    assert_eq!(revoke(&house, &sent).await, StatusCode::NO_CONTENT);
    assert_eq!(house.grant(&agent, &sent).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_transfer_before_submission_cancels_and_the_visitor_is_told() {
    let house = House::new().await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite(&agent, "cardholder-data", "web").await;
    let form = opened(&house, &mut visitor, &sent).await;
    assert_eq!(revoke(&house, &sent).await, StatusCode::NO_CONTENT);
    assert_eq!(house.happened(&sent).await, ["viewed", "cancelled transferred"]);
    // Edge case 15: between open and submit.
    let late = submitted(&mut visitor, &sent, &form.key()).await;
    assert_eq!(late.status, StatusCode::GONE);
    assert!(late.body.contains("Somebody else has taken over this conversation"), "{}", late.body);
}

#[tokio::test]
async fn another_site_or_an_unknown_invitation_is_not_valid() {
    let (house, mut agent, sent) = answered().await;
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    let reason = Some(json!({ "reason": "transferred" }));
    let path = format!("/zone/v1/sites/fabrikam/invitations/{}/revoke", sent.id);
    assert_eq!(house.zone_as("other", "POST", &path, reason.clone()).await.status, StatusCode::NOT_FOUND);
    let unknown = format!("/invitations/{}/revoke", house.unsent().id);
    assert_eq!(house.zone("POST", &unknown, reason).await.status, StatusCode::NOT_FOUND);
    assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_agent_who_loses_a_right_loses_the_open_view() {
    // Edge case 27.
    let (house, mut agent, sent) = answered().await;
    let all = json!({ "secure_forms": true, "card_numbers": true, "copy": true });
    house.set_all_rights(&agent, all).await;
    for less in [
        json!({ "secure_forms": true, "card_numbers": true }),
        json!({ "secure_forms": true, "card_numbers": false }),
        json!({ "secure_forms": false, "card_numbers": false }),
    ] {
        let id = view_id(&viewed(&house, &mut agent, &sent).await);
        house.set_all_rights(&agent, less).await;
        assert_eq!(agent.browser.get(&format!("/view/live/{id}")).await.body, "data: closed\n\n");
        assert_eq!(reveal(&mut agent, &id).await.status, StatusCode::FORBIDDEN);
    }
    assert_eq!(house.grant(&agent, &sent).await.status, StatusCode::FORBIDDEN);
    let other = answered_by(&house, &house.agent().await).await;
    assert_eq!(house.grant(&agent, &other).await.status, StatusCode::FORBIDDEN);
}
