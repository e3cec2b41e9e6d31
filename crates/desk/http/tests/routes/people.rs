//! People and profiles: what changes holds at once, on open sessions too (A1).

use aside_base::Clock as _;
use aside_desk_domain::Errand;
use aside_desk_store::Errands as _;
use aside_wire::AgentRights;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::actor::Agent;
use crate::house::House;

async fn profile_of_role(ada: &Agent, role: &str) -> Value {
    let profiles = ada.get("/api/profiles").await.json();
    let found = profiles.as_array().unwrap().iter().find(|one| one["role"] == role && one["built_in"] == true);
    found.unwrap().clone()
}

async fn id(house: &House, name: &str) -> String {
    house.account(name).await.id.to_string()
}

#[tokio::test]
async fn a_profile_without_secure_forms_takes_them_away_at_once_here_and_at_the_vault() {
    let house = House::new().await;
    let (ada, dana) = (house.ada().await, house.dana().await);
    assert_eq!(dana.get("/api/forms").await.status, StatusCode::OK);
    let chat = json!({"role": "agent", "name": "Chat only", "permissions": ["handle_conversations"]});
    let made = ada.done("/api/profiles", chat).await;
    assert_eq!((&made["built_in"], made["ceiling"].as_array().unwrap().len()), (&json!(false), 4));
    let dana_id = id(&house, "dana").await;
    ada.done(&format!("/api/people/{dana_id}/profile"), json!({"profile": made["id"]})).await;
    let reply = dana.get("/api/forms").await;
    assert_eq!((reply.refusal(), &reply.json()["code"]), ((403, "not_allowed".into()), &json!("use_secure_forms")));
    assert_eq!(dana.get("/api/session").await.json()["permissions"], json!(["handle_conversations"]));
    let none = AgentRights::default();
    let due = house.store.due_errands(house.clock.now(), 50).await.unwrap();
    let told = due.iter().any(|pending| pending.errand == Errand::SetRights(dana_id.parse().unwrap(), none));
    assert!(told, "{due:?}");

    // And a change of the profile is one of all who have it.
    let path = format!("/api/profiles/{}", made["id"].as_str().unwrap());
    let more = json!({"name": "Chat and forms", "permissions": ["handle_conversations", "use_secure_forms"]});
    let changed = ada.put(&path, more).await;
    assert_eq!((changed.status, &changed.json()["people"]), (StatusCode::OK, &json!(1)), "{changed:?}");
    assert_eq!(dana.get("/api/forms").await.status, StatusCode::OK);
    let used = ada.browser.call(Method::DELETE, &path, json!({})).await;
    assert_eq!((used.refusal().0, &used.json()["code"]), (409, &json!("in_use")));
    let agent = profile_of_role(&ada, "agent").await["id"].clone();
    ada.done(&format!("/api/people/{dana_id}/profile"), json!({"profile": agent})).await;
    assert_eq!(ada.browser.call(Method::DELETE, &path, json!({})).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn a_profile_stays_inside_its_role_and_the_built_in_ones_as_they_are() {
    let house = House::new().await;
    let ada = house.ada().await;
    let beyond = json!({"role": "agent", "name": "Boss", "permissions": ["manage_people"]});
    let reply = ada.post("/api/profiles", beyond).await;
    assert_eq!((reply.refusal(), &reply.json()["field"]), ((422, "invalid".into()), &json!("permissions")));
    let posing = json!({"role": "agent", "name": "admin", "permissions": []});
    assert_eq!(ada.post("/api/profiles", posing).await.json()["field"], "name");
    let unknown = json!({"role": "agent", "name": "Odd", "permissions": ["root"]});
    assert_eq!(ada.post("/api/profiles", unknown).await.refusal().0, 422);
    let path = format!("/api/profiles/{}", profile_of_role(&ada, "agent").await["id"].as_str().unwrap());
    let reply = ada.put(&path, json!({"name": "Other", "permissions": []})).await;
    assert_eq!((reply.refusal().0, &reply.json()["code"]), (409, &json!("built_in")));
    assert_eq!(ada.browser.call(Method::DELETE, &path, json!({})).await.json()["code"], "built_in");
}

#[tokio::test]
async fn nobody_changes_their_own_account_and_somebody_always_manages_people() {
    let house = House::new().await;
    let ada = house.ada().await;
    let own = id(&house, "ada").await;
    let agent = profile_of_role(&ada, "agent").await["id"].clone();
    for (verb, body) in [("deactivate", json!({})), ("profile", json!({"profile": agent}))] {
        let reply = ada.post(&format!("/api/people/{own}/{verb}"), body).await;
        assert_eq!((reply.refusal().0, &reply.json()["code"]), (409, &json!("own")), "{verb}");
    }
    assert_eq!(ada.get("/api/people").await.status, StatusCode::OK);
}

#[tokio::test]
async fn whoever_is_turned_off_is_out_at_once_and_comes_back_by_a_link_only() {
    let house = House::new().await;
    let (ada, dana) = (house.ada().await, house.dana().await);
    let path = format!("/api/people/{}", id(&house, "dana").await);
    ada.done(&format!("{path}/deactivate"), json!({})).await;
    assert_eq!(dana.get("/api/session").await.refusal(), (401, "signed_out".into()));
    let due = house.store.due_errands(house.clock.now(), 50).await.unwrap();
    assert!(due.iter().any(|pending| pending.errand == Errand::EndSession(dana.session)), "{due:?}");
    ada.done(&format!("{path}/activate"), json!({})).await;
    assert_eq!(ada.get(&path).await.json()["person"]["state"], "invited");
    let login = json!({"site": "northwind", "name": "dana", "password": crate::house::PASSWORD});
    assert_eq!(dana.post("/api/login", login).await.refusal().1, "login_failed");
}

#[tokio::test]
async fn an_admin_sees_and_ends_the_sessions_of_a_person() {
    let house = House::new().await;
    let (ada, one, two) = (house.ada().await, house.dana().await, house.dana().await);
    let path = format!("/api/people/{}", id(&house, "dana").await);
    let page = ada.get(&path).await.json();
    assert_eq!((page["sessions"].as_array().unwrap().len(), &page["person"]["sessions"]), (2, &json!(2)));
    assert_eq!(page["permissions"], json!(["handle_conversations", "use_secure_forms", "reveal_card_numbers"]));
    let kim = house.kim().await;
    let astray = format!("{path}/sessions/{}/end", kim.session);
    assert_eq!(ada.post(&astray, json!({})).await.refusal().0, 404, "a session of somebody else");
    ada.done(&format!("{path}/sessions/{}/end", one.session), json!({})).await;
    assert_eq!(one.get("/api/session").await.refusal().0, 401);
    assert_eq!(two.get("/api/session").await.status, StatusCode::OK);
    ada.done(&format!("{path}/sessions/end"), json!({})).await;
    assert_eq!(two.get("/api/session").await.refusal().0, 401);
    ada.done(&format!("{path}/rename"), json!({"display_name": "Dana K."})).await;
    assert_eq!(ada.get(&path).await.json()["person"]["display_name"], "Dana K.");
}

#[tokio::test]
async fn a_name_that_is_taken_or_is_none_is_refused() {
    let house = House::new().await;
    let ada = house.ada().await;
    let profile = profile_of_role(&ada, "agent").await["id"].clone();
    for (name, display_name, profile, field) in [
        ("dana", "Dana", profile.clone(), "name"),
        ("da na", "Dana", profile.clone(), "name"),
        ("lee", " ", profile.clone(), "display_name"),
        ("lee", "Lee", json!(uuid::Uuid::from_u128(77)), "profile"),
    ] {
        let new = json!({"name": name, "display_name": display_name, "profile": profile});
        let reply = ada.post("/api/people", new).await;
        assert_eq!((reply.refusal(), &reply.json()["field"]), ((422, "invalid".into()), &json!(field)), "{name}");
    }
}
