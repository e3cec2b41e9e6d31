//! The seven steps, each with what must be refused on the way.

use std::time::Duration;

use aside_base::SiteId;
use aside_wire::Channel;
use http::Method;
use serde_json::{Value, json};

use super::report::Notes;
use crate::house::House;
use crate::journey::{
    Agent, Body, Browser, Feed, FormPage, Initiator, JourneyError, Reply, Sent, Setting, Stage, View, Visitor,
    ZoneLink, give_password, press,
};
use crate::leak::Mark;

/// A published test number; nobody's card.
const CARD: &str = "4111111111111111";
/// One digit off: fails the check digit.
const WRONG_CARD: &str = "4111111111111112";
const CODE: &str = "739";
const NOTE: &str = "The spare key hangs behind the blue door, third hook.";

/// *Used* and *not valid* are the two faces of a key that does nothing.
const DEAD_KEY: &[u16] = &[404, 410];
const NOT_VALID: &[u16] = &[404];
const NO_RIGHT: &[u16] = &[403];
/// The viewer says "could not load secure form" and never which part was wrong.
const NO_VIEW: &[u16] = &[403, 404, 410];

/// Walks, and answers the marks that the journey has planted.
pub(super) async fn walk(setting: &Setting, house: &House, notes: &mut Notes<'_>) -> Result<Vec<Mark>, JourneyError> {
    let mut marks = vec![
        Mark::card_number("the card number", CARD),
        Mark::card_number("the mistyped card number", WRONG_CARD),
        Mark::text("the note", NOTE),
    ];
    notes.step("The house stands");
    doors(setting, house, notes).await?;

    notes.step("0  Agents log in and their browsers become viewers");
    let mut people = People::gather(setting, house, notes, &mut marks).await?;

    notes.step("1  Dana sends a card form");
    let sent = people.send(notes).await?;

    notes.step("2  The visitor opens it");
    let page = people.open(&sent, notes, &mut marks).await?;

    notes.step("3, 4  The visitor sends the answers, the vault keeps them");
    people.submit(&sent, &page, notes, &mut marks).await?;

    notes.step("5  Dana is told, and nothing more than that");
    people.told(&sent, notes).await?;

    notes.step("6  Only Dana, in the session that asked, may look");
    people.ask_to_view(&sent, notes).await?;

    notes.step("7  Dana looks");
    let view = people.view(&sent, notes, &mut marks).await?;

    notes.step("8  A form as a link, for a browser without scripts");
    people.link(notes, &mut marks).await?;

    notes.step("9  The conversation ends, and with it the right");
    people.end(&sent, &view, notes).await?;
    Ok(marks)
}

async fn doors(setting: &Setting, house: &House, notes: &mut Notes<'_>) -> Result<(), JourneyError> {
    let nothing = None::<&Value>;
    let nobody = ZoneLink::new(&house.certificates, None, house.ports.zone)?;
    let refused = nobody.send(Method::GET, "/events?after=0", nothing).await;
    notes.check("the zone link refuses a caller without a certificate", refused.is_err());
    let desk = ZoneLink::new(&house.certificates, Some(&house.certificates.desk), house.ports.zone)?;
    let foreign = json!({ "brand": "Other", "origins": [], "privacy_url": null, "contact_url": null });
    let refused = desk.send(Method::PUT, "/sites/other-brand", Some(&foreign)).await?.expect("put a site", &[204]);
    notes.refused("the desk cannot speak for a site that is not registered to it", refused, NOT_VALID);

    let mut browser = Browser::new()?;
    let vault = &setting.origins.vault;
    let refused =
        browser.get(&format!("{vault}/zone/v1/events?after=0"), Initiator::Person).await?.expect("zone", &[200]);
    notes.refused("the vault's public door has no way to the zone link", refused, NOT_VALID);
    for (program, port) in [("desk", house.ports.desk), ("vault", house.ports.vault)] {
        let refused =
            browser.get(&format!("http://other.localhost:{port}/"), Initiator::Person).await?.expect("host", &[200]);
        notes.refused(&format!("the {program} answers an unknown host with 421"), refused, &[421]);
    }
    Ok(())
}

