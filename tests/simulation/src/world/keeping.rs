//! What is kept, and how it ends: the purge, erasing a visitor, and taking along what is stored of one (V5, V8).

use aside_base::Clock as _;
use aside_desk_store::Errands as _;
use http::StatusCode;
use serde_json::{Value, json};

use super::{CASE, CODE, PAN, World};
use crate::browser::Reply;
use crate::house::{CHAT, DESK, Failure, MANAGERS_PLACE, VAULT};
use crate::ledger::{By, Shown, marker, words};

impl World {
    /// Whether the desk has told the vault everything that it promised to tell.
    pub(super) async fn owes_nothing(&self) -> Result<bool, Failure> {
        Ok(self.house.desk.store.next_errand_at().await?.is_none())
    }

    /// The vault has heard of everything: what was erased, and what was kept until the close, is over.
    pub(super) fn what_was_owed_is_done(&mut self) {
        let kept_until_close = self.house.setting.keep_days == 0;
        for sent in &mut self.ledger.sent {
            let visitor = &self.visitors[sent.visitor];
            sent.over |= visitor.erased || (visitor.closed && kept_until_close);
            sent.closed_for_good |= visitor.closed && sent.acknowledged.is_none();
        }
    }

    /// The vault's purge comes round: what was kept as long as the site keeps is over.
    pub(super) async fn purge(&mut self) -> Result<(), Failure> {
        if !self.house.vault.vault.purge_once().await {
            return Err("the purge did not come to its end".into());
        }
        self.ledger.played.purged += 1;
        let now = self.house.clock.now();
        for number in 0..self.ledger.sent.len() {
            self.ledger.sent[number].over |= self.has_outlived(number, now);
        }
        Ok(())
    }

    /// Whether the answers of a form are older than the site keeps any.
    pub(super) fn has_outlived(&self, number: usize, now: aside_base::Timestamp) -> bool {
        let days = u32::from(self.house.setting.keep_days);
        let at = self.ledger.sent[number].acknowledged.as_ref().map(|acknowledged| acknowledged.at);
        days > 0 && at.is_some_and(|at| now >= at.plus_seconds(days * 86_400))
    }

    /// Whether the answers of a form must still be there, whatever the vault has heard by now.
    pub(crate) fn must_be_there(&self, number: usize) -> bool {
        let sent = &self.ledger.sent[number];
        let visitor = &self.visitors[sent.visitor];
        let may_be_gone = visitor.erased || (visitor.closed && self.house.setting.keep_days == 0);
        sent.acknowledged.is_some() && !may_be_gone && !self.has_outlived(number, self.house.clock.now())
    }

    /// What the manager reads at the desk.
    async fn looks_up(&mut self, path: &str) -> Result<Reply, Failure> {
        let reply = self.people[MANAGERS_PLACE].browser.get(&self.house.desk.router, DESK, path).await;
        if reply.status != StatusCode::UNAUTHORIZED && reply.status != StatusCode::LOCKED {
            return Ok(reply);
        }
        self.sign_in(MANAGERS_PLACE).await?;
        Ok(self.people[MANAGERS_PLACE].browser.get(&self.house.desk.router, DESK, path).await)
    }

    /// The manager erases a visitor. What was said is gone at once, and so is the way back; the vault is told.
    pub(super) async fn erase(&mut self, visitor: usize) -> Result<(), Failure> {
        let path = format!("/api/privacy/visitors/{}", self.visitors[visitor].id);
        let reference = self.looks_up(&path).await?.json()["reference"].clone();
        let erased = self.acts(MANAGERS_PLACE, &format!("{path}/erase"), json!({ "confirm": reference })).await?;
        if !erased.is_done() {
            return Err(format!("a visitor could not be erased: {}", erased.text).into());
        }
        self.ledger.played.erased += u32::from(!self.visitors[visitor].erased);
        (self.visitors[visitor].erased, self.visitors[visitor].closed) = (true, true);
        self.revoke(|sent| sent.visitor == visitor);
        for device in &mut self.visitors[visitor].devices {
            let back = device.get(&self.house.desk.router, CHAT, "/api/conversation").await;
            if back.status != StatusCode::UNAUTHORIZED {
                self.ledger.note(format!("visitor {visitor} was erased, and came back"));
            }
        }
        Ok(())
    }

