//! Handing conversations on, and looking back at those that are over.

use aside_base::Clock as _;
use aside_desk_domain::{By, Errand, Permission, Profile, Role};
use aside_desk_store::{AuditLog as _, Errands as _, People as _};
use aside_wire::CancelReason;
use http::StatusCode;
use serde_json::{Value, json};

use crate::actor::Agent;
use crate::house::{House, northwind};

/// Gives somebody of northwind a profile with these permissions, at once.
pub(crate) async fn may(house: &House, name: &str, role: Role, permissions: &[Permission]) -> Agent {
    let profile = Profile {
        id: aside_base::ProfileId::generate(house.clock.now(), &*house.rng),
        site: northwind(),
        role,
        name: format!("only {name}").parse().unwrap(),
        permissions: permissions.iter().copied().collect(),
    };
    let by = By::operator(house.clock.now());
    house.store.create_profile(profile.clone(), by).await.unwrap();
    house.store.set_profile(&northwind(), house.account(name).await.id, profile.id, by).await.unwrap();
    house.ready(name).await
}

async fn id_of(agent: &Agent) -> Value {
    agent.get("/api/session").await.json()["agent"]["id"].clone()
}

fn card(page: &Value) -> Value {
    let entries = page["entries"].as_array().unwrap();
    entries.iter().find(|entry| entry["kind"] == "invitation").unwrap()["invitation"].clone()
}

