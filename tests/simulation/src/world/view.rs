//! Looking at answers while the conversation goes on: the view, what is revealed in it, and putting it away.

use serde_json::json;

use super::{CODE, PAN, World};
use crate::house::{AGENTS, Failure, VAULT};
use crate::ledger::{By, Opened, Sent, Shown};
use crate::link::Wire;

impl World {
    /// Every view whose right was taken away is shut for good, now that the vault has heard of it.
    pub(super) async fn revoked_is_over(&mut self) -> Result<(), Failure> {
        for number in 0..self.ledger.views.len() {
            self.reveal(number, false).await?;
            self.reveal(number, true).await?;
        }
        Ok(())
    }

    pub(super) async fn look(&mut self, number: usize, agent: usize) -> Result<(), Failure> {
        let sent = self.ledger.sent[number].clone();
        let path = format!("/api/invitations/{}/view", sent.id);
        let grant = self.people[agent].desk(&self.house, &path, json!({})).await.json();
        let (Some(submission), Some(key)) = (grant["submission"].as_str(), grant["key"].as_str()) else {
            return Ok(());
        };
        if !self.may_look(&sent, agent) {
            self.ledger.note(format!("form {number} was granted to {} who has no right", self.people[agent].name));
        }
        let colleagues = (0..AGENTS.len()).filter(|other| *other != agent).map(By::Person);
        if self.show_view(number, agent, submission, key, colleagues.collect(), false).await? {
            self.ledger.played.viewed += 1;
        }
        Ok(())
    }

    /// Opens a view with a key that this person was granted. Whoever else has the key is not let in: the desk itself, a
    /// colleague. Whether it was opened.
    pub(super) async fn show_view(
        &mut self,
        number: usize,
        person: usize,
        submission: &str,
        key: &str,
        others: Vec<By>,
        history: bool,
    ) -> Result<bool, Failure> {
        let shown = |by| Shown {
            key: key.to_owned(),
            by,
            path: "/view".to_owned(),
            fields: vec![("submission".to_owned(), submission.to_owned()), ("otk".to_owned(), key.to_owned())],
            sent: number,
        };
        for other in others.into_iter().chain([By::Stranger]) {
            if self.show(&shown(other)).await?.is_done() {
                self.ledger.note(format!("{other:?} saw the answers of form {number}"));
            }
        }
        let page = self.show(&shown(By::Person(person))).await?;
        self.ledger.shown.push(shown(By::Person(person)));
        let Some(id) = page.between("data-view=\"", "\"").filter(|_| page.is_done()) else { return Ok(false) };
        if page.text.contains(PAN) || page.text.contains(&format!(">{CODE}<")) {
            self.ledger.note(format!("the view of form {number} shows what should be masked"));
        }
        if self.ledger.sent[number].over && page.text.contains(&crate::ledger::marker(number)) {
            self.ledger.note(format!("the answers of form {number} were shown after their end"));
        }
        let session = self.people[person].session;
        let former = |view: &&mut Opened| view.sent == number && view.person == person && view.session == session;
        for view in self.ledger.views.iter_mut().filter(former) {
            view.closed = true;
        }
        self.ledger.views.push(Opened { id, person, session, sent: number, history, closed: false });
        Ok(true)
    }

    /// Whether an agent may see the answers, by all that was said and done: the one who sent the form, in that session, while
    /// nothing took the right away.
    fn may_look(&self, sent: &Sent, agent: usize) -> bool {
        let agent_now = &self.people[agent];
        sent.agent == agent && agent_now.session == sent.session && agent_now.signed_in && !sent.revoked
    }

    /// Whether what is stored may still be revealed in a view.
    fn may_reveal(&self, view: &Opened, sent: &Sent) -> bool {
        let person = &self.people[view.person];
        let here = person.signed_in && person.session == view.session && !view.closed;
        here && (view.history || self.may_look(sent, view.person))
    }

    pub(super) async fn reveal(&mut self, number: usize, code: bool) -> Result<(), Failure> {
        let view = self.ledger.views[number].clone();
        let sent = self.ledger.sent[view.sent].clone();
        let answer = match (sent.card, code) {
            (true, true) => "cvv",
            (true, false) => "number",
            (false, _) => return Ok(()),
        };
        // The vault has heard of it only if the tasks came round since, over a whole wire.
        let heard = self.settled && self.house.between.wire() == Wire::Whole;
        let may = self.may_reveal(&view, &sent);
        let body = json!({ "view": view.id, "answer": answer });
        let person = &mut self.people[view.person];
        let mut reply = person.browser.call(&self.house.vault.public, VAULT, "/view/reveal", body.clone()).await;
        if reply.json()["kind"] == "confirm" {
            person.confirm(&self.house, &view.id).await;
            reply = person.browser.call(&self.house.vault.public, VAULT, "/view/reveal", body).await;
        }
        if !reply.is_done() {
            return Ok(());
        }
        self.ledger.played.revealed += 1;
        if reply.json()["text"] != if code { CODE } else { PAN } {
            self.ledger.note(format!("view {number} revealed something else than was sent"));
        }
        if !may && (heard || view.closed) {
            self.ledger.note(format!("view {number} revealed {answer} after the right was gone"));
        }
        if sent.over && !code {
            self.ledger.note(format!("view {number} revealed {answer} after its end"));
        }
        if view.history && code {
            self.ledger.note(format!("view {number} of history revealed what was off the record"));
        }
        Ok(())
    }

    pub(super) async fn done(&mut self, number: usize) -> Result<(), Failure> {
        let view = self.ledger.views[number].clone();
        let body = json!({ "view": view.id });
        let browser = &mut self.people[view.person].browser;
        if browser.call(&self.house.vault.public, VAULT, "/view/done", body).await.is_done() {
            self.ledger.views[number].closed = true;
        }
        Ok(())
    }
}