    /// The manager takes along what is kept of a visitor: the desk's file and the vault's.
    pub(super) async fn export(&mut self, visitor: usize) -> Result<(), Failure> {
        let path = format!("/api/privacy/visitors/{}", self.visitors[visitor].id);
        let said = self.looks_up(&format!("{path}/export")).await?;
        if said.is_done() {
            self.judge_what_was_said(visitor, &said.text);
        }
        let granted = self.acts(MANAGERS_PLACE, &format!("{path}/vault-export"), json!({ "reference": CASE })).await?;
        let Some(key) = granted.json()["key"].as_str().map(str::to_owned) else { return Ok(()) };
        let shown = |by| Shown {
            key: key.clone(),
            by,
            path: "/export".to_owned(),
            fields: vec![("otk".to_owned(), key.clone())],
            sent: 0,
        };
        for other in [By::Stranger, By::Person(0)] {
            if self.show(&shown(other)).await?.is_done() {
                self.ledger.note(format!("{other:?} opened an export"));
            }
        }
        if !self.show(&shown(By::Person(MANAGERS_PLACE))).await?.is_done() {
            return Ok(());
        }
        let manager = &mut self.people[MANAGERS_PLACE];
        let page = manager.browser.get(&self.house.vault.public, VAULT, "/export").await;
        if page.text.contains("/export/confirm")
            && let Some(code) = manager.vault_code(&self.house)
        {
            // The code may have taken half a minute: the desk goes on vouching meanwhile.
            self.house.desk.desk.turn().await?;
            manager.vault(&self.house, "/export/confirm", &[("code", &code)]).await;
        }
        let file = manager.vault(&self.house, "/export/file", &[]).await;
        if file.status == StatusCode::OK {
            self.judge_what_was_taken_along(visitor, &file);
        }
        Ok(())
    }

    fn judge_what_was_said(&mut self, visitor: usize, file: &str) {
        if file.contains(&words(visitor)) == self.visitors[visitor].erased {
            self.ledger.note(format!("the desk's file of visitor {visitor} is not what is kept of them"));
        }
        let answers = (0..self.ledger.sent.len()).map(marker).chain([PAN.to_owned()]);
        if answers.into_iter().any(|answer| file.contains(&answer)) {
            self.ledger.note(format!("the desk's file of visitor {visitor} holds an answer"));
        }
    }

    fn judge_what_was_taken_along(&mut self, visitor: usize, file: &Reply) {
        self.ledger.played.exported += 1;
        let json = file.json();
        let forms = json["forms"].as_array().into_iter().flatten();
        let values: Vec<&str> = forms
            .flat_map(|form| form["answers"].as_array().into_iter().flatten())
            .filter_map(|answer| answer["value"].as_str())
            .collect();
        if values.contains(&CODE) {
            self.ledger.note(format!("the file of visitor {visitor} holds what was off the record"));
        }
        let holds = |number| values.contains(&marker(number).as_str());
        for number in 0..self.ledger.sent.len() {
            let sent = &self.ledger.sent[number];
            let wrong = match (holds(number), sent.visitor == visitor) {
                (true, false) => Some("holds somebody else's answers"),
                (true, true) if sent.over => Some("holds answers after their end"),
                (false, true) if self.must_be_there(number) => Some("lacks answers that are kept"),
                _ => None,
            };
            if let Some(wrong) = wrong {
                self.ledger.note(format!(
                    "the file of visitor {visitor} {wrong}, of form {number}: {}",
                    Value::from(values.clone())
                ));
            }
        }
    }
}
