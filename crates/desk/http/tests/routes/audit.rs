//! The audit log in the panel (A8): search, export, the mirror of the vault's, alerts, access, and space for authenticated acts.

use std::collections::BTreeMap;

use aside_base::{Clock as _, Timestamp};
use aside_chain::{Body, ChainId, Content, ExportLine, Fault, Place, Verifier, Who};
use aside_desk_domain::{AlertKind, Finding};
use aside_desk_store::{Alerts as _, MirroredEntry, VaultMirror as _};
use http::StatusCode;
use serde_json::json;

use crate::actor::fresh;
use crate::house::{House, northwind};

fn vault_body(at: Timestamp, act: &str, session: &str, site: &str) -> String {
    let body = Body {
        at,
        site: Some(site.into()),
        who: Who { kind: "viewer".into(), id: None },
        session: Some(session.into()),
        from: None,
        act: act.into(),
        on: BTreeMap::from([("view".into(), "v-1".into())]),
        result: "done".into(),
        reason: None,
        count: None,
        detail: None,
    };
    body.to_text()
}

/// Entries that the vault would hand over, after `after`.
fn mirrored(after: Place, bodies: &[String]) -> Vec<MirroredEntry> {
    let mut place = after;
    let entry = |body: &String| {
        place = place.next(body);
        MirroredEntry { place, body: Some(body.clone()), body_hash: Content::Body(body).hash() }
    };
    bodies.iter().map(entry).collect()
}

#[tokio::test]
async fn both_zones_are_searched_newest_first_page_by_page_by_person_too() {
    let house = House::new().await;
    let (ada, dana) = (house.ada().await, house.dana().await);
    let session = dana.get("/api/session").await.json()["session"].as_str().unwrap().to_owned();
    let dana_id = dana.get("/api/session").await.json()["agent"]["id"].as_str().unwrap().to_owned();
    let chain = ChainId::from_bytes([7; 16]);
    let begin = Place::before_first(chain);
    house.store.begin_mirror(chain, begin).await.unwrap();
    let now = house.clock.now();
    let [submitted, viewed, revealed] =
        ["submitted", "viewed", "revealed"].map(|act| vault_body(now, act, &session, "northwind"));
    let bodies = [submitted.replace("viewer", "visitor"), viewed, revealed];
    house.store.add_mirrored(mirrored(begin, &bodies)).await.unwrap().unwrap();

    let by_dana = ada.get(&format!("/api/audit?who={dana_id}&zone=vault")).await.json();
    let acts: Vec<_> = by_dana["entries"].as_array().unwrap().iter().map(|entry| entry["act"].clone()).collect();
    assert_eq!(acts, [json!("revealed"), json!("viewed")]);
    assert_eq!(by_dana["entries"][0]["who"]["name"], "Dana");
    assert_eq!(by_dana["entries"][0]["previous"], by_dana["entries"][1]["hash"]);
    assert_eq!(by_dana["chains"]["vault"]["last"], 3);
    let submitted = ada.get("/api/audit?act=submitted").await.json();
    assert_eq!(
        submitted["entries"][0]["who"],
        json!({ "kind": "visitor", "id": null, "name": null }),
        "not Dana's doing"
    );
    let (mut seen, mut path) = (Vec::new(), "/api/audit?limit=3".to_owned());
    loop {
        let page = ada.get(&path).await.json();
        seen.extend(page["entries"].as_array().unwrap().clone());
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/api/audit?limit=3&before={next}");
    }
    let times: Vec<_> = seen.iter().map(|entry| entry["at"].as_i64().unwrap()).collect();
    assert!(times.is_sorted_by(|one, next| one >= next) && seen.len() > 6, "{}", seen.len());
    let mut each: Vec<_> = seen.iter().map(|entry| (entry["zone"].to_string(), entry["sequence"].as_i64())).collect();
    each.sort();
    each.dedup();
    assert_eq!(each.len(), seen.len(), "nothing twice");
    assert!(seen.iter().all(|entry| entry["act"] != "create_site" || entry["on"]["site"] == ""), "{seen:?}");
    let logins = ada.get("/api/audit?act=login&result=done&text=dana").await.json();
    assert_eq!(logins["entries"].as_array().unwrap().len(), 1);
    for bad in ["before=x", "limit=0", "limit=201", "from=x", "format=csv", "nothing=1"] {
        assert_eq!(ada.get(&format!("/api/audit?{bad}")).await.refusal().0, 422, "{bad}");
    }

    let access = ada.get(&format!("/api/audit/access?from=0&to={}", 180 * 86_400_000_i64)).await;
    assert_eq!(access.json(), json!([]), "long before");
    let span = format!("from={}&to={}", now.0 - 1_000, now.0 + 60_000);
    let access = ada.get(&format!("/api/audit/access?{span}")).await.json();
    let row = access.as_array().unwrap().iter().find(|row| row["person"]["id"] == dana_id.as_str()).unwrap();
    assert_eq!((&row["did"]["views"], &row["did"]["reveals"]), (&json!(1), &json!(1)));
    assert!(!row["could"].as_array().unwrap().is_empty());
    let long = ada.get(&format!("/api/audit/access?from=0&to={}", 180 * 86_400_000_i64 + 1)).await;
    assert_eq!(long.refusal().0, 422);
}