/// Everybody on the tour.
struct People<'a> {
    setting: &'a Setting,
    house: &'a House,
    site: SiteId,
    other_site: SiteId,
    dana: Agent,
    dana_elsewhere: Agent,
    sam: Agent,
    kim: Agent,
    visitor: Visitor,
    stranger: Visitor,
    conversation: String,
    feed: Feed,
    visitor_feed: Feed,
}

impl<'a> People<'a> {
    async fn gather(
        setting: &'a Setting,
        house: &'a House,
        notes: &mut Notes<'_>,
        marks: &mut Vec<Mark>,
    ) -> Result<Self, JourneyError> {
        let account = |name: &str| {
            let found = house.accounts.iter().find(|account| account.name == name);
            found.ok_or_else(|| JourneyError::lacking("gather the agents", name))
        };
        let (dana, sam, kim) = (account("dana")?, account("sam")?, account("kim")?);
        let (site, other_site) = (dana.site.clone(), kim.site.clone());
        let wrong = dana.with_password("not-the-password-1");
        notes.refused("a wrong password is refused", Agent::login(setting, &wrong).await, &[401]);
        let first = dana.secrets().await.password.clone();
        let begun = give_password(&mut Browser::new()?, setting, dana, &first).await;
        let begun = notes.done("the first password is taken", begun)?;
        notes.check("and has to be changed before anything else", begun.stage == Stage::NewPassword);
        let here = "Dana changes it, sets up code apps at the desk and at the vault, and leaves";
        let mut first_day = notes.done(here, Agent::at_work(setting, dana).await)?;
        first_day.logout().await?;
        let mut dana_here = notes.done("Dana logs in with password and code", Agent::login(setting, dana).await)?;
        let again = give_password(&mut Browser::new()?, setting, dana, &first).await;
        notes.refused("the first password is worth nothing any more", again, &[401]);
        let key = notes.done("Dana's browser is enrolled at the vault", dana_here.enrol().await)?;
        marks.push(Mark::key("an enrolment key", &key));
        let mut thief = dana_here.clone();
        thief.browser = Browser::new()?;
        notes.refused("the enrolment key is refused a second time", thief.enrol_with(&key).await, DEAD_KEY);
        let fresh = dana_here.enrolment_key().await?;
        notes.check("an enrolled session gets no further enrolment key", fresh.is_none());
        let dana_elsewhere = notes.done("Dana logs in again elsewhere", Agent::at_work(setting, dana).await)?;
        let sam = notes.done("Sam logs in", Agent::at_work(setting, sam).await)?;
        let kim = notes.done("Kim of another brand logs in", Agent::at_work(setting, kim).await)?;

        let mut visitor = notes.done("a visitor comes to Northwind", Visitor::visit(setting, &site).await)?;
        let stranger = notes.done("another one to the other brand", Visitor::visit(setting, &other_site).await)?;
        let feed = notes.done("Dana's feed is live", dana_here.feed(None).await)?;
        let conversation = notes.done("the visitor writes", visitor.say("Hello, I would like to pay.").await)?;
        let visitor_feed = notes.done("the visitor's feed is live", visitor.feed(None).await)?;
        let people = Self {
            setting,
            house,
            site,
            other_site,
            dana: dana_here,
            dana_elsewhere,
            sam,
            kim,
            visitor,
            stranger,
            conversation,
            feed,
            visitor_feed,
        };
        Ok(people)
    }

