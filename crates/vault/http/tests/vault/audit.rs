//! The audit chain over the zone link, its checkpoints, and space for authenticated acts (A8).

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use aside_chain::{Checkpoint, Content, Entry, Notary, Place, Signed as _, Signer, Verifier};
use aside_vault_http::Outlook;
use aside_vault_store::AuditChain as _;
use http::StatusCode;

use crate::house::{CHAT, House, Plan};

#[tokio::test]
async fn a_desk_proves_the_whole_chain_and_reads_only_its_own_sites_entries() {
    let house = House::new().await;
    let agent = house.agent().await;
    house.invite(&agent, "secure-note", "web").await;
    let state = house.zone_as("desk", "GET", "/zone/v1/audit/state", None).await.body;
    let last = state["last_sequence"].as_i64().unwrap();
    for (desk, own) in [("desk", true), ("other", false)] {
        let (mut after, mut bodies) = (0, 0);
        let begin = Place { sequence: 0, hash: state["after_hash"].as_str().unwrap().parse().unwrap() };
        let mut verifier = Verifier::after(state["chain"].as_str().unwrap().parse().unwrap(), begin);
        while after < last {
            let page = house.zone_as(desk, "GET", &format!("/zone/v1/audit?after={after}&limit=3"), None).await.body;
            for entry in page["entries"].as_array().unwrap() {
                after = entry["sequence"].as_i64().unwrap();
                let place = Place { sequence: after, hash: entry["hash"].as_str().unwrap().parse().unwrap() };
                let content = match (entry["body"].as_str(), entry["withheld"].as_str()) {
                    (Some(body), None) => Content::Body(body),
                    (None, Some(hash)) => Content::Withheld(hash.parse().unwrap()),
                    both => panic!("{both:?}"),
                };
                bodies += usize::from(matches!(content, Content::Body(_)));
                verifier.entry(&Entry { place, content }).unwrap();
            }
        }
        assert_eq!(verifier.last().hash.to_string(), state["last_hash"].as_str().unwrap());
        assert_eq!(bodies > 0, own, "{desk}");
    }
    for bad in ["after=-1&limit=1", "after=0&limit=0", "after=0&limit=1001", "after=0", "after=0&limit=1&x=1"] {
        let refused = house.zone_as("desk", "GET", &format!("/zone/v1/audit?{bad}"), None).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
}

#[tokio::test]
async fn a_checkpoint_is_signed_kept_and_shipped_when_there_is_something_new() {
    let shipped = Arc::new(Mutex::new(Vec::<String>::new()));
    let (to, signer) = (Arc::clone(&shipped), Signer::from_seed(&[1; 32]).unwrap());
    let key = signer.public_key();
    let ship: aside_chain::Ship = Arc::new(move |line| {
        to.lock().unwrap().push(line.to_owned());
        Err("nobody listens".to_owned())
    });
    let notary = Some(Notary::new(signer, "vault", ship));
    let house = House::of(Plan { outlook: Outlook { notary, ..Outlook::default() }, ..Plan::default() }).await;
    house.vault.sign_checkpoint().await.unwrap();
    house.vault.sign_checkpoint().await.unwrap();
    let lines = shipped.lock().unwrap().clone();
    assert_eq!(lines.len(), 1, "nothing new, nothing signed");
    let checkpoint = Checkpoint::in_line(&lines[0]).unwrap();
    assert!(checkpoint.is_signed_by(&key));
    assert_eq!(checkpoint.place(), house.store.chain_head().await.unwrap());
    assert_eq!(house.store.last_checkpoint().await.unwrap(), Some(checkpoint), "kept though it was not shipped");
    house.agent().await;
    house.vault.sign_checkpoint().await.unwrap();
    assert_eq!(shipped.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn with_little_space_no_form_is_opened_and_agents_work_on() {
    let low = Arc::new(AtomicBool::new(false));
    let measured = Arc::clone(&low);
    let low_space: Option<Arc<dyn Fn() -> bool + Send + Sync>> =
        Some(Arc::new(move || measured.load(Ordering::SeqCst)));
    let house = House::of(Plan { outlook: Outlook { low_space, ..Outlook::default() }, ..Plan::default() }).await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite(&agent, "secure-note", "web").await;
    let key = house.click(&sent).await;
    low.store(true, Ordering::SeqCst);
    house.vault.measure_space().await;
    house.vault.measure_space().await;
    let refused = visitor.post_from(CHAT, "/open", &[("otk", &key)]).await;
    assert_eq!(refused.status, StatusCode::SERVICE_UNAVAILABLE);
    house.invite(&agent, "secure-note", "web").await;
    assert_eq!(house.zone_as("desk", "GET", "/zone/v1/audit/state", None).await.body["low_space"], true);
    low.store(false, Ordering::SeqCst);
    house.vault.measure_space().await;
    let opened = visitor.post_from(CHAT, "/open", &[("otk", &key)]).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "the key was not used up");
    let noted = house.audit().await.into_iter().filter(|(act, _)| act == "low_space").count();
    assert_eq!(noted, 2, "each change once");
}
