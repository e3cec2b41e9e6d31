//! What visitors do with forms: open, load, send, put away, and what strangers make of their requests.

use aside_base::Clock as _;
use aside_wire::Reopen;
use http::StatusCode;
use serde_json::json;

use super::{CODE, PAN, World};
use crate::browser::{Browser, Reply};
use crate::house::{CHAT, Failure, VAULT};
use crate::invariant;
use crate::ledger::{By, Shown, marker};

impl World {
    pub(super) async fn open(&mut self, number: usize, device: usize) -> Result<(), Failure> {
        let sent = self.ledger.sent[number].clone();
        let browser = &mut self.visitors[sent.visitor].devices[device];
        let path = format!("/api/invitations/{}/open", sent.id);
        let clicked = browser.call(&self.house.desk.router, CHAT, &path, json!({})).await.json();
        let Some(key) = clicked["key"].as_str().map(str::to_owned) else { return Ok(()) };
        let shown = Shown {
            key: key.clone(),
            by: By::Device(sent.visitor, device),
            path: "/open".to_owned(),
            fields: vec![("otk".to_owned(), key)],
            sent: number,
        };
        let reply = self.show(&shown).await?;
        self.ledger.shown.push(shown);
        if reply.status == StatusCode::SEE_OTHER {
            self.load(number, device).await?;
        }
        Ok(())
    }

    pub(super) async fn load(&mut self, number: usize, device: usize) -> Result<(), Failure> {
        let sent = &self.ledger.sent[number];
        let browser = &mut self.visitors[sent.visitor].devices[device];
        let page = browser.get(&self.house.vault.public, VAULT, &format!("/form/{}", sent.id)).await;
        if page.status == StatusCode::OK
            && let Some(key) = page.key()
        {
            if sent.acknowledged.is_some() || sent.closed_for_good {
                self.ledger.note(format!("form {number} was loaded again"));
            }
            if self.house.vault.sealed {
                self.ledger.note(format!("form {number} was offered while the keys were sealed"));
            }
            let sent = &mut self.ledger.sent[number];
            (sent.key, sent.device) = (Some(key), device);
        }
        Ok(())
    }

    pub(super) async fn submit(&mut self, number: usize, well: bool) -> Result<(), Failure> {
        let sent = self.ledger.sent[number].clone();
        let Some(key) = sent.key else { return Ok(()) };
        let name = marker(number);
        let number_given = if well { PAN } else { "4111111111111112" };
        let card = [
            ("otk", key.as_str()),
            ("q-name", &name),
            ("q-number", number_given),
            ("q-expiry", "04/40"),
            ("q-cvv", CODE),
        ];
        let note = [("otk", key.as_str()), ("q-note", if well { name.as_str() } else { "" })];
        let fields: &[(&str, &str)] = if sent.card { &card } else { &note };
        let shown = Shown {
            key: key.clone(),
            by: By::Device(sent.visitor, sent.device),
            path: format!("/form/{}", sent.id),
            fields: fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            sent: number,
        };
        self.show(&shown).await?;
        self.ledger.shown.push(shown);
        Ok(())
    }

    /// Declines a form, or leaves it.
    pub(super) async fn put_away(&mut self, number: usize, how: &str) -> Result<(), Failure> {
        let sent = self.ledger.sent[number].clone();
        let Some(key) = sent.key else { return Ok(()) };
        let browser = &mut self.visitors[sent.visitor].devices[sent.device];
        let path = format!("/form/{}/{how}", sent.id);
        let reply = browser.post(&self.house.vault.public, VAULT, VAULT, &path, &[("otk", &key)]).await;
        if reply.is_done() && sent.acknowledged.is_some() {
            self.ledger.note(format!("form {number} was sent, and could be put away by {how} afterwards"));
        }
        let once = self.reopen() == Reopen::Once;
        if reply.is_done() && (how == "decline" || once) {
            self.ledger.sent[number].closed_for_good = true;
        }
        Ok(())
    }

    pub(super) async fn replay(&mut self, number: usize, stranger: bool) -> Result<(), Failure> {
        self.ledger.played.replayed += 1;
        let mut shown = self.ledger.shown[number].clone();
        if stranger {
            shown.by = By::Stranger;
        }
        let open_before = self.ledger.accepted.contains_key(&shown.key);
        let reply = self.show(&shown).await?;
        // A link works for whoever has it, once: a stranger who is first takes the binding, and the visitor asks anew (S14).
        if stranger && reply.is_done() && shown.path == "/open" && !open_before {
            self.ledger.sent[shown.sent].key = None;
        }
        Ok(())
    }

    /// Sends a request with a key, and judges what came back.
    pub(super) async fn show(&mut self, shown: &Shown) -> Result<Reply, Failure> {
        let fields: Vec<(&str, &str)> =
            shown.fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mut nobody = Browser::default();
        let page = if shown.path == "/open" { CHAT } else { VAULT };
        let browser = match shown.by {
            By::Device(visitor, device) => &mut self.visitors[visitor].devices[device],
            By::Person(person) => &mut self.people[person].browser,
            By::Stranger => &mut nobody,
        };
        let reply = browser.post(&self.house.vault.public, page, VAULT, &shown.path, &fields).await;
        self.judge(shown, &reply)?;
        Ok(reply)
    }

    /// A key lets one browser through, once. What was let through before may be told so again, in the same browser: that the
    /// form is open there, that it was sent.
    fn judge(&mut self, shown: &Shown, reply: &Reply) -> Result<(), Failure> {
        if !reply.is_done() {
            return Ok(());
        }
        let former = self.ledger.accepted.insert(shown.key.clone(), shown.by);
        if former.is_some_and(|former| former != shown.by) {
            self.ledger.note(format!("a key for {} let two browsers through", shown.path));
        }
        if shown.path == "/view" && former.is_some() {
            self.ledger.note("a view key worked twice".to_owned());
        }
        if shown.path.starts_with("/form/") { self.judge_sent(shown) } else { Ok(()) }
    }

    fn judge_sent(&mut self, shown: &Shown) -> Result<(), Failure> {
        let (sealed, now) = (self.house.vault.sealed, self.house.clock.now());
        let sent = &mut self.ledger.sent[shown.sent];
        let By::Device(_, device) = shown.by else {
            self.ledger.note(format!("form {} was sent by {:?}", shown.sent, shown.by));
            return Ok(());
        };
        if sent.closed_for_good {
            self.ledger.note(format!("form {} was sent after it was closed for good", shown.sent));
        } else if sent.acknowledged.is_some_and(|first| first.device != device) {
            self.ledger.note(format!("form {} was sent from two devices", shown.sent));
        } else if sent.acknowledged.is_none() {
            self.ledger.played.answered += 1;
            sent.acknowledged = Some(crate::ledger::Acknowledged { device, at: now });
            if sealed {
                self.ledger.note(format!("form {} was taken while the keys were sealed", shown.sent));
            }
            return invariant::remember_what_is_sealed(self, shown.sent);
        }
        Ok(())
    }
}