    async fn send(&mut self, notes: &mut Notes<'_>) -> Result<Sent, JourneyError> {
        let told = self.feed.until("the visitor's message", |frame| frame["entry"]["from"] == "visitor").await;
        notes.done("Dana sees the message live", told)?;
        notes.done("Dana answers", self.dana.say(&self.conversation, "Gladly. Here is a form.").await)?;
        let form = notes.done("the card form is there to be sent", self.dana.form("cardholder-data").await)?;
        let foreign = self.kim.invite(&self.conversation, &form.hash, Channel::Web).await;
        notes.refused("an agent of another site cannot send into this conversation", foreign, NOT_VALID);
        let sent = notes.done("Dana sends it", self.dana.invite(&self.conversation, &form.hash, Channel::Web).await)?;
        notes.check("no key comes with it", sent.link.is_none() && !sent.entry.to_string().contains("key"));
        let again = self.dana.invite_as(&sent.invitation, &self.conversation, &form.hash, Channel::Web).await;
        let again = notes.done("a repeated send is the same invitation", again)?;
        notes.check("and adds no entry", again.entry["sequence"] == sent.entry["sequence"]);
        let shown = self
            .visitor_feed
            .until("the invitation", |frame| frame["entry"]["invitation"]["id"] == sent.invitation.as_str());
        notes.done("the visitor sees it live", shown.await)?;
        notes.done("the visitor's client has received it", self.visitor.receive(&sent.invitation).await)?;
        notes.done("Dana sees it received", self.feed.status(&sent.invitation, "received").await)?;
        Ok(sent)
    }

    async fn open(
        &mut self,
        sent: &Sent,
        notes: &mut Notes<'_>,
        marks: &mut Vec<Mark>,
    ) -> Result<FormPage, JourneyError> {
        let vault = self.setting.origins.vault.clone();
        notes.refused(
            "a visitor of another site cannot open it",
            self.stranger.click(&sent.invitation).await,
            NOT_VALID,
        );
        let other =
            ZoneLink::new(&self.house.certificates, Some(&self.house.certificates.desk), self.house.ports.zone)?;
        let path = format!("/sites/{}/invitations/{}/open", self.other_site, sent.invitation);
        let refused = other.send(Method::POST, &path, Some(&json!({}))).await?.expect("open", &[200]);
        notes.refused("nor can the desk, under another site's name", refused, NOT_VALID);

        let first = notes.done("the click brings an open key", self.visitor.click(&sent.invitation).await)?;
        let key = notes.done("a second click brings another", self.visitor.click(&sent.invitation).await)?;
        marks.extend([Mark::key("a voided open key", &first.key), Mark::key("the open key", &key.key)]);
        notes.refused("which voids the first", self.visitor.load(&first).await, DEAD_KEY);
        let mut device = self.visitor.another_device();
        let bare = device.come_back(&sent.invitation).await;
        notes.refused("a form's address without the device shows nothing", bare, NOT_VALID);
        let mut previewer = Browser::new()?;
        for method in [Method::GET, Method::HEAD] {
            let url = format!("{vault}/open?otk={}", key.key);
            let reply = previewer.send(method.clone(), &url, Initiator::Person, Body::Empty).await?;
            notes.check(&format!("{method} opens nothing"), reply.status.is_client_error());
        }
        let foreign = press(&mut previewer, &vault, Initiator::Page("http://evil.localhost:9"), &key.key).await;
        notes.refused("nor does a foreign page's form", foreign, NO_RIGHT);
        let wrong = self.submit_with(&mut previewer, &sent.invitation, &key.key).await;
        notes.refused("an open key does not submit", wrong, DEAD_KEY);
        let wrong = View::open(&mut self.dana.browser, &vault, &sent.invitation, &key.key).await;
        notes.refused("an open key does not view", wrong, NO_VIEW);
        let wrong = self.dana.clone().enrol_with(&key.key).await;
        notes.refused("an open key does not enrol", wrong, DEAD_KEY);

        notes.done("the vault looks whether cookies stick", self.visitor.begin().await)?;
        let page = notes.done("the visitor loads the form", self.visitor.load(&key).await)?;
        marks.push(Mark::key("a voided submit key", &page.key));
        notes.check("it asks for name, number, expiry and code", page.fields.len() >= 4);
        notes.done("Dana sees it viewed", self.feed.status(&sent.invitation, "viewed").await)?;
        notes.refused("the open key is refused a second time", device.load(&key).await, DEAD_KEY);
        let bare = device.come_back(&sent.invitation).await;
        notes.refused("another device does not get the opened form", bare, NOT_VALID);
        let back = notes.done(
            "the device that opened it comes back to an empty form",
            self.visitor.come_back(&sent.invitation).await,
        )?;
        marks.push(Mark::key("the submit key", &back.key));
        notes.check("with a fresh submit key", back.key != page.key);
        let stale = self.submit_with(&mut self.visitor.browser.clone(), &sent.invitation, &page.key).await;
        notes.refused("which voids the former one", stale, DEAD_KEY);
        Ok(back)
    }

