//! The seven steps, all the way round.

use http::StatusCode;
use serde_json::json;

use crate::browser::{Browser, Reply};
use crate::house::{CHAT, House, Sent};

pub(crate) const PAN: &str = "4111111111111111";
pub(crate) const CARD: [(&str, &str); 4] =
    [("q-name", "Ana O'Neil"), ("q-number", "4111 1111 1111 1111"), ("q-expiry", "04/29"), ("q-cvv", "737")];

/// The click in the chat, and the form it leads to.
pub(crate) async fn opened(house: &House, visitor: &mut Browser, sent: &Sent) -> Reply {
    let key = house.click(sent).await;
    let open = visitor.post_from(CHAT, "/open", &[("otk", &key)]).await;
    assert_eq!((open.status, open.location()), (StatusCode::SEE_OTHER, format!("/form/{}", sent.id).as_str()));
    let form = visitor.get(&format!("/form/{}", sent.id)).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    form
}

/// The card form filled in and sent.
pub(crate) async fn submitted(visitor: &mut Browser, sent: &Sent, key: &str) -> Reply {
    let mut fields = vec![("otk", key)];
    fields.extend(CARD);
    visitor.post(&format!("/form/{}", sent.id), &fields).await
}

#[tokio::test]
async fn a_card_goes_from_the_visitor_to_the_agent_who_asked() {
    let house = House::new().await;
    let mut agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite(&agent, "cardholder-data", "web").await;
    assert_eq!(house.status(&sent).await, "sent");

    let form = opened(&house, &mut visitor, &sent).await;
    assert_eq!(house.status(&sent).await, "viewed");
    assert!(form.body.contains("name=\"q-number\""));

    let done = submitted(&mut visitor, &sent, &form.key()).await;
    assert_eq!((done.status, done.header("connection")), (StatusCode::SEE_OTHER, "close"));
    let confirmation = visitor.get(done.location()).await;
    assert_eq!(confirmation.status, StatusCode::OK);
    assert!(!confirmation.body.contains("1111"));
    assert_eq!(house.status(&sent).await, "submitted");

    let grant = house.grant(&agent, &sent).await;
    assert_eq!(grant.status, StatusCode::OK, "{}", grant.body);
    let (submission, key) = (grant.body["submission"].as_str().unwrap(), grant.body["key"].as_str().unwrap());
    let view = agent.browser.post("/view", &[("submission", submission), ("otk", key)]).await;
    assert_eq!(view.status, StatusCode::OK, "{}", view.body);
    assert!(view.body.contains("Ana O&#39;Neil"), "{}", view.body);
    assert!(!view.body.contains(PAN) && !view.body.contains("4111 1111 1111 1111"));
    assert!(!view.body.contains("737"));
    assert_eq!(house.status(&sent).await, "read");

    let id = crate::view::view_id(&view);
    for (answer, clear) in [("number", PAN), ("cvv", "737")] {
        let revealed = agent.browser.call("/view/reveal", json!({ "view": id, "answer": answer })).await;
        assert_eq!(revealed.status, StatusCode::OK, "{}", revealed.body);
        assert_eq!(revealed.json()["text"], clear);
        assert!(revealed.json()["seconds"].as_u64().unwrap() > 0);
    }
    let acts: Vec<String> = house.audit().await.into_iter().map(|(act, _)| act).collect();
    for act in ["invited", "opened", "submitted", "granted", "viewed", "revealed"] {
        assert!(acts.iter().any(|audited| audited == act), "{act} is not audited: {acts:?}");
    }
    assert_eq!(acts.iter().filter(|act| *act == "revealed").count(), 2);
}

#[tokio::test]
async fn a_link_goes_round_without_javascript_and_without_cookies() {
    let house = House::new().await;
    let agent = house.agent().await;
    let mut visitor = house.browser();
    let sent = house.invite(&agent, "secure-note", "link").await;
    let link = format!("/o/{}", sent.link_key.as_deref().unwrap());
    for _ in 0..3 {
        let landing = visitor.get(&format!("{link}.")).await;
        assert_eq!((landing.status, landing.header("referrer-policy")), (StatusCode::OK, "strict-origin"));
        assert!(landing.header("content-security-policy").ends_with("frame-ancestors 'none'"));
    }
    assert_eq!(house.status(&sent).await, "sent");
    // A browser that keeps nothing: the page itself comes back, and its key is the only binding.
    visitor.cookies.clear();
    let form = visitor.post("/open", &[("otk", sent.link_key.as_deref().unwrap())]).await;
    assert_eq!(form.status, StatusCode::OK, "{}", form.body);
    let path = format!("/form/{}", sent.id);
    let done = visitor.post(&path, &[("otk", &form.key()), ("q-note", "<b>everything</b> & more")]).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.body);
    assert!(!done.body.contains("everything"));
    assert_eq!(house.status(&sent).await, "submitted");
    let again = visitor.post(&path, &[("otk", &form.key()), ("q-note", "again")]).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(house.audit().await.iter().filter(|(act, _)| act == "submitted").count(), 1);
}

#[tokio::test]
async fn what_the_visitor_typed_stands_in_no_file_of_the_vault_in_the_clear() {
    let house = House::new().await;
    let agent = house.agent().await;
    let mut visitor = house.visitor().await;
    let sent = house.invite(&agent, "cardholder-data", "web").await;
    let form = opened(&house, &mut visitor, &sent).await;
    assert_eq!(submitted(&mut visitor, &sent, &form.key()).await.status, StatusCode::SEE_OTHER);
    let mut files = vec![house.path().to_path_buf()];
    let mut looked = 0;
    while let Some(path) = files.pop() {
        if path.is_dir() {
            files.extend(std::fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            continue;
        }
        let bytes = std::fs::read(&path).unwrap();
        looked += bytes.len();
        for planted in [PAN, "4111 1111 1111 1111", "O'Neil", form.key().as_str()] {
            let found = bytes.windows(planted.len()).any(|window| window == planted.as_bytes());
            assert!(!found, "{planted} stands in {}", path.display());
        }
    }
    assert!(looked > 10_000);
}
