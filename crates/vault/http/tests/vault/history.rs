//! Reading what is stored after the conversation was closed, and copying (V6, V11, edge case 31).

use aside_base::Clock as _;
use http::StatusCode;
use serde_json::{Value, json};

use crate::browser::Reply;
use crate::house::{Agent, House, Plan, Sent};
use crate::life::{PAN, opened, submitted};
use crate::view::{answered, answered_by, confirm, reveal, view_id, viewed};

fn rights(more: &[&str]) -> Value {
    let has = |right: &str| more.contains(&right);
    json!({
        "secure_forms": has("secure_forms"), "card_numbers": has("card_numbers"), "history": has("history"),
        "copy": has("copy"), "export": false,
    })
}

/// A manager, who asks for no forms, with a factor that was set up before this one was sent.
async fn closed() -> (House, Agent, Sent) {
    let house = House::new().await;
    let manager = house.agent().await;
    house.set_all_rights(&manager, rights(&["history", "card_numbers"])).await;
    let sent = answered_by(&house, &house.agent().await).await;
    house.close(&sent).await;
    (house, manager, sent)
}

async fn look(house: &House, manager: &mut Agent, sent: &Sent) -> Reply {
    let grant = house.history(manager, sent).await;
    assert_eq!(grant.status, StatusCode::OK, "{}", grant.body);
    let fields =
        [("submission", grant.body["submission"].as_str().unwrap()), ("otk", grant.body["key"].as_str().unwrap())];
    manager.browser.post("/view", &fields).await
}

#[tokio::test]
async fn a_manager_reads_what_is_stored_with_a_reason_and_never_what_was_not() {
    let (house, mut manager, sent) = closed().await;
    let page = look(&house, &mut manager, &sent).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("Dispute, CASE-2026-0147. Each reveal is logged with that reason."), "{}", page.body);
    assert!(page.body.contains("Not kept. It was off the record.") && !page.body.contains("737"));
    assert!(page.body.contains("Ana O&#39;Neil") && !page.body.contains(PAN), "masked as elsewhere");
    let id = view_id(&page);
    house.clock.advance_seconds(301);
    house.renew(&manager).await;
    assert_eq!(reveal(&mut manager, &id).await.json()["kind"], "confirm");
    let id = view_id(&look(&house, &mut manager, &sent).await);
    assert_eq!(confirm(&house, &mut manager, &id).await.status, StatusCode::OK);
    assert_eq!(reveal(&mut manager, &id).await.json()["text"], PAN);
    let code = manager.browser.call("/view/reveal", json!({ "view": id, "answer": "cvv" })).await;
    assert_eq!((code.status, &code.json()["kind"]), (StatusCode::FORBIDDEN, &json!("no_right")));
    assert_eq!(house.status(&sent).await, "submitted", "the sender has not read it");
    for act in ["history_granted", "history_viewed", "revealed"] {
        let audited = house.audit().await;
        assert!(audited.iter().any(|(known, outcome)| known == act && outcome == "done"), "{act}: {audited:?}");
    }
}