    async fn submit(
        &mut self,
        sent: &Sent,
        page: &FormPage,
        notes: &mut Notes<'_>,
        marks: &mut Vec<Mark>,
    ) -> Result<(), JourneyError> {
        let vault = self.setting.origins.vault.clone();
        let mut device = self.visitor.another_device();
        let wrong = press(&mut device.browser, &vault, Initiator::Page(&vault), &page.key).await;
        notes.refused("a submit key does not open", wrong, DEAD_KEY);
        let wrong = View::open(&mut self.dana.browser, &vault, &sent.invitation, &page.key).await;
        notes.refused("a submit key does not view", wrong, NO_VIEW);
        let elsewhere = FormPage { invitation: self.setting.fresh_id(), ..page.clone() };
        notes.refused(
            "nor does it fit another invitation",
            self.visitor.submit(&elsewhere, &card(CARD)).await,
            DEAD_KEY,
        );

        let refused = self.visitor.submit(page, &card(WRONG_CARD)).await;
        let shown = match &refused {
            Err(JourneyError::Refused { reply, .. }) => reply.text(),
            _ => String::new(),
        };
        notes.refused("a mistyped card number is refused", refused, &[422]);
        let echoed = shown.contains(WRONG_CARD) || shown.contains(&format!("\"{CODE}\""));
        notes.check("and neither number nor code comes back with the page", !shown.is_empty() && !echoed);
        let page = FormPage::read(&sent.invitation, shown).unwrap_or_else(|_| page.clone());
        marks.push(Mark::key("the submit key after a correction", &page.key));

        notes.done("the corrected form is taken", self.visitor.submit(&page, &card(CARD)).await)?;
        let repeat = self.visitor.submit(&page, &card(CARD)).await;
        let repeat = notes.done("a repeat is told sent, its answers unread", repeat)?;
        notes.check("and shows nothing of them", !repeat.text().contains(CARD));
        let other = FormPage { key: page.key.clone(), ..page.clone() };
        notes.refused(
            "the submit key is refused to another device",
            device.submit(&other, &card(CARD)).await,
            DEAD_KEY,
        );
        let click = self.visitor.click(&sent.invitation).await;
        notes.refused("a submitted form cannot be opened again", click, &[409, 410]);
        Ok(())
    }

    async fn told(&mut self, sent: &Sent, notes: &mut Notes<'_>) -> Result<(), JourneyError> {
        notes.done("Dana sees it submitted", self.feed.status(&sent.invitation, "submitted").await)?;
        let seen = notes.done(
            "the transcript names a submission",
            self.dana.invitation(&self.conversation, &sent.invitation).await,
        )?;
        notes.check("by an id", seen["submission"].is_string());
        let transcript = Value::from(self.dana.entries(&self.conversation).await?).to_string();
        notes.check("and holds no answer", !transcript.contains(CARD) && !transcript.contains("Ada Byron"));
        let visitors = Value::from(self.visitor.entries().await?).to_string();
        let submission = seen["submission"].as_str().unwrap_or_default();
        notes.check(
            "the visitor's transcript holds neither",
            !visitors.contains(submission) && !visitors.contains(CARD),
        );
        Ok(())
    }

