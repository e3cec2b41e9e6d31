//! What the desk does by itself, while the vault is down.

use std::time::Duration;

use aside_base::{Clock as _, ConversationId};
use aside_desk_http::Background;
use aside_desk_store::{Errands as _, Invitations as _};
use serde_json::json;

use crate::actor::fresh;
use crate::house::{House, card_form};

/// Looks again and again, because what it waits for has no event of its own outside the desk.
pub(crate) async fn until<T, F: Future<Output = Option<T>>>(mut look: impl FnMut() -> F) -> T {
    let found = async {
        loop {
            if let Some(found) = look().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), found).await.expect("it to happen")
}

async fn lost_send(house: &House) -> (crate::actor::Agent, ConversationId, String) {
    let (dana, visitor) = (house.dana().await, house.visitor().await);
    let conversation = visitor.write("hello").await;
    let id = fresh();
    let send = json!({"id": id, "form": card_form(), "channel": "web"});
    let reply = dana.post(&format!("/api/conversations/{conversation}/invitations"), send).await;
    assert_eq!(reply.refusal(), (503, "vault_down".into()));
    (dana, conversation, id)
}

#[tokio::test]
async fn a_send_that_was_lost_is_given_up_after_two_minutes_and_never_sent_later() {
    let house = House::new().await;
    let (dana, conversation, id) = lost_send(&house).await;
    house.clock.advance_seconds(121);
    let background = Background::start(&house.desk);
    until(async || {
        let lost = house.store.unconfirmed_invitations(house.clock.now()).await.unwrap();
        lost.is_empty().then_some(())
    })
    .await;
    let again = json!({"id": id, "form": card_form(), "channel": "web"});
    let reply = dana.post(&format!("/api/conversations/{conversation}/invitations"), again).await;
    assert_eq!((reply.refusal(), &reply.json()["code"]), ((409, "wrong_state".into()), &json!("given_up")));
    house.desk.stop();
    background.finish().await;
}

#[tokio::test]
async fn a_revocation_waits_in_the_outbox_until_the_vault_has_taken_it() {
    let house = House::new().await;
    let background = Background::start(&house.desk);
    let dana = house.dana().await;
    dana.post("/api/logout", json!({})).await;
    let tried = until(async || {
        let far = house.clock.now().plus_seconds(3_600);
        let waiting = house.store.due_errands(far, 10).await.unwrap();
        waiting.into_iter().find(|errand| errand.attempts > 0)
    })
    .await;
    assert!(tried.due_at > house.clock.now(), "it is tried again later");
    house.desk.stop();
    background.finish().await;
}
