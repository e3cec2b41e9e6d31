//! How long answers are kept, how they go, and how an agent takes them along (V5, V8).

use http::StatusCode;
use serde_json::{Value, json};

use crate::browser::Reply;
use crate::house::{Agent, BRAND, House, Sent};
use crate::life::{PAN, opened};
use crate::view::{answered, confirm, reveal, view_id, viewed};

const DAY: u32 = 86_400;

async fn keep(house: &House, days: u16) {
    let profile = json!({
        "brand": "Northwind", "origins": [BRAND], "privacy_url": null, "contact_url": null, "keeping": { "days": days },
    });
    assert_eq!(house.zone("PUT", "", Some(profile)).await.status, StatusCode::NO_CONTENT);
}

async fn erase(house: &House, sent: &Sent) -> StatusCode {
    house.zone("POST", &format!("/conversations/{}/erase", sent.conversation), None).await.status
}

async fn erased_events(house: &House) -> Vec<Value> {
    let events = house.zone_as("desk", "GET", "/zone/v1/events?after=0", None).await.body["events"].take();
    let events = events.as_array().unwrap().clone();
    events.into_iter().filter(|event| event["kind"] == "erased").map(|event| event["why"].clone()).collect()
}

#[tokio::test]
async fn the_purge_erases_what_is_over_and_reports_it() {
    let (house, mut agent, sent) = answered().await;
    assert!(house.vault.purge_once().await);
    let report = house.zone("GET", "/keeping", None).await.body;
    assert_eq!((&report["held"], &report["erased_total"]), (&json!(1), &json!(0)));
    assert!(report["last_purge"].is_i64());
    keep(&house, 7).await;
    house.clock.advance_seconds(7 * DAY + 1);
    house.renew(&agent).await;
    let view = view_id(&viewed(&house, &mut agent, &sent).await);
    assert_eq!(confirm(&house, &mut agent, &view).await.status, StatusCode::OK);
    assert!(house.vault.purge_once().await);
    let refused = reveal(&mut agent, &view).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN, "the view closed with what it showed");
    let report = house.zone("GET", "/keeping", None).await.body;
    assert_eq!((&report["held"], &report["erased_total"]), (&json!(0), &json!(1)));
    assert_eq!(erased_events(&house).await, ["retention"]);
    let page = viewed(&house, &mut agent, &sent).await;
    assert!(page.status == StatusCode::OK && page.body.contains("Erased."), "{}", page.body);
    assert!(!page.body.contains("O&#39;Neil"));
}

#[tokio::test]
async fn a_site_that_keeps_nothing_erases_at_the_close() {
    let house = House::new().await;
    keep(&house, 0).await;
    let agent = house.agent().await;
    let sent = crate::view::answered_by(&house, &agent).await;
    let close = format!("/conversations/{}/close", sent.conversation);
    assert_eq!(house.zone("POST", &close, None).await.status, StatusCode::NO_CONTENT);
    assert_eq!(erased_events(&house).await, ["closed"]);
    assert_eq!(house.zone("GET", "/keeping", None).await.body["held"], 0);
}

#[tokio::test]
async fn erasing_takes_an_open_view_away_and_stops_who_is_typing() {
    let (house, mut agent, sent) = answered().await;
    let view = view_id(&viewed(&house, &mut agent, &sent).await);
    assert_eq!(reveal(&mut agent, &view).await.status, StatusCode::OK);
    let mut visitor = house.visitor().await;
    let other = house.invite(&agent, "cardholder-data", "web").await;
    let form = opened(&house, &mut visitor, &other).await;
    for conversation in [&sent, &other] {
        for _ in 0..2 {
            assert_eq!(erase(&house, conversation).await, StatusCode::NO_CONTENT);
        }
    }
    assert_eq!(reveal(&mut agent, &view).await.status, StatusCode::FORBIDDEN);
    let late = crate::life::submitted(&mut visitor, &other, &form.key()).await;
    assert_eq!(late.status, StatusCode::GONE, "{}", late.body);
    assert_eq!(erased_events(&house).await, ["request"]);
    // Nobody there yet, nobody there any more: the desk may say it again and again.
    assert_eq!(erase(&house, &house.unsent()).await, StatusCode::NO_CONTENT);
}

async fn may_export(house: &House, agent: &Agent, card_numbers: bool) {
    let rights = json!({ "secure_forms": true, "card_numbers": card_numbers, "export": true });
    let set = house.zone("POST", &format!("/agents/{}/rights", agent.id), Some(rights)).await;
    assert_eq!(set.status, StatusCode::NO_CONTENT);
}

async fn granted(house: &House, agent: &Agent, sent: &Sent) -> crate::house::Answer {
    let body = json!({ "session": agent.session, "conversations": [sent.conversation], "reference": "CASE-7" });
    house.zone("POST", "/exports", Some(body)).await
}

async fn type_code(house: &House, agent: &mut Agent) -> Reply {
    let code = agent.app.as_ref().unwrap().code(aside_base::Clock::now(house.clock.as_ref()));
    agent.browser.post("/export/confirm", &[("code", &code)]).await
}