#[tokio::test]
async fn a_transferred_conversation_takes_the_right_along_and_both_sides_hear_of_it() {
    let house = House::new().await;
    let (dana, kim, visitor) = (house.ready("dana").await, house.ready("kim").await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    let invitation = house.invitation(&dana, conversation).await;
    house.submit(invitation).await;
    let people = dana.get("/api/agents").await.json();
    let names: Vec<_> = people.as_array().unwrap().iter().map(|one| (&one["display_name"], &one["here"])).collect();
    let (yes, no) = (json!(true), json!(false));
    assert_eq!(names, [(&json!("Dana"), &yes), (&json!("Kim"), &yes), (&json!("Mara"), &no)]);

    let path = format!("/api/conversations/{conversation}/transfer");
    let kim_id = id_of(&kim).await;
    assert_eq!(dana.post(&path, json!({"agent": kim_id})).await.status, StatusCode::NO_CONTENT);
    let again = dana.post(&path, json!({"agent": kim_id})).await;
    assert_eq!((again.refusal(), &again.json()["code"]), ((409, "wrong_state".into()), &json!("same_owner")));
    let page = dana.get(&format!("/api/conversations/{conversation}")).await.json();
    assert_eq!(page["conversation"]["owner"]["display_name"], "Kim");
    let last = page["entries"].as_array().unwrap().last().unwrap().clone();
    let dana_named = json!({"display_name": "Dana"});
    assert_eq!(
        (&last["kind"], &last["from"], &last["to"]),
        (&json!("transferred"), &dana_named, &json!({"display_name": "Kim"}))
    );
    let seen = visitor.get("/api/conversation").await.json();
    assert_eq!(seen["entries"].as_array().unwrap().last().unwrap()["kind"], "transferred");
    assert_eq!(card(&seen).get("lost"), None);

    // Neither the former owner nor the new one may look, or command anything of it.
    assert_eq!((&card(&page)["mine"], &card(&page)["lost"]), (&json!(false), &json!("transferred")));
    let view = format!("/api/invitations/{invitation}/view");
    let refused = dana.post(&view, json!({})).await;
    assert_eq!((refused.refusal(), &refused.json()["code"]), ((403, "no_right".into()), &json!("lost")));
    for command in ["cancel", "reissue"] {
        let refused = dana.post(&format!("/api/invitations/{invitation}/{command}"), json!({})).await;
        assert_eq!((refused.refusal().0, &refused.json()["code"]), (403, &json!("lost")), "{command}");
    }
    assert_eq!(kim.post(&view, json!({})).await.json()["code"], "other_agent");
    let opened = visitor.post(&format!("/api/invitations/{invitation}/open"), json!({})).await;
    assert_eq!((opened.refusal().0, &opened.json()["code"]), (409, &json!("transferred")));
    let owed = house.store.due_errands(house.clock.now(), 50).await.unwrap();
    let revoke = Errand::RevokeInvitation(invitation, CancelReason::Transferred);
    assert!(owed.iter().any(|pending| pending.errand == revoke), "{owed:?}");
}

#[tokio::test]
async fn a_conversation_goes_to_nobody_of_another_site_and_to_nobody_who_does_not_answer() {
    let house = House::new().await;
    let (dana, sol, visitor) = (house.ready("dana").await, house.ready("sol").await, house.visitor().await);
    let path = format!("/api/conversations/{}/transfer", visitor.write("hello").await);
    for name in ["sol", "ada"] {
        let reply = dana.post(&path, json!({"agent": house.account(name).await.id})).await;
        assert_eq!((reply.refusal().0, &reply.json()["field"]), (422, &json!("agent")), "{name}");
    }
    let own = json!({"agent": house.account("sol").await.id});
    assert_eq!(sol.post(&path, own).await.refusal(), (404, "not_valid".into()));
    assert_eq!(dana.post(&path, json!({"agent": "Kim"})).await.refusal().0, 422);
}

#[tokio::test]
async fn whoever_may_only_look_back_reads_what_is_over_and_nothing_that_goes_on() {
    let house = House::new().await;
    let (dana, visitor, other) = (house.ready("dana").await, house.visitor().await, house.visitor().await);
    let (over, open) = (visitor.write("it is over").await, other.write("it goes on").await);
    let invitation = house.invitation(&dana, over).await;
    house.submit(invitation).await;
    dana.done(&format!("/api/conversations/{over}/close"), json!({})).await;
    let mara = may(&house, "mara", Role::Manager, &[Permission::ViewHistoryAnswers]).await;
    let page = mara.get("/api/history").await.json();
    let found = page["conversations"].as_array().unwrap();
    assert_eq!((found.len(), &found[0]["id"], &page["next"]), (1, &json!(over), &Value::Null));
    assert_eq!((&found[0]["last_text"], &found[0]["forms"][0]["status"]), (&json!("it is over"), &json!("submitted")));
    for text in [found[0]["reference"].as_str().unwrap(), found[0]["visitor_reference"].as_str().unwrap(), "7f3k"] {
        let named = mara.get(&format!("/api/history?text={text}")).await.json();
        assert_eq!(named["conversations"][0]["id"], json!(over), "{text}");
    }
    assert_eq!(mara.get(&format!("/api/conversations/{over}")).await.status, StatusCode::OK);
    let refused = mara.get(&format!("/api/conversations/{open}")).await;
    assert_eq!((refused.refusal().0, &refused.json()["code"]), (403, &json!("handle_conversations")));
    assert_eq!(mara.get("/api/conversations").await.refusal().0, 403);
    for wrong in ["before=now", "limit=0", "limit=101", "from=today", &format!("text={}", "x".repeat(101))] {
        assert_eq!(mara.get(&format!("/api/history?{wrong}")).await.refusal().0, 422, "{wrong}");
    }
    // Agents see no list of the past.
    assert_eq!(dana.get("/api/history").await.refusal(), (403, "not_allowed".into()));
}

#[tokio::test]
async fn a_look_back_needs_a_close_an_answer_and_a_reason_and_every_try_is_audited() {
    let house = House::new().await;
    let (dana, visitor) = (house.ready("dana").await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    let (answered, unanswered) =
        (house.invitation(&dana, conversation).await, house.invitation(&dana, conversation).await);
    house.submit(answered).await;
    let mara = may(&house, "mara", Role::Manager, &[Permission::ViewHistoryAnswers]).await;
    let ask = async |invitation, body: Value| {
        let path = format!("/api/conversations/{conversation}/invitations/{invitation}/history");
        let reply = mara.post(&path, body).await;
        (reply.refusal().0, reply.json()["code"].as_str().or(reply.json()["field"].as_str()).map(str::to_owned))
    };
    let dispute = || json!({"reason": "dispute", "reference": "CASE-7"});
    let code = |text: &str| Some(text.to_owned());
    assert_eq!(ask(answered, dispute()).await, (409, code("open")), "edge case 31: not while it goes on");
    dana.done(&format!("/api/conversations/{conversation}/close"), json!({})).await;
    assert_eq!(ask(unanswered, dispute()).await, (409, code("not_submitted")));
    assert_eq!(ask(answered, json!({"reason": "curiosity"})).await, (422, code("reason")));
    assert_eq!(ask(answered, json!({})).await.0, 422);
    for unfit in ["Alex Example", "4111111111111111", "4111-1111-1111-1111", "078-05-1120"] {
        let told = json!({"reason": "dispute", "reference": unfit});
        assert_eq!(ask(answered, told).await, (422, code("reference")), "{unfit}");
    }
    // The vault is down: said so, after the row with the reason stood.
    assert_eq!(ask(answered, dispute()).await.0, 503);
    let rows = house.store.audit_lines(0, 1_000).await.unwrap();
    let told: Vec<_> = rows
        .iter()
        .filter(|row| row.action == "view_history")
        .map(|row| (row.outcome.as_str(), row.reason.as_deref().unwrap_or_default()))
        .collect();
    assert_eq!(
        told,
        [("refused", "open"), ("refused", "not_submitted"), ("done", "dispute"), ("refused", "vault_down")]
    );
    // An invitation of another conversation is not in this one, and dana has not the permission.
    let elsewhere = format!("/api/conversations/{}/invitations/{answered}/history", uuid::Uuid::from_u128(3));
    assert_eq!(mara.post(&elsewhere, dispute()).await.refusal().0, 404);
    let path = format!("/api/conversations/{conversation}/invitations/{answered}/history");
    let refused = dana.post(&path, dispute()).await;
    assert_eq!((refused.refusal().0, &refused.json()["code"]), (403, &json!("view_history_answers")));
}

#[tokio::test]
async fn how_long_answers_are_kept_is_an_admins_to_set_within_its_range() {
    let house = House::new().await;
    let ada = house.ready("ada").await;
    let view = ada.get("/api/keeping").await.json();
    assert_eq!((&view["keeping"]["days"], &view["reopen"]), (&json!(395), &json!("same_device")));
    assert_eq!((&view["ranges"]["days"], &view["report"]), (&json!({"min": 0, "max": 395}), &Value::Null));
    let change = json!({"keeping": {"days": 0}, "reopen": "once"});
    let changed = ada.put("/api/keeping", change).await.json();
    assert_eq!((&changed["keeping"]["days"], &changed["reopen"]), (&json!(0), &json!("once")));
    let owed = house.store.due_errands(house.clock.now(), 50).await.unwrap();
    assert!(owed.iter().any(|pending| pending.errand == Errand::PublishSite), "{owed:?}");
    for days in [json!(396), json!(-1), json!(70_000), json!("all")] {
        let reply = ada.put("/api/keeping", json!({"keeping": {"days": days}, "reopen": "once"})).await;
        assert_eq!(reply.refusal().0, 422, "{days}");
    }
    assert_eq!(ada.get("/api/keeping").await.json()["keeping"]["days"], 0);
    let rex = house.ready("rex").await;
    assert_eq!(rex.get("/api/keeping").await.json()["keeping"]["days"], 395, "another site's is its own");
}
