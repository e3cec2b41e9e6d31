//! Finding, exporting and erasing what is kept of a visitor (V8).

use aside_base::{Clock as _, OneTimeKey};
use aside_desk_domain::{Actor, ApiKey, By, Errand, Permission, Role, Scope};
use aside_desk_store::{ApiKeys as _, AuditLog as _, Errands as _};
use axum::body::Body;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, HOST, ORIGIN};
use http::{Method, Request, StatusCode};
use serde_json::{Value, json};

use crate::actor::{Anonymous, Reply};
use crate::house::{DESK, House, northwind};
use crate::transfer::may;

async fn api_key(house: &House, scopes: &[Scope]) -> String {
    let ada = house.ready("ada").await;
    let (now, id) = (house.clock.now(), house.account("ada").await.id);
    let secret = OneTimeKey::generate(&*house.rng as &dyn aside_base::Rng);
    let key = ApiKey {
        id: aside_base::ApiKeyId::generate(now, &*house.rng),
        site: northwind(),
        name: "requests".into(),
        prefix: "0000".into(),
        scopes: scopes.to_vec(),
        created_by: id,
        created_at: now,
        expires_at: now.plus_seconds(86_400),
        last_used_at: None,
        revoked_at: None,
    };
    let text = format!("aside_{}_{}", key.id, secret.to_text());
    let by = By { who: Actor::Agent(id, ada.session), from: None, at: now };
    house.store.create_api_key(key, secret.hash(), by).await.unwrap();
    text
}

/// A program's call: a key and nothing of a browser, but for what `more` adds.
async fn program(house: &House, key: &str, method: Method, path: &str, body: Value, more: &[(&str, &str)]) -> Reply {
    let mut request = Request::builder().method(method).uri(path).header(HOST, DESK.trim_start_matches("http://"));
    request = request.header(AUTHORIZATION, format!("Bearer {key}")).header(CONTENT_TYPE, "application/json");
    for (name, value) in more {
        request = request.header(*name, *value);
    }
    Anonymous::at(house, DESK).send(request.body(Body::from(body.to_string())).unwrap()).await
}

#[tokio::test]
async fn what_was_said_is_exported_as_the_visitor_saw_it_and_holds_nothing_once_it_was_erased() {
    let house = House::new().await;
    let (ada, dana, visitor) = (house.ready("ada").await, house.ready("dana").await, house.visitor().await);
    let conversation = visitor.write("my own words").await;
    let invitation = house.invitation(&dana, conversation).await;
    let submission = house.submit(invitation).await;
    let found = ada.get(&format!("/api/privacy/visitors?text={conversation}")).await.json();
    assert_eq!((&found[0]["visitor"], &found[0]["state"]), (&json!(visitor.id), &json!("kept")));
    let reference = found[0]["reference"].as_str().unwrap().to_owned();
    let data = ada.get(&format!("/api/privacy/visitors/{}", visitor.id)).await.json();
    assert_eq!((&data["reference"], &data["found"][0]["forms"]), (&json!(reference), &json!(1)));

    let export = format!("/api/privacy/visitors/{}/export", visitor.id);
    let file = ada.get(&export).await;
    assert_eq!(file.headers["content-disposition"], "attachment; filename=\"visitor.json\"");
    assert_eq!(file.headers["cache-control"], "no-store");
    let json = file.json();
    assert_eq!((&json["format"], &json["visitor"]["reference"]), (&json!("aside-desk-export-1"), &json!(reference)));
    let entries = json["conversations"][0]["entries"].as_array().unwrap();
    assert_eq!(entries[0]["text"], "my own words");
    assert!(entries.iter().any(|entry| entry["kind"] == "invitation"));
    let dana_id = house.account("dana").await.id.to_string();
    for inside in [submission.to_string(), dana_id, dana.session.to_string()] {
        assert!(!file.text.contains(&inside), "{inside}");
    }
    let one = ada.get(&format!("/api/privacy/conversations/{conversation}/export")).await.json();
    assert_eq!(one["conversations"], json["conversations"]);

    let erase = format!("/api/privacy/visitors/{}/erase", visitor.id);
    for typed in ["", "yes", "7F3K-7F3K"] {
        let refused = ada.post(&erase, json!({"confirm": typed})).await;
        assert_eq!((refused.refusal().0, &refused.json()["field"]), (422, &json!("confirm")), "{typed}");
    }
    assert_eq!(ada.get(&export).await.text, file.text, "nothing was erased");
    let erased = ada.post(&erase, json!({"confirm": reference.to_lowercase()})).await;
    assert_eq!((erased.status, &erased.json()["state"]), (StatusCode::ACCEPTED, &json!("erasing")));
    let empty = ada.get(&export).await.json();
    assert_eq!((&empty["visitor"]["state"], &empty["conversations"]), (&json!("erasing"), &json!([])));
    // The cookie opens nothing, the transcript is blank, and the vault is owed its part.
    assert_eq!(visitor.get("/api/conversation").await.refusal(), (401, "signed_out".into()));
    let page = dana.get(&format!("/api/conversations/{conversation}")).await;
    assert!(!page.text.contains("my own words"), "{page:?}");
    assert_eq!(
        (&page.json()["entries"][0]["erased"], &page.json()["conversation"]["erased"]),
        (&json!(true), &json!(true))
    );
    let owed = house.store.due_errands(house.clock.now(), 50).await.unwrap();
    let owes = |errand| owed.iter().any(|pending| pending.errand == errand);
    assert!(owes(Errand::CloseConversation(conversation)), "{owed:?}");
    // The log says who, when and what, by ids alone.
    let rows = house.store.audit_lines(0, 1_000).await.unwrap();
    let told: Vec<_> = rows.iter().filter(|row| matches!(row.action.as_str(), "export_data" | "erase_data")).collect();
    let acts: Vec<_> = told.iter().map(|row| (row.action.as_str(), row.target.0.as_str())).collect();
    let exported = ("export_data", "visitor");
    assert_eq!(acts, [exported, ("export_data", "conversation"), exported, ("erase_data", "visitor"), exported]);
    let log = ada.get("/api/audit?limit=200").await.text;
    assert!(log.contains(&visitor.id) && !log.contains("my own words") && !log.contains(&reference));
}