#[tokio::test]
async fn an_export_is_one_file_after_a_confirmation_in_the_enrolled_browser() {
    let (house, mut agent, sent) = answered().await;
    // Setting the app up has confirmed too.
    house.clock.advance_seconds(301);
    house.renew(&agent).await;
    let refused = granted(&house, &agent, &sent).await;
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::FORBIDDEN, &json!("export")));
    may_export(&house, &agent, true).await;
    let key = granted(&house, &agent, &sent).await.body["key"].as_str().unwrap().to_owned();
    let mut stranger = house.agent().await;
    may_export(&house, &stranger, true).await;
    let stolen = stranger.browser.post("/export", &[("otk", &key)]).await;
    assert_eq!(stolen.status, StatusCode::FORBIDDEN, "{}", stolen.body);
    assert_eq!(agent.browser.get("/export").await.status, StatusCode::NOT_FOUND, "nothing is open yet");
    let open = agent.browser.post("/export", &[("otk", &key)]).await;
    assert_eq!((open.status, open.location()), (StatusCode::SEE_OTHER, "/export"), "{}", open.body);
    assert_eq!(agent.browser.post("/export", &[("otk", &key)]).await.status, StatusCode::GONE);
    let asks = agent.browser.get("/export").await;
    assert!(asks.body.contains("action=\"/export/confirm\""), "{}", asks.body);
    let early = agent.browser.post("/export/file", &[]).await;
    assert_eq!((early.status, early.location()), (StatusCode::SEE_OTHER, "/export"));
    let wrong = agent.browser.post("/export/confirm", &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    house.clock.advance_seconds(30);
    house.renew(&agent).await;
    let confirmed = type_code(&house, &mut agent).await;
    assert_eq!((confirmed.status, confirmed.location()), (StatusCode::SEE_OTHER, "/export"), "{}", confirmed.body);
    let says = agent.browser.get("/export").await;
    assert!(says.body.contains("action=\"/export/file\"") && says.body.contains("CASE-7"), "{}", says.body);
    assert!(!says.body.contains("1111"));
    let file = agent.browser.post("/export/file", &[]).await;
    assert_eq!((file.status, file.header("cache-control")), (StatusCode::OK, "no-store"));
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert!(file.body.contains(PAN) && !file.body.contains("737"), "what was off the record is never there");
    house.renew(&stranger).await;
    assert_eq!(stranger.browser.post("/export/file", &[]).await.status, StatusCode::NOT_FOUND);
    // Without the right to see card numbers they are masked; without the right to export there is nothing.
    may_export(&house, &agent, false).await;
    let masked = agent.browser.post("/export/file", &[]).await;
    assert!(masked.status == StatusCode::OK && masked.body.contains("411111\u{2022}"), "{}", masked.body);
    assert!(!masked.body.contains(PAN));
    house.set_rights(&agent, true, true).await;
    assert_eq!(agent.browser.post("/export/file", &[]).await.status, StatusCode::FORBIDDEN);
    let acts: Vec<String> = house.audit().await.into_iter().map(|(act, _)| act).collect();
    for act in ["export_granted", "export_opened", "exported"] {
        assert!(acts.iter().any(|known| known == act), "{act}");
    }
}

#[tokio::test]
async fn an_erased_visitors_export_is_empty_and_says_so() {
    let (house, mut agent, sent) = answered().await;
    may_export(&house, &agent, true).await;
    assert_eq!(erase(&house, &sent).await, StatusCode::NO_CONTENT);
    let key = granted(&house, &agent, &sent).await.body["key"].as_str().unwrap().to_owned();
    agent.browser.post("/export", &[("otk", &key)]).await;
    house.clock.advance_seconds(30);
    house.renew(&agent).await;
    assert_eq!(type_code(&house, &mut agent).await.status, StatusCode::SEE_OTHER);
    let file = agent.browser.post("/export/file", &[]).await;
    assert_eq!(file.status, StatusCode::OK, "{}", file.body);
    let answers = file.json()["forms"][0]["answers"].take();
    assert!(answers.as_array().unwrap().iter().all(|answer| answer["value"].is_null()), "{answers}");
    assert!(answers.to_string().contains("erased"));
}

#[tokio::test]
async fn an_export_names_one_to_500_conversations() {
    let (house, agent, sent) = answered().await;
    may_export(&house, &agent, true).await;
    for (field, body) in [
        ("conversations", json!({ "session": agent.session, "conversations": [] })),
        ("conversations", json!({ "session": agent.session, "conversations": vec![sent.conversation; 501] })),
        (
            "reference",
            json!({ "session": agent.session, "conversations": [sent.conversation], "reference": "Ana O'Neil" }),
        ),
        ("reference", json!({ "session": agent.session, "conversations": [sent.conversation], "reference": PAN })),
    ] {
        let refused = house.zone("POST", "/exports", Some(body)).await;
        assert_eq!((refused.status.as_u16(), &refused.body["field"]), (422, &json!(field)));
    }
}
