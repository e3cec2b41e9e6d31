//! What happens in the chat and to its people: coming, sending forms, handing on, closing, signing in and out.

use http::StatusCode;
use serde_json::{Value, json};

use super::World;
use crate::browser::Reply;
use crate::house::{DESK, Failure, PASSWORD};
use crate::ledger::{Sent, words};
use crate::person::Visitor;

impl World {
    pub(super) async fn visit(&mut self) -> Result<(), Failure> {
        let fresh = self.fresh();
        self.visitors.push(Visitor::visit(&self.house, &fresh, &words(self.visitors.len())).await?);
        Ok(())
    }

    /// What a person of the desk does. Whoever was locked or signed out, by time or by somebody, comes back and tries again.
    pub(super) async fn acts(&mut self, person: usize, path: &str, body: Value) -> Result<Reply, Failure> {
        let reply = self.people[person].desk(&self.house, path, body.clone()).await;
        if reply.status != StatusCode::UNAUTHORIZED && reply.status != StatusCode::LOCKED {
            return Ok(reply);
        }
        self.sign_in(person).await?;
        Ok(self.people[person].desk(&self.house, path, body).await)
    }

    pub(super) async fn invite(&mut self, agent: usize, visitor: usize, card: bool) -> Result<(), Failure> {
        let id = self.fresh();
        let wanted = if card { "cardholder-data" } else { "secure-note" };
        let forms = aside_form::out_of_the_box().map_err(|error| format!("{error:?}"))?;
        let Some(form) = forms.iter().find(|form| form.definition().id == wanted) else { return Ok(()) };
        let body = json!({ "id": id, "form": form.hash(), "channel": "web" });
        let path = format!("/api/conversations/{}/invitations", self.visitors[visitor].conversation);
        let reply = self.acts(agent, &path, body).await?;
        if reply.is_done() {
            if self.house.vault.sealed {
                self.ledger.note("a form was sent while the keys were sealed".to_owned());
            }
            self.ledger.played.sent += 1;
            self.ledger.sent.push(Sent::new(id, visitor, agent, self.people[agent].session, card));
        }
        Ok(())
    }

    pub(super) async fn round(&mut self, agent: usize, visitor: usize, card: bool) -> Result<(), Failure> {
        let before = self.ledger.sent.len();
        self.invite(agent, visitor, card).await?;
        if self.ledger.sent.len() > before {
            self.open(before, 0).await?;
            self.submit(before, true).await?;
            self.house.desk.desk.turn().await?;
            self.look(before, agent).await?;
        }
        Ok(())
    }

    /// The sender takes the form back, or offers it anew.
    pub(super) async fn command(&mut self, number: usize, what: &str) -> Result<(), Failure> {
        let sent = self.ledger.sent[number].clone();
        let path = format!("/api/invitations/{}/{what}", sent.id);
        let reply = self.people[sent.agent].desk(&self.house, &path, json!({})).await;
        if reply.is_done() && sent.acknowledged.is_some() {
            self.ledger.note(format!("form {number} was sent, and {what} went through afterwards"));
        }
        if reply.is_done() && what == "reissue" {
            self.ledger.played.reissued += 1;
        }
        Ok(())
    }

    pub(super) async fn close(&mut self, visitor: usize) -> Result<(), Failure> {
        let path = format!("/api/conversations/{}/close", self.visitors[visitor].conversation);
        for agent in 0..self.people.len() {
            if self.people[agent].desk(&self.house, &path, json!({})).await.is_done() {
                self.visitors[visitor].closed = true;
                self.revoke(|sent| sent.visitor == visitor);
                return Ok(());
            }
        }
        Ok(())
    }

    pub(super) async fn transfer(&mut self, visitor: usize, to: usize) -> Result<(), Failure> {
        let path = format!("/api/conversations/{}/transfer", self.visitors[visitor].conversation);
        let body = json!({ "agent": self.people[to].id });
        if self.people[1 - to].desk(&self.house, &path, body).await.is_done() {
            self.ledger.played.transferred += 1;
            self.revoke(|sent| sent.visitor == visitor && sent.agent != to);
        }
        Ok(())
    }

    pub(super) async fn sign_out(&mut self, person: usize) -> Result<(), Failure> {
        let reply = self.people[person].desk(&self.house, "/api/logout", json!({})).await;
        if reply.is_done() {
            self.people[person].signed_in = false;
            self.revoke(|sent| sent.agent == person);
        }
        Ok(())
    }

    pub(super) async fn sign_in(&mut self, number: usize) -> Result<(), Failure> {
        let house = &self.house;
        let person = &mut self.people[number];
        let unlocked = person.desk(house, "/api/session/unlock", json!({ "password": PASSWORD })).await;
        if unlocked.is_done() {
            return Ok(());
        }
        let session = person.browser.get(&house.desk.router, DESK, "/api/session").await;
        if session.is_done() {
            person.enrol(house).await;
            return Ok(());
        }
        // Signed out by somebody or by time: what was sent in that session is gone for its sender.
        person.sign_in(house).await?;
        person.enrol(house).await;
        self.revoke(|sent| sent.agent == number);
        Ok(())
    }

    pub(super) fn revoke(&mut self, which: impl Fn(&Sent) -> bool) {
        for sent in self.ledger.sent.iter_mut().filter(|sent| which(sent)) {
            sent.revoked = true;
        }
    }
}