#[tokio::test]
async fn an_export_proves_itself_hides_other_sites_and_is_an_entry_itself() {
    let house = House::new().await;
    let (ada, _kim) = (house.ada().await, house.kim().await);
    let file = ada.get("/api/audit/export?format=jsonl").await;
    assert_eq!(file.status, StatusCode::OK);
    let (mut verifier, mut bodies, mut withheld) = (None, Vec::new(), 0);
    for line in file.text.lines() {
        match ExportLine::parse(line).unwrap() {
            ExportLine::Beginning(beginning) => verifier = Some(Verifier::after(beginning.chain, beginning.after)),
            ExportLine::Entry("desk", entry) => {
                verifier.as_mut().unwrap().entry(&entry).unwrap();
                match entry.content {
                    Content::Body(body) => bodies.push(body.to_owned()),
                    Content::Withheld(_) => withheld += 1,
                }
            }
            other => panic!("{other:?}"),
        }
    }
    assert!(withheld > 0, "another site's entries are there as hashes");
    assert!(bodies.iter().all(|body| body.contains(r#""site":"northwind""#)));
    assert!(bodies.last().unwrap().contains("export_audit"), "the export itself is the last entry");
    assert!(verifier.unwrap().finish().is_ok());

    let csv = ada.get("/api/audit/export?format=csv&act=login").await.text;
    assert!(csv.starts_with("zone,sequence,time,") && csv.lines().count() >= 2, "{csv}");
    assert_eq!(ada.get("/api/audit/export").await.refusal().0, 422);
    assert_eq!(ada.get("/api/audit/export?format=xml").await.refusal().0, 422);
}

#[tokio::test]
async fn a_mirror_takes_nothing_that_does_not_follow() {
    let house = House::new().await;
    let chain = ChainId::from_bytes([7; 16]);
    let begin = Place::before_first(chain);
    house.store.begin_mirror(chain, begin).await.unwrap();
    let bodies: Vec<_> = (0..4).map(|n| vault_body(Timestamp(n), "viewed", "s", "northwind")).collect();
    let entries = mirrored(begin, &bodies);
    let last = house.store.add_mirrored(entries[..2].to_vec()).await.unwrap().unwrap();
    assert_eq!(last, entries[1].place);
    let skipped = house.store.add_mirrored(entries[3..].to_vec()).await.unwrap();
    assert_eq!(skipped, Err(Fault::Missing { after: 2, found: 4 }));
    let mut changed = entries[2..].to_vec();
    changed[0].body = Some(bodies[0].clone());
    assert_eq!(house.store.add_mirrored(changed).await.unwrap(), Err(Fault::Changed { sequence: 3 }));
    house.store.add_mirrored(entries[2..].to_vec()).await.unwrap().unwrap();
    assert_eq!(house.store.prove_mirror_from(begin, 100).await.unwrap(), Ok(entries[3].place));
    assert_eq!(house.store.take_mirrored_away(Timestamp(2), 100).await.unwrap(), 2);
    assert_eq!(house.store.mirror().await.unwrap().unwrap().after, entries[1].place);
}

#[tokio::test]
async fn an_alert_is_raised_once_and_looked_at_by_a_person() {
    let house = House::new().await;
    let ada = house.ada().await;
    let now = house.clock.now();
    let finding = Finding {
        kind: AlertKind::ManyReveals,
        at: now,
        agent: Some(house.account("dana").await.id),
        key: "many_reveals dana 1".into(),
        count: Some(30),
        detail: None,
    };
    assert_eq!(house.store.raise(Some(northwind()), vec![finding.clone()], now).await.unwrap(), 1);
    assert_eq!(house.store.raise(Some(northwind()), vec![finding], now).await.unwrap(), 0);
    let alerts = ada.get("/api/alerts").await.json();
    assert_eq!((&alerts[0]["kind"], &alerts[0]["count"]), (&json!("many_reveals"), &json!(30)));
    assert_eq!(alerts[0]["person"]["name"], "Dana");
    let path = format!("/api/alerts/{}/acknowledge", alerts[0]["id"]);
    assert_eq!(ada.post(&path, json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(ada.post(&path, json!({})).await.status, StatusCode::NO_CONTENT);
    assert!(ada.get("/api/alerts").await.json()[0]["acknowledged_by"].is_string());
    assert_eq!(ada.post("/api/alerts/999/acknowledge", json!({})).await.refusal().0, 404);
    let noted = ada.get("/api/audit?act=acknowledge_alert").await.json();
    assert_eq!(noted["entries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn with_little_space_strangers_are_refused_and_people_work_on() {
    let house = House::new().await;
    let (ada, dana, visitor) = (house.ada().await, house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    house.desk.set_low_on_space(true);
    let message = json!({"id": fresh(), "text": "more"});
    assert_eq!(visitor.post("/api/messages", message.clone()).await.refusal(), (503, "low_space".into()));
    assert_eq!(visitor.get("/api/conversation").await.status, StatusCode::OK, "reading fills no disk");
    let reply = json!({"id": fresh(), "text": "Hello, this is Dana"});
    let written = dana.post(&format!("/api/conversations/{conversation}/messages"), reply).await;
    assert_eq!(written.status, StatusCode::OK, "{written:?}");
    assert_eq!(ada.get("/api/security").await.json()["low_space"], true);
    house.desk.set_low_on_space(false);
    assert_eq!(visitor.post("/api/messages", message).await.status, StatusCode::OK);
}
