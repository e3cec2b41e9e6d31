//! `kill -9` of either program after each step of a scripted journey: what was acknowledged is still there, what was used
//! stays used, and the journey goes on.

use aside::journey::{Agent, Visitor};
use aside_journey::{CARD, Town, card, patiently};
use aside_wire::Channel;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Victim {
    Desk,
    Vault,
}

impl Victim {
    async fn falls_and_rises(self, town: &mut Town) {
        match self {
            Self::Desk => town.kill_desk().await,
            Self::Vault => town.kill_vault().await,
        }
        town.start().await;
    }
}

#[tokio::test]
async fn a_desk_killed_after_each_step_loses_nothing_and_lets_no_key_work_twice() {
    walk_with_crashes(Victim::Desk).await;
}

#[tokio::test]
async fn a_vault_killed_after_each_step_loses_nothing_and_lets_no_key_work_twice() {
    walk_with_crashes(Victim::Vault).await;
}

async fn walk_with_crashes(victim: Victim) {
    let mut town = Town::build().await;
    let mut dana: Agent = town.agent("dana").await;
    let (mut visitor, conversation) = town.visitor().await;

    victim.falls_and_rises(&mut town).await;
    let written = dana.entries(&conversation).await.unwrap();
    assert!(written.iter().any(|entry| entry["text"] == "Hello"), "an acknowledged message is lost");

    let form = patiently(&[503], async || dana.form("cardholder-data").await).await;
    let id = town.setting.fresh_id();
    let sent = patiently(&[503], async || dana.invite_as(&id, &conversation, &form.hash, Channel::Web).await).await;
    let last = sent.entry["sequence"].as_i64().unwrap();
    victim.falls_and_rises(&mut town).await;

    let first = patiently(&[503], async || visitor.click(&id).await).await;
    victim.falls_and_rises(&mut town).await;
    let key = patiently(&[503], async || visitor.click(&id).await).await;
    assert!(visitor.load(&first).await.is_err(), "a voided open key works after the crash");
    visitor.begin().await.unwrap();
    let page = visitor.load(&key).await.unwrap();
    victim.falls_and_rises(&mut town).await;
    assert!(visitor.another_device().load(&key).await.is_err(), "a used open key works after the crash");

    visitor.submit(&page, &card(CARD, "739")).await.unwrap();
    victim.falls_and_rises(&mut town).await;
    visitor.submit(&page, &card("5555555555554444", "111")).await.expect("a repeat is told: sent");
    assert!(visitor.another_device().submit(&page, &card(CARD, "739")).await.is_err(), "a used submit key works again");

    let mut feed = dana.feed(Some(last)).await.unwrap();
    feed.status(&id, "submitted").await.unwrap();
    let granted = patiently(&[503], async || dana.grant(&id).await).await;
    victim.falls_and_rises(&mut town).await;
    // The lease lives in the vault's memory: after its fall the desk must have renewed it first.
    let granted = match victim {
        Victim::Desk => granted,
        Victim::Vault => patiently(&[503], async || dana.grant(&id).await).await,
    };
    let view = dana.look(&granted).await.unwrap();
    victim.falls_and_rises(&mut town).await;
    assert!(dana.look(&granted).await.is_err(), "a used view key works after the crash");

    let granted = patiently(&[503], async || dana.grant(&id).await).await;
    let again = dana.look(&granted).await.unwrap();
    let number = dana.reveal(&again, "number").await.unwrap();
    assert_eq!(number.chars().filter(char::is_ascii_digit).collect::<String>(), CARD, "the repeat replaced the answer");
    let code = dana.reveal(&again, "cvv").await;
    match victim {
        Victim::Desk => assert_eq!(code.unwrap(), "739"),
        Victim::Vault => assert!(code.is_err(), "an off-the-record answer outlived the vault's memory"),
    }
    assert_ne!(again.id, view.id);
    told_once(&mut dana, &mut visitor, &conversation, &id).await;
}

/// Every status stands in the transcript exactly once, whatever was replayed.
async fn told_once(dana: &mut Agent, visitor: &mut Visitor, conversation: &str, invitation: &str) {
    for entries in [dana.entries(conversation).await.unwrap(), visitor.entries().await.unwrap()] {
        for status in ["viewed", "submitted"] {
            let told = entries.iter().filter(|entry| {
                entry["kind"] == "status" && entry["invitation"] == invitation && entry["status"] == status
            });
            assert_eq!(told.count(), 1, "{status}");
        }
    }
}