    async fn ask_to_view(&mut self, sent: &Sent, notes: &mut Notes<'_>) -> Result<(), JourneyError> {
        notes.refused("Sam may not look", self.sam.grant(&sent.invitation).await, NO_RIGHT);
        notes.refused("Dana may not in another session", self.dana_elsewhere.grant(&sent.invitation).await, NO_RIGHT);
        notes.refused("an agent of another site knows of nothing", self.kim.grant(&sent.invitation).await, NOT_VALID);
        let link = ZoneLink::new(&self.house.certificates, Some(&self.house.certificates.desk), self.house.ports.zone)?;
        let ask = json!({ "session": self.sam.session });
        let path = format!("/sites/{}/invitations/{}/grant", self.site, sent.invitation);
        let refused = link.send(Method::POST, &path, Some(&ask)).await?.expect("grant", &[200]);
        notes.refused("even a desk that asks for Sam is refused by the vault", refused, NO_RIGHT);
        let ask = json!({ "session": self.dana.session });
        let path = format!("/sites/{}/invitations/{}/grant", self.other_site, sent.invitation);
        let refused = link.send(Method::POST, &path, Some(&ask)).await?.expect("grant", &[200]);
        notes.refused("or under another site's name", refused, NOT_VALID);
        Ok(())
    }

    async fn view(&mut self, sent: &Sent, notes: &mut Notes<'_>, marks: &mut Vec<Mark>) -> Result<View, JourneyError> {
        let vault = self.setting.origins.vault.clone();
        let granted = notes.done("Dana is granted a view key", self.dana.grant(&sent.invitation).await)?;
        marks.push(Mark::key("a view key", &granted.key));
        let mut stranger = Browser::new()?;
        let stolen = View::open(&mut stranger, &vault, &granted.submission, &granted.key).await;
        notes.refused("id and view key from a browser that is not enrolled show nothing", stolen, NO_VIEW);
        notes.refused("nor from Sam's", self.sam.look(&granted).await, NO_VIEW);
        notes.refused("nor from Dana's other session", self.dana_elsewhere.look(&granted).await, NO_VIEW);
        let wrong = press(&mut stranger, &vault, Initiator::Page(&vault), &granted.key).await;
        notes.refused("a view key does not open", wrong, DEAD_KEY);

        let granted = notes.done("Dana asks again", self.dana.grant(&sent.invitation).await)?;
        marks.push(Mark::key("the view key", &granted.key));
        let view = notes.done("Dana's own browser shows the answers", self.dana.look(&granted).await)?;
        notes.check("the card number masked", !view.html.contains(CARD) && view.html.contains("1111"));
        notes.check("the name readable", view.html.contains("Ada Byron"));
        notes.refused("the view key is refused a second time", self.dana.look(&granted).await, NO_VIEW);
        if let Some(answer) = view.answers.first() {
            let early = view.reveal(&mut self.dana.browser, answer).await;
            notes.refused("nothing is revealed before Dana has confirmed", early, NO_RIGHT);
        }
        let guess = view.confirm(&mut self.dana.browser, "000000").await;
        notes.refused("a guessed code does not confirm", guess, NO_RIGHT);
        notes.done("a code of Dana's app for the vault does", self.dana.confirm(&view).await)?;
        let mut revealed = Vec::new();
        for answer in view.answers.clone() {
            revealed.push(notes.done("an answer is revealed alone", self.dana.reveal(&view, &answer).await)?);
        }
        let plain = |text: &String| text.chars().filter(char::is_ascii_digit).collect::<String>();
        notes.check("the whole card number among them", revealed.iter().any(|text| plain(text) == CARD));
        notes.check("and the code, from memory alone", revealed.iter().any(|text| text == CODE));
        if let Some(answer) = view.answers.first() {
            let stolen = view.reveal(&mut self.sam.browser, answer).await;
            notes.refused("another browser reveals nothing in Dana's view", stolen, NO_VIEW);
        }
        notes.done("Dana sees it read", self.feed.status(&sent.invitation, "read").await)?;
        Ok(view)
    }

