//! Writing, reading and closing.

use http::StatusCode;
use serde_json::json;

use crate::actor::fresh;
use crate::house::House;

#[tokio::test]
async fn the_first_message_starts_a_conversation_that_agents_see() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let before = visitor.get("/api/conversation").await.json();
    assert_eq!((&before["conversation"], &before["entries"]), (&json!(null), &json!([])));
    let conversation = visitor.write("I'd like to pay my invoice").await;
    let list = dana.get("/api/conversations").await.json();
    assert_eq!(list[0]["id"], conversation.to_string());
    assert_eq!((&list[0]["last_text"], &list[0]["unread"]), (&json!("I'd like to pay my invoice"), &json!(1)));
    assert_eq!(list[0]["status"], "open");
    assert_eq!(list.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn both_sides_write_and_read_and_the_visitor_learns_no_account() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    let path = format!("/api/conversations/{conversation}/messages");
    let answer = dana.post(&path, json!({"id": fresh(), "text": "Hi, how can I help?"})).await;
    assert_eq!(answer.json()["author"]["display_name"], "Dana");
    let seen = visitor.get("/api/conversation").await.json();
    let kinds: Vec<_> = seen["entries"].as_array().unwrap().iter().map(|entry| entry["kind"].clone()).collect();
    assert_eq!(kinds, ["message", "joined", "message"]);
    assert_eq!(seen["entries"][2]["from"], "agent");
    let account = dana.get("/api/session").await.json()["agent"]["id"].as_str().unwrap().to_owned();
    assert!(!seen.to_string().contains(&account));
    let page = dana.get(&format!("/api/conversations/{conversation}")).await.json();
    assert_eq!(page["conversation"]["owner"]["display_name"], "Dana");
    assert_eq!(page["more"], false);
}

#[tokio::test]
async fn the_same_message_sent_twice_stands_once() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let message = json!({"id": fresh(), "text": "hello"});
    let first = visitor.post("/api/messages", message.clone()).await.json();
    let second = visitor.post("/api/messages", message).await.json();
    assert_eq!(first["sequence"], second["sequence"]);
    assert_eq!(visitor.get("/api/conversation").await.json()["entries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn anothers_message_id_is_refused_and_tells_nothing() {
    let house = House::new().await;
    let (alex, mina) = (house.visitor().await, house.visitor().await);
    let id = fresh();
    alex.post("/api/messages", json!({"id": id, "text": "my secret"})).await;
    let reply = mina.post("/api/messages", json!({"id": id, "text": "hello"})).await;
    assert_eq!(reply.refusal(), (422, "invalid".into()));
    assert!(!reply.text.contains("secret"));
}

#[tokio::test]
async fn a_message_is_1_to_4000_characters() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    for text in ["", "   \n", "\u{200b}", &"é".repeat(4_001)] {
        let reply = visitor.post("/api/messages", json!({"id": fresh(), "text": text})).await;
        assert_eq!(reply.refusal(), (422, "invalid".into()));
        assert_eq!(reply.json()["field"], "text");
    }
    let reply = visitor.post("/api/messages", json!({"id": fresh(), "text": "e\u{301}".repeat(4_000)})).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn bad_bodies_get_413_415_400_and_422_with_the_field() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let big = visitor.post("/api/messages", json!({"id": fresh(), "text": "x".repeat(70_000)})).await;
    assert_eq!(big.refusal().0, 413);
    let unknown = visitor.post("/api/messages", json!({"id": fresh(), "text": "a", "html": true})).await;
    assert_eq!((unknown.refusal().0, &unknown.json()["field"]), (422, &json!("html")));
    let wrong = visitor.post("/api/messages", json!({"id": 7, "text": "a"})).await;
    assert_eq!((wrong.refusal().0, &wrong.json()["field"]), (422, &json!("id")));
}

#[tokio::test]
async fn an_agent_of_another_site_sees_nothing_of_a_conversation() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    let conversation = visitor.write("hello").await;
    let sol = crate::actor::Agent::sign_in(&house, "sol").await;
    assert_eq!(sol.get("/api/conversations").await.json(), json!([]));
    assert_eq!(sol.get(&format!("/api/conversations/{conversation}")).await.refusal().0, 404);
    for (verb, body) in [
        ("messages", json!({"id": fresh(), "text": "hi"})),
        ("close", json!({})),
        ("typing", json!({})),
        ("read", json!({"sequence": 1})),
    ] {
        let reply = sol.post(&format!("/api/conversations/{conversation}/{verb}"), body).await;
        assert_eq!(reply.refusal().0, 404, "{verb}");
    }
}

#[tokio::test]
async fn after_a_close_nobody_writes_there_and_the_visitor_starts_anew() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    let close = format!("/api/conversations/{conversation}/close");
    assert_eq!(dana.post(&close, json!({})).await.status, StatusCode::NO_CONTENT);
    assert_eq!(dana.post(&close, json!({})).await.status, StatusCode::NO_CONTENT, "closing twice is closing once");
    let path = format!("/api/conversations/{conversation}/messages");
    let late = dana.post(&path, json!({"id": fresh(), "text": "one more thing"})).await;
    assert_eq!(late.refusal(), (409, "wrong_state".into()));
    assert_ne!(visitor.write("hello again").await, conversation);
}

#[tokio::test]
async fn reading_clears_the_unread_count() {
    let house = House::new().await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    let page = dana.get(&format!("/api/conversations/{conversation}")).await.json();
    let sequence = page["entries"][0]["sequence"].clone();
    dana.post(&format!("/api/conversations/{conversation}/read"), json!({"sequence": sequence})).await;
    assert_eq!(dana.get("/api/conversations").await.json()[0]["unread"], 0);
}

#[tokio::test]
async fn a_visitor_of_one_site_is_a_stranger_on_another() {
    let house = House::new().await;
    let visitor = house.visitor().await;
    visitor.write("hello").await;
    let there = visitor.post("/api/visit", json!({"site": "southwind"})).await;
    assert_eq!(there.json()["conversation"], json!(null));
    assert!(there.cookie("__Host-aside-visitor").is_some(), "a cookie of its own");
    let back = visitor.post("/api/visit", json!({"site": "northwind"})).await;
    assert!(back.cookie("__Host-aside-visitor").is_none(), "known already");
    assert!(back.json()["conversation"].is_string());
    assert_eq!(visitor.post("/api/visit", json!({"site": "nobody"})).await.refusal().0, 404);
}

#[tokio::test]
async fn visitors_commands_of_one_network_are_limited() {
    let house = House::with_limits(1_000, 3).await;
    let visitor = house.visitor().await;
    visitor.write("one").await;
    visitor.write("two").await;
    let reply = visitor.post("/api/messages", json!({"id": fresh(), "text": "three"})).await;
    assert_eq!(reply.refusal(), (429, "busy".into()));
    assert_eq!(visitor.get("/api/conversation").await.status, StatusCode::OK, "reading is not limited");
}