#[tokio::test]
async fn history_is_refused_while_the_conversation_is_open_and_without_the_right() {
    let (house, agent, sent) = answered().await;
    let refused = house.history(&agent, &sent).await;
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::FORBIDDEN, &json!("history")));
    house.set_all_rights(&agent, rights(&["secure_forms", "history"])).await;
    let refused = house.history(&agent, &sent).await;
    assert_eq!((refused.status, &refused.body["code"]), (StatusCode::FORBIDDEN, &json!("conversation_open")));
    house.close(&sent).await;
    let path = format!("/invitations/{}/history", sent.id);
    let said = |reference: &str| json!({ "session": agent.session, "reason": "dispute", "reference": reference });
    let long = "x".repeat(41);
    for unfit in ["Alex Smith", "", long.as_str(), "4111-1111-1111-1111", "123456789"] {
        let refused = house.zone("POST", &path, Some(said(unfit))).await;
        assert_eq!((refused.status, &refused.body["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("reference")));
    }
    let curious = json!({ "session": agent.session, "reason": "curiosity" });
    assert_eq!(house.zone("POST", &path, Some(curious)).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(house.history(&agent, &sent).await.status, StatusCode::OK);
    // What was never sent has nothing stored.
    let unsent = house.invite(&agent, "secure-note", "web").await;
    house.close(&unsent).await;
    assert_eq!(house.history(&agent, &unsent).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn a_history_key_works_once_for_seconds_and_only_in_the_enrolled_browser() {
    let (house, mut manager, sent) = closed().await;
    let grant = house.history(&manager, &sent).await.body;
    let fields = [("submission", grant["submission"].as_str().unwrap()), ("otk", grant["key"].as_str().unwrap())];
    // A desk that was taken over has both, and no cookie; a colleague with the same right has another session.
    assert_eq!(house.browser().post("/view", &fields).await.status, StatusCode::FORBIDDEN);
    let mut colleague = house.agent().await;
    house.set_all_rights(&colleague, rights(&["history", "card_numbers"])).await;
    assert_eq!(colleague.browser.post("/view", &fields).await.status, StatusCode::FORBIDDEN);
    assert_eq!(manager.browser.post("/view", &fields).await.status, StatusCode::OK);
    assert_eq!(manager.browser.post("/view", &fields).await.status, StatusCode::GONE);
    let grant = house.history(&manager, &sent).await.body;
    let late = [("submission", grant["submission"].as_str().unwrap()), ("otk", grant["key"].as_str().unwrap())];
    house.clock.advance_seconds(10);
    assert_eq!(manager.browser.post("/view", &late).await.status, StatusCode::GONE);
}

#[tokio::test]
async fn a_factor_of_yesterday_reads_no_history_and_one_of_three_days_ago_does() {
    let house = House::new().await;
    let sent = answered_by(&house, &house.agent().await).await;
    house.close(&sent).await;
    house.clock.advance_seconds(86_400);
    // A desk that was taken over invents a manager, with a factor of its own.
    let mut invented = house.agent().await;
    house.set_all_rights(&invented, rights(&["history", "card_numbers"])).await;
    let id = view_id(&look(&house, &mut invented, &sent).await);
    let refused = reveal(&mut invented, &id).await.json();
    assert_eq!((&refused["kind"], &refused["code"]), (&json!("no_right"), &json!("factor_too_new")));
    let code = invented.app.as_ref().unwrap().code(house.clock.now());
    let confirmed = invented.browser.call("/view/confirm", json!({ "view": id, "code": code.as_str() })).await;
    assert_eq!(confirmed.status, StatusCode::FORBIDDEN, "{}", confirmed.body);
    // It has stood in the audit log for three days then.
    house.clock.advance_seconds(72 * 3_600);
    let id = view_id(&look(&house, &mut invented, &sent).await);
    assert_eq!(confirm(&house, &mut invented, &id).await.status, StatusCode::OK);
    assert_eq!(reveal(&mut invented, &id).await.json()["text"], PAN);
}

#[tokio::test]
async fn card_numbers_need_their_right_in_history_too_and_the_lock_closes_it() {
    let (house, mut manager, sent) = closed().await;
    house.set_all_rights(&manager, rights(&["history"])).await;
    let page = look(&house, &mut manager, &sent).await;
    assert!(page.body.contains("Your profile hides card numbers"), "{}", page.body);
    let id = view_id(&page);
    assert_eq!(reveal(&mut manager, &id).await.json()["code"], "card_numbers");
    let locked = house.zone("POST", &format!("/sessions/{}/lock", manager.session), None).await;
    assert_eq!(locked.status, StatusCode::NO_CONTENT);
    assert_eq!(manager.browser.get(&format!("/view/live/{id}")).await.body, "data: closed\n\n");
    assert_eq!(house.history(&manager, &sent).await.status, StatusCode::LOCKED);
}

#[tokio::test]
async fn two_people_read_the_same_past_at_a_time_and_each_of_them_once() {
    let (house, mut manager, sent) = closed().await;
    let mut colleague = house.agent().await;
    house.set_all_rights(&colleague, rights(&["history", "card_numbers"])).await;
    let first = view_id(&look(&house, &mut manager, &sent).await);
    let theirs = view_id(&look(&house, &mut colleague, &sent).await);
    for (agent, view) in [(&mut manager, &first), (&mut colleague, &theirs)] {
        assert_eq!(reveal(agent, view).await.json()["text"], PAN);
    }
    let second = view_id(&look(&house, &mut manager, &sent).await);
    assert_eq!(manager.browser.get(&format!("/view/live/{first}")).await.body, "data: closed\n\n");
    assert_eq!(reveal(&mut manager, &first).await.status, StatusCode::FORBIDDEN);
    assert_eq!(reveal(&mut manager, &second).await.status, StatusCode::OK);
    assert_eq!(
        reveal(&mut colleague, &theirs).await.status,
        StatusCode::OK,
        "somebody else looking again closes nothing"
    );
}

#[tokio::test]
async fn a_copy_is_noted_first_and_only_with_the_right_to_it() {
    let (house, mut agent, sent) = answered().await;
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    let copied = |answer: &str| json!({ "view": id, "answer": answer });
    let refused = agent.browser.call("/view/copied", copied("number")).await;
    assert_eq!((refused.status, &refused.json()["kind"]), (StatusCode::FORBIDDEN, &json!("no_right")));
    house.set_all_rights(&agent, rights(&["secure_forms", "card_numbers", "copy"])).await;
    assert!(viewed(&house, &mut agent, &sent).await.body.contains(" data-copy="));
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    let copied = |answer: &str| json!({ "view": id, "answer": answer });
    let before = house.audit().await.len();
    for answer in ["number", "name"] {
        let noted = agent.browser.call("/view/copied", copied(answer)).await;
        assert_eq!((noted.status, noted.body.as_str()), (StatusCode::NO_CONTENT, ""));
    }
    assert_eq!(house.audit().await[before..], [("copied".into(), "done".into()), ("copied".into(), "done".into())]);
    assert_eq!(agent.browser.call("/view/copied", copied("cvv")).await.status, StatusCode::FORBIDDEN);
    assert_eq!(house.browser().call("/view/copied", copied("number")).await.status, StatusCode::FORBIDDEN);
    house.clock.advance_seconds(301);
    house.renew(&agent).await;
    let id = view_id(&viewed(&house, &mut agent, &sent).await);
    let unconfirmed = agent.browser.call("/view/copied", json!({ "view": id, "answer": "number" })).await;
    assert_eq!(unconfirmed.json()["kind"], "confirm", "what is hidden is confirmed first");
}

#[tokio::test]
async fn a_visitor_is_told_whether_the_answers_may_be_read_after_the_chat() {
    for (history, said) in
        [(false, "and only while this chat is open."), (true, " may read what it keeps, for a reason")]
    {
        let house = House::of(Plan { history, ..Plan::default() }).await;
        let (agent, mut visitor) = (house.agent().await, house.visitor().await);
        let sent = house.invite(&agent, "cardholder-data", "web").await;
        let key = opened(&house, &mut visitor, &sent).await.key();
        assert_eq!(submitted(&mut visitor, &sent, &key).await.status, StatusCode::SEE_OTHER);
        let page = visitor.get(&format!("/form/{}/sent", sent.id)).await;
        assert!(page.body.contains(said), "{}", page.body);
    }
}

#[tokio::test]
async fn a_desk_that_the_operator_did_not_allow_it_has_nothing_of_the_past_read() {
    let house = House::new().await;
    let (sent, session) = (house.unsent(), house.fresh_session());
    let past = format!("/zone/v1/sites/fabrikam/invitations/{}/history", sent.id);
    let asked = json!({ "session": session, "reason": "fraud_check" });
    let taken = json!({ "session": session, "conversations": [sent.conversation] });
    for (path, body) in [(past.as_str(), asked), ("/zone/v1/sites/fabrikam/exports", taken)] {
        let refused = house.zone_as("other", "POST", path, Some(body)).await;
        assert_eq!((refused.status, &refused.body["code"]), (StatusCode::FORBIDDEN, &json!("history_off")), "{path}");
    }
}