    async fn link(&mut self, notes: &mut Notes<'_>, marks: &mut Vec<Mark>) -> Result<(), JourneyError> {
        let form = notes.done("the note form is there", self.dana.form("secure-note").await)?;
        let sent = notes
            .done("Dana sends it as a link", self.dana.invite(&self.conversation, &form.hash, Channel::Link).await)?;
        let link = sent.link.clone().ok_or_else(|| JourneyError::lacking("send a link", "the link"))?;
        marks.push(Mark::key("a link's key", link.rsplit('/').next().unwrap_or_default()));
        let mut previewer = Browser::new()?;
        for (method, name) in [(Method::GET, "a preview"), (Method::HEAD, "a HEAD request")] {
            let reply = previewer.send(method, &link, Initiator::Person, Body::Empty).await?;
            notes.check(&format!("{name} of the link answers and changes nothing"), reply.status == 200);
        }
        self.feed.ping().await?;
        let seen = self.dana.invitation(&self.conversation, &sent.invitation).await?;
        notes.check("it is still only sent", seen["status"] == "sent" || seen["status"] == "received");

        let fresh = notes.done("Dana re-issues it", self.dana.reissue(&sent.invitation).await)?;
        let fresh = fresh.ok_or_else(|| JourneyError::lacking("re-issue", "the link"))?;
        marks.push(Mark::key("the re-issued link's key", fresh.rsplit('/').next().unwrap_or_default()));
        let mut phone = self.visitor.another_device();
        notes.refused("which voids the old link", phone.open_link(&link, &sent.invitation).await, DEAD_KEY);
        // Chat programs take the full stop of a sentence for a part of the link.
        let page = phone.open_link(&format!("{fresh}."), &sent.invitation).await;
        let page = notes.done("the new link opens with one button", page)?;
        let mut second = self.visitor.another_device();
        notes.refused("and not on a second device", second.open_link(&fresh, &sent.invitation).await, DEAD_KEY);
        notes.done("the note is taken", phone.submit(&page, &[("note", NOTE)]).await)?;
        notes.done("Dana sees it submitted", self.feed.status(&sent.invitation, "submitted").await)?;
        let granted = notes.done("Dana is granted a view", self.dana.grant(&sent.invitation).await)?;
        let view = notes.done("Dana looks", self.dana.look(&granted).await)?;
        let mut text = view.html.clone();
        for answer in view.answers.clone() {
            text.push_str(&self.dana.reveal(&view, &answer).await?);
        }
        notes.check("and reads the note", text.contains(NOTE));
        notes.done("Dana closes the view", view.done(&mut self.dana.browser).await)?;
        Ok(())
    }

    async fn end(&mut self, sent: &Sent, view: &View, notes: &mut Notes<'_>) -> Result<(), JourneyError> {
        let live = notes.done("Dana's first view is still alive", view.live(&mut self.dana.browser).await)?;
        let unsent = self.dana.form("secure-note").await?;
        let unsent = self.dana.invite(&self.conversation, &unsent.hash, Channel::Web).await?;
        notes.done("Dana closes the conversation", self.dana.close(&self.conversation).await)?;
        notes.done("the view closes", live.closed_within(Duration::from_secs(30)).await)?;
        if let Some(answer) = view.answers.first() {
            notes.refused("nothing more is revealed", view.reveal(&mut self.dana.browser, answer).await, NO_VIEW);
        }
        notes.refused("nothing more is granted", self.dana.grant(&sent.invitation).await, NO_RIGHT);
        let cancelled = self.feed.status(&unsent.invitation, "cancelled").await;
        notes.done("a form that was still open is cancelled", cancelled)?;
        notes.refused("and cannot be opened", self.visitor.click(&unsent.invitation).await, &[409, 410]);
        Ok(())
    }

    /// What a forged submit with a key of another purpose or time brings.
    async fn submit_with(&self, browser: &mut Browser, invitation: &str, key: &str) -> Result<Reply, JourneyError> {
        let vault = &self.setting.origins.vault;
        let fields =
            [("otk", key), ("q-name", "Ada Byron"), ("q-number", CARD), ("q-expiry", "04/39"), ("q-cvv", CODE)];
        let reply = browser.post_form(&format!("{vault}/form/{invitation}"), Initiator::Page(vault), &fields).await?;
        reply.expect("submit", &[200, 303])
    }
}

fn card(number: &str) -> [(&'static str, &str); 4] {
    [("name", "Ada Byron"), ("number", number), ("expiry", "04/39"), ("cvv", CODE)]
}