#[tokio::test]
async fn nobody_exports_or_erases_without_the_permission_and_nobody_of_another_site() {
    let house = House::new().await;
    let (rex, visitor) = (house.ready("rex").await, house.visitor().await);
    let conversation = visitor.write("mine").await;
    let reference = |id: &str| {
        let id = aside_base::VisitorId::from_uuid(id.parse().unwrap());
        aside_desk_domain::Reference::of_visitor(id).to_string()
    };
    let right = json!({"confirm": reference(&visitor.id)});
    let (of_visitor, of_conversation) =
        (format!("/api/privacy/visitors/{}", visitor.id), format!("/api/privacy/conversations/{conversation}"));
    for path in [&of_visitor, &of_conversation] {
        assert_eq!(rex.post(&format!("{path}/erase"), right.clone()).await.refusal(), (404, "not_valid".into()));
        assert_eq!(rex.get(&format!("{path}/export")).await.refusal(), (404, "not_valid".into()));
        assert_eq!(rex.get(path).await.refusal(), (404, "not_valid".into()));
    }
    assert_eq!(rex.get(&format!("/api/privacy/visitors?text={}", visitor.id)).await.json(), json!([]));
    let mara = may(&house, "mara", Role::Manager, &[Permission::HandleConversations, Permission::Export]).await;
    let refused = mara.post(&format!("{of_visitor}/erase"), right.clone()).await;
    assert_eq!((refused.refusal().0, &refused.json()["code"]), (403, &json!("erase_data")));
    // The vault's part is for those who may read stored answers: an export opens no door that is shut otherwise.
    let refused = mara.post(&format!("{of_visitor}/vault-export"), json!({})).await;
    assert_eq!((refused.refusal().0, &refused.json()["code"]), (403, &json!("view_history_answers")));
    let kim = may(&house, "kim", Role::Admin, &[Permission::ViewHistoryAnswers]).await;
    let refused = kim.post(&format!("{of_visitor}/vault-export"), json!({})).await;
    assert_eq!((refused.refusal().0, &refused.json()["code"]), (403, &json!("export")));
    assert_eq!(visitor.get("/api/conversation").await.json()["entries"][0]["text"], "mine");
}

