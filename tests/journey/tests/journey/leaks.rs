//! Nothing sensitive lies in any file: planted card numbers, codes, notes and keys are searched for wherever either
//! program writes.

use aside::journey::{Agent, FormPage, Visitor};
use aside::leak::{Mark, search};
use aside_journey::{CARD, OTHER_CARD, Town, card};
use aside_wire::Channel;

#[tokio::test]
async fn no_planted_answer_or_key_lies_in_any_file_while_running_or_after() {
    let mut town = Town::build().await;
    let mut marks = Vec::new();
    let (mut dana, conversation) = plant(&town, &mut marks).await;
    // While both run: the write-ahead logs hold what the databases do not hold yet.
    assert_eq!(search(town.folder(), &marks).unwrap(), []);
    dana.close(&conversation).await.unwrap();
    dana.logout().await.unwrap();
    town.stop().await;
    assert_eq!(search(town.folder(), &marks).unwrap(), []);
}

#[tokio::test]
async fn nothing_lies_in_a_file_after_a_power_cut_either() {
    let mut town = Town::build().await;
    let mut marks = Vec::new();
    plant(&town, &mut marks).await;
    town.kill_vault().await;
    town.kill_desk().await;
    assert_eq!(search(town.folder(), &marks).unwrap(), []);
}

#[tokio::test]
async fn the_search_finds_what_is_planted_on_purpose() {
    let mut town = Town::build().await;
    let (mut visitor, _) = town.visitor().await;
    // A chat message is no secret of the vault: it must be found, or the search looks in the wrong place.
    visitor.say("the blue door, third hook").await.unwrap();
    let mark = Mark::text("the message", "the blue door, third hook");
    let found = search(&town.house.folders.desk(), std::slice::from_ref(&mark)).unwrap();
    assert!(!found.is_empty());
    town.stop().await;
}

/// Walks two forms round, with mistakes and a decline on the way, and takes down everything that must not be found.
async fn plant(town: &Town, marks: &mut Vec<Mark>) -> (Agent, String) {
    const NOTE: &str = "A note with marks: zebra-quartz-7, and an o'clock & <b>.";
    const WRONG: &str = "4111111111111112";
    marks.extend([
        Mark::card_number("the card number", CARD),
        Mark::card_number("the other card number", OTHER_CARD),
        Mark::card_number("the mistyped card number", WRONG),
        Mark::short_digits("the code of three", "739"),
        Mark::short_digits("the code of four", "7391"),
        Mark::text("the note", NOTE),
        Mark::text("the note's mark", "zebra-quartz-7"),
        Mark::text("the name", "Ada Byron"),
    ]);
    let mut key = |name: &str, key: &str| marks.push(Mark::key(name, key));

    let mut dana = Agent::login(&town.setting, town.account("dana")).await.unwrap();
    key("an enrolment key", &dana.enrol().await.unwrap());
    let (mut visitor, conversation) = town.visitor().await;
    let mut feed = dana.feed(None).await.unwrap();
    for (origin, name) in
        [(&town.setting.origins.desk, "__Host-aside-desk"), (&town.setting.origins.vault, "__Host-aside-viewer")]
    {
        key(name, dana.browser.cookie(origin, name).expect(name));
    }
    let cookie = visitor.browser.cookie(&town.setting.origins.chat, "__Host-aside-visitor").unwrap();
    key("the visitor's cookie", cookie);

    let form = dana.form("cardholder-data").await.unwrap();
    for (number, code) in [(CARD, "739"), (OTHER_CARD, "7391")] {
        let sent = dana.invite(&conversation, &form.hash, Channel::Web).await.unwrap();
        let open = visitor.click(&sent.invitation).await.unwrap();
        key("an open key", &open.key);
        visitor.begin().await.unwrap();
        let page = visitor.load(&open).await.unwrap();
        key("a submit key", &page.key);
        let page = corrected(&mut visitor, page, &card(WRONG, code)).await;
        key("a later submit key", &page.key);
        visitor.submit(&page, &card(number, code)).await.unwrap();
        feed.status(&sent.invitation, "submitted").await.unwrap();
        let granted = dana.grant(&sent.invitation).await.unwrap();
        key("a view key", &granted.key);
        let view = dana.look(&granted).await.unwrap();
        for answer in &view.answers {
            dana.reveal(&view, answer).await.unwrap();
        }
    }
    key("the device cookie", visitor.browser.cookie(&town.setting.origins.vault, "__Host-aside-device").unwrap());

    let form = dana.form("secure-note").await.unwrap();
    let sent = dana.invite(&conversation, &form.hash, Channel::Link).await.unwrap();
    let link = sent.link.unwrap();
    key("a link's key", link.rsplit('/').next().unwrap());
    let page = visitor.open_link(&link, &sent.invitation).await.unwrap();
    key("a link's submit key", &page.key);
    visitor.submit(&page, &[("note", NOTE)]).await.unwrap();
    feed.status(&sent.invitation, "submitted").await.unwrap();
    (dana, conversation)
}

async fn corrected(visitor: &mut Visitor, page: FormPage, wrong: &[(&str, &str)]) -> FormPage {
    let refused = visitor.submit(&page, wrong).await.expect_err("a wrong number is refused");
    assert_eq!(refused.status(), Some(422), "{refused}");
    let aside::journey::JourneyError::Refused { reply, .. } = refused else { unreachable!("it has a status") };
    FormPage::read(&page.invitation, reply.text()).unwrap()
}
