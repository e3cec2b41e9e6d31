//! The live feed over a real socket.

use std::time::Duration;

use aside_desk_http::Background;
use futures_util::{SinkExt as _, StreamExt as _};
use http::header::{COOKIE, HOST, ORIGIN};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::tungstenite::handshake::client::generate_key;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};

use crate::actor::fresh;
use crate::house::{CHAT, DESK, House};

/// Longer than any frame takes here, short enough to fail a test.
const PATIENCE: Duration = Duration::from_secs(10);

struct Feed(WebSocketStream<TcpStream>);

async fn serve(house: &House) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(aside_web::serve(listener, house.router.clone(), std::future::pending()));
    address
}

async fn dial(address: &str, host: &str, origin: &str, cookie: &str, after: &str) -> Result<Feed, Error> {
    let request = Request::get(format!("ws://{address}/api/feed{after}"))
        .header(HOST, host.trim_start_matches("http://"))
        .header(ORIGIN, origin)
        .header(COOKIE, cookie)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", generate_key())
        .body(())
        .unwrap();
    let stream = TcpStream::connect(address).await.unwrap();
    client_async(request, stream).await.map(|(socket, _)| Feed(socket))
}

impl Feed {
    /// The next frame, or nothing when the server closed.
    async fn next(&mut self) -> Option<Value> {
        loop {
            match tokio::time::timeout(PATIENCE, self.0.next()).await.expect("a frame in time") {
                Some(Ok(Message::Text(text))) => return Some(serde_json::from_str(&text).unwrap()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// The next frame of this type; others are passed over.
    async fn next_of(&mut self, kind: &str) -> Value {
        loop {
            let frame = self.next().await.expect("an open feed");
            if frame["type"] == kind {
                return frame;
            }
        }
    }
}

fn status(refused: Result<Feed, Error>) -> StatusCode {
    match refused {
        Err(Error::Http(response)) => response.status(),
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("let in"),
    }
}

#[tokio::test]
async fn both_sides_hear_each_other_live() {
    let house = House::new().await;
    let address = serve(&house).await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let mut agents = dial(&address, DESK, DESK, &dana.cookie, "").await.unwrap();
    let mut visitors = dial(&address, CHAT, CHAT, &visitor.cookie, "?after=0").await.unwrap();
    assert_eq!(agents.next().await.unwrap()["type"], "vault");
    assert_eq!(visitors.next().await.unwrap()["type"], "vault");

    let conversation = visitor.write("hello").await;
    assert_eq!(agents.next_of("entry").await["entry"]["text"], "hello");
    let summary = agents.next_of("conversation").await;
    assert_eq!(
        (&summary["conversation"]["id"], &summary["conversation"]["unread"]),
        (&json!(conversation.to_string()), &json!(1))
    );
    assert_eq!(visitors.next_of("entry").await["entry"]["text"], "hello");

    dana.post(&format!("/api/conversations/{conversation}/typing"), json!({})).await;
    let typing = visitors.next_of("typing").await;
    assert_eq!((&typing["from"], &typing["display_name"]), (&json!("agent"), &json!("Dana")));
    dana.post(&format!("/api/conversations/{conversation}/messages"), json!({"id": fresh(), "text": "hi"})).await;
    assert_eq!(visitors.next_of("entry").await["entry"]["kind"], "joined");
    assert_eq!(visitors.next_of("entry").await["entry"]["text"], "hi");
}

#[tokio::test]
async fn a_feed_that_comes_back_gets_what_it_missed_in_order_and_nothing_twice() {
    let house = House::new().await;
    let address = serve(&house).await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let mut agents = dial(&address, DESK, DESK, &dana.cookie, "").await.unwrap();
    agents.next_of("vault").await;
    visitor.write("0").await;
    let place = agents.next_of("entry").await["entry"]["sequence"].as_i64().unwrap();
    drop(agents);
    for number in 1..=250 {
        visitor.write(&number.to_string()).await;
    }
    let mut agents = dial(&address, DESK, DESK, &dana.cookie, &format!("?after={place}")).await.unwrap();
    for number in 1..=250 {
        assert_eq!(agents.next_of("entry").await["entry"]["text"], number.to_string());
    }
    visitor.write("live again").await;
    assert_eq!(agents.next_of("entry").await["entry"]["text"], "live again");
}

#[tokio::test]
async fn one_visitor_hears_nothing_of_another() {
    let house = House::new().await;
    let address = serve(&house).await;
    let (alex, mina) = (house.visitor().await, house.visitor().await);
    let mut feed = dial(&address, CHAT, CHAT, &alex.cookie, "?after=0").await.unwrap();
    feed.next_of("vault").await;
    mina.write("Mina's").await;
    alex.write("Alex's").await;
    assert_eq!(feed.next_of("entry").await["entry"]["text"], "Alex's");
    mina.write("Mina's again").await;
    alex.write("Alex's again").await;
    assert_eq!(feed.next_of("entry").await["entry"]["text"], "Alex's again");
}

#[tokio::test]
async fn a_logout_ends_the_sessions_feeds_and_no_other() {
    let house = House::new().await;
    let address = serve(&house).await;
    let (dana, kim, visitor) = (house.dana().await, house.kim().await, house.visitor().await);
    let mut danas = dial(&address, DESK, DESK, &dana.cookie, "").await.unwrap();
    let mut kims = dial(&address, DESK, DESK, &kim.cookie, "").await.unwrap();
    danas.next_of("vault").await;
    kims.next_of("vault").await;
    dana.post("/api/logout", json!({})).await;
    assert_eq!(danas.next_of("ended").await["reason"], "logout");
    assert_eq!(danas.next().await, None);
    visitor.write("anybody there?").await;
    assert_eq!(kims.next_of("entry").await["entry"]["text"], "anybody there?");
}

#[tokio::test]
async fn a_page_of_another_origin_cannot_listen_with_the_agents_cookie() {
    let house = House::new().await;
    let address = serve(&house).await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    for origin in [CHAT, "http://evil.example", "null", "http://desk.localhost"] {
        assert_eq!(status(dial(&address, DESK, origin, &dana.cookie, "").await), StatusCode::FORBIDDEN, "{origin}");
    }
    assert_eq!(
        status(dial(&address, CHAT, "http://northwind.localhost:8082", &visitor.cookie, "").await),
        StatusCode::FORBIDDEN
    );
    assert_eq!(status(dial(&address, DESK, DESK, "__Host-aside-desk=x", "").await), StatusCode::UNAUTHORIZED);
    assert_eq!(status(dial(&address, DESK, DESK, &dana.cookie, "?after=x").await), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(dana.get("/api/feed").await.refusal().0, 403, "without an origin");
}

#[tokio::test]
async fn a_ping_is_answered_and_nonsense_is_borne() {
    let house = House::new().await;
    let address = serve(&house).await;
    let dana = house.dana().await;
    let mut feed = dial(&address, DESK, DESK, &dana.cookie, "").await.unwrap();
    feed.0.send(Message::text("{\"type\":\"someday\"}")).await.unwrap();
    feed.0.send(Message::text("{\"type\":\"ping\"}")).await.unwrap();
    assert_eq!(feed.next_of("pong").await, json!({"type": "pong"}));
    feed.0.send(Message::text("x".repeat(5_000))).await.unwrap();
    assert_eq!(feed.next().await, None, "a giant frame ends the feed");
}

#[tokio::test]
async fn a_visitor_hears_whether_an_agent_is_there() {
    let house = House::new().await;
    let address = serve(&house).await;
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let mut feed = dial(&address, CHAT, CHAT, &visitor.cookie, "").await.unwrap();
    assert_eq!(feed.next_of("presence").await["online"], false);
    let first_tab = dial(&address, DESK, DESK, &dana.cookie, "").await.unwrap();
    assert_eq!(feed.next_of("presence").await["online"], true);
    let mut second_tab = dial(&address, DESK, DESK, &dana.cookie, "").await.unwrap();
    second_tab.next_of("vault").await;
    drop(first_tab);
    drop(second_tab);
    assert_eq!(feed.next_of("presence").await["online"], false);
}

#[tokio::test]
async fn a_session_that_is_too_old_is_told_so_by_the_desk_itself() {
    let house = House::new().await;
    let address = serve(&house).await;
    let dana = house.dana().await;
    let mut feed = dial(&address, DESK, DESK, &dana.cookie, "").await.unwrap();
    feed.next_of("vault").await;
    house.clock.advance_seconds(12 * 60 * 60);
    let background = Background::start(&house.desk);
    assert_eq!(feed.next_of("ended").await["reason"], "too_old");
    house.desk.stop();
    tokio::time::timeout(PATIENCE, background.finish()).await.expect("the tasks to end");
}

#[tokio::test]
async fn a_stopping_desk_closes_its_feeds_with_come_again() {
    let house = House::new().await;
    let address = serve(&house).await;
    let dana = house.dana().await;
    let mut feed = dial(&address, DESK, DESK, &dana.cookie, "").await.unwrap();
    feed.next_of("vault").await;
    house.desk.stop();
    let last = tokio::time::timeout(PATIENCE, feed.0.next()).await.unwrap();
    let Some(Ok(Message::Close(Some(close)))) = last else { panic!("{last:?}") };
    assert_eq!(u16::from(close.code), 1012);
}

#[tokio::test]
async fn a_lock_closes_the_sessions_feeds_and_lets_none_in_until_it_is_unlocked() {
    let house = House::new().await;
    let address = serve(&house).await;
    let (mut dana, visitor) = (house.dana().await, house.visitor().await);
    let mut feed = dial(&address, DESK, DESK, &dana.cookie, "").await.unwrap();
    feed.next_of("vault").await;
    dana.done("/api/session/lock", json!({})).await;
    visitor.write("anybody there?").await;
    assert_eq!(feed.next().await, Some(json!({"type": "locked"})));
    assert_eq!(feed.next().await, None);
    assert_eq!(status(dial(&address, DESK, DESK, &dana.cookie, "").await), StatusCode::LOCKED);
    let unlocked = dana.post("/api/session/unlock", json!({"password": crate::house::PASSWORD})).await;
    dana.follow(&unlocked);
    let mut feed = dial(&address, DESK, DESK, &dana.cookie, "?after=0").await.unwrap();
    assert_eq!(feed.next_of("entry").await["entry"]["text"], "anybody there?");
}

#[tokio::test]
async fn a_change_of_rights_reaches_the_open_feed_and_what_was_taken_away_is_not_heard() {
    let house = House::new().await;
    let address = serve(&house).await;
    let (ada, dana, visitor) = (house.ada().await, house.dana().await, house.visitor().await);
    let mut feed = dial(&address, DESK, DESK, &dana.cookie, "").await.unwrap();
    feed.next_of("vault").await;
    let none = json!({"role": "agent", "name": "Nothing", "permissions": []});
    let profile = ada.done("/api/profiles", none).await["id"].clone();
    let path = format!("/api/people/{}/profile", house.account("dana").await.id);
    ada.done(&path, json!({"profile": profile})).await;
    assert_eq!(feed.next().await, Some(json!({"type": "rights", "permissions": [], "forms_on": true})));
    visitor.write("not for everybody").await;
    ada.done("/api/session/input", json!({})).await;
    feed.0.send(Message::text("{\"type\":\"ping\"}")).await.unwrap();
    assert_eq!(feed.next().await, Some(json!({"type": "pong"})), "nothing of the conversation before it");

    let mut policy = ada.get("/api/security").await.json()["policy"].clone();
    policy["lockout"]["on"] = json!(false);
    ada.put("/api/security", json!({"policy": policy, "confirm": "Northwind"})).await;
    assert_eq!(feed.next_of("rights").await["forms_on"], false);
}

#[tokio::test]
async fn a_feed_outlives_a_new_token_of_its_session_and_not_the_sessions_end() {
    let house = House::new().await;
    let address = serve(&house).await;
    let (ada, mut dana) = (house.ada().await, house.dana().await);
    let mut feed = dial(&address, DESK, DESK, &dana.cookie, "").await.unwrap();
    feed.next_of("vault").await;
    let change = json!({"current": crate::house::PASSWORD, "new": "copper meadow 41 kites"});
    let changed = dana.post("/api/session/password", change).await;
    dana.follow(&changed);
    let path = format!("/api/people/{}", house.account("dana").await.id);
    let chat = json!({"role": "agent", "name": "Chat only", "permissions": ["handle_conversations"]});
    let profile = ada.done("/api/profiles", chat).await["id"].clone();
    ada.done(&format!("{path}/profile"), json!({"profile": profile})).await;
    assert_eq!(feed.next_of("rights").await["permissions"], json!(["handle_conversations"]));
    ada.done(&format!("{path}/deactivate"), json!({})).await;
    assert_eq!(feed.next_of("ended").await["reason"], "deactivated");
}

#[tokio::test]
async fn an_erased_visitors_feeds_close_at_once_and_none_opens_again() {
    let house = House::new().await;
    let address = serve(&house).await;
    let (ada, visitor, other) = (house.ready("ada").await, house.visitor().await, house.visitor().await);
    visitor.write("my own words").await;
    let mut feeds = Vec::new();
    for who in [&visitor, &visitor, &other] {
        let mut feed = dial(&address, CHAT, CHAT, &who.cookie, "").await.unwrap();
        feed.next_of("presence").await;
        feeds.push(feed);
    }
    let found = ada.get(&format!("/api/privacy/visitors/{}", visitor.id)).await.json();
    let typed = json!({"confirm": found["reference"]});
    let erased = ada.post(&format!("/api/privacy/visitors/{}/erase", visitor.id), typed).await;
    assert_eq!(erased.status, StatusCode::ACCEPTED, "{erased:?}");
    let mut others = feeds.pop().unwrap();
    for mut feed in feeds {
        assert_eq!(feed.next().await, Some(json!({"type": "ended", "reason": "erased"})), "nothing before it");
        assert_eq!(feed.next().await, None);
    }
    assert_eq!(status(dial(&address, CHAT, CHAT, &visitor.cookie, "").await), StatusCode::UNAUTHORIZED);
    let late = visitor.post("/api/messages", json!({"id": fresh(), "text": "too late"})).await;
    assert_eq!(late.refusal(), (401, "signed_out".into()));
    other.write("still here").await;
    assert_eq!(others.next_of("entry").await["entry"]["text"], "still here");
}