#[tokio::test]
async fn the_vaults_part_is_asked_for_by_a_person_who_may_and_audited_before() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let nothing = house.visitor().await;
    visitor.write("hello").await;
    let mara = may(&house, "mara", Role::Manager, &[Permission::ViewHistoryAnswers, Permission::Export]).await;
    let path = |visitor: &str| format!("/api/privacy/visitors/{visitor}/vault-export");
    let down = mara.post(&path(&visitor.id), json!({"reference": "GDPR-12"})).await;
    assert_eq!(down.refusal(), (503, "vault_down".into()));
    for unfit in ["Alex Example", "4111111111111111", "4111-1111-1111-1111", "078-05-1120"] {
        let wrong = mara.post(&path(&visitor.id), json!({"reference": unfit})).await;
        assert_eq!((wrong.refusal().0, &wrong.json()["field"]), (422, &json!("reference")), "{unfit}");
    }
    let empty = mara.post(&path(&nothing.id), json!({})).await;
    assert_eq!((empty.refusal().0, &empty.json()["code"]), (409, &json!("nothing")));
    let rows = house.store.audit_lines(0, 1_000).await.unwrap();
    let told: Vec<_> =
        rows.iter().filter(|row| row.action == "export_answers").map(|row| row.outcome.as_str()).collect();
    assert_eq!(told, ["done", "refused"]);
}

#[tokio::test]
async fn a_program_finds_exports_and_erases_with_the_scope_and_only_as_a_program() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = visitor.write("by machine").await;
    let exports = api_key(&house, &[Scope::PrivacyExport]).await;
    let erases = api_key(&house, &[Scope::PrivacyErase]).await;
    let reads = api_key(&house, &[Scope::AuditRead]).await;
    let of_visitor = format!("/api/privacy/visitors/{}", visitor.id);
    let of_conversation = format!("/api/privacy/conversations/{conversation}");
    let (get, post) = (Method::GET, Method::POST);
    for key in [&exports, &erases] {
        let found = program(&house, key, get.clone(), &of_conversation, Value::Null, &[]).await;
        assert_eq!(found.json()["state"], "kept", "{found:?}");
    }
    assert_eq!(program(&house, &reads, get.clone(), &of_visitor, Value::Null, &[]).await.refusal().0, 403);
    let file = program(&house, &exports, get.clone(), &format!("{of_visitor}/export"), Value::Null, &[]).await;
    assert!(file.text.contains("by machine"), "{file:?}");
    let no_file = program(&house, &erases, get, &format!("{of_visitor}/export"), Value::Null, &[]).await;
    assert_eq!((no_file.refusal().0, &no_file.json()["code"]), (403, &json!("privacy_export")));

    let reference = file.json()["conversations"][0]["conversation"]["reference"].clone();
    let (erase, typed) = (format!("{of_conversation}/erase"), json!({"confirm": reference}));
    let no = program(&house, &exports, post.clone(), &erase, typed.clone(), &[]).await;
    assert_eq!((no.refusal().0, &no.json()["code"]), (403, &json!("privacy_erase")));
    // A page that got hold of a key makes no browser send it: with a page's origin or a cookie it is no program.
    let evil = [(ORIGIN.as_str(), "http://evil.example")];
    assert_eq!(program(&house, &erases, post.clone(), &erase, typed.clone(), &evil).await.refusal().0, 403);
    let ada = house.ready("ada").await;
    let cookie = [(COOKIE.as_str(), ada.cookie.as_str())];
    assert_eq!(program(&house, &erases, post.clone(), &erase, typed.clone(), &cookie).await.refusal().0, 403);
    // A wrong key with an admin's cookie is a wrong key.
    let same_page =
        [(ORIGIN.as_str(), DESK), ("sec-fetch-site", "same-origin"), (COOKIE.as_str(), ada.cookie.as_str())];
    assert_eq!(program(&house, "aside_x_y", post.clone(), &erase, typed.clone(), &same_page).await.refusal().0, 401);
    let erased = program(&house, &erases, post.clone(), &erase, typed, &[]).await;
    assert_eq!((erased.status, &erased.json()["state"]), (StatusCode::ACCEPTED, &json!("erasing")));
    let rows = house.store.audit_lines(0, 1_000).await.unwrap();
    let row = rows.iter().find(|row| row.action == "erase_data").unwrap();
    assert_eq!(row.actor.0, "api_key");
    // No program gets a key for the vault's part.
    let vault = program(&house, &exports, post, &format!("{of_visitor}/vault-export"), json!({}), &[]).await;
    assert_eq!(vault.refusal(), (401, "signed_out".into()));
}
