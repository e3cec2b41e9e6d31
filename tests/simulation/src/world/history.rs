//! Looking back: what is stored, after the close, by whoever may, with a reason (V6).

use serde_json::json;

use super::{CASE, World};
use crate::house::{Failure, MANAGERS_PLACE};
use crate::ledger::By;

impl World {
    /// A conversation is closed, the vault hears of it, and the manager looks at whatever was answered in it.
    pub(super) async fn past(&mut self, visitor: usize) -> Result<(), Failure> {
        self.close(visitor).await?;
        self.turn().await?;
        for number in 0..self.ledger.sent.len() {
            if self.ledger.sent[number].visitor == visitor {
                self.history(number).await?;
            }
        }
        self.settled = false;
        Ok(())
    }

    pub(super) async fn history(&mut self, number: usize) -> Result<(), Failure> {
        let sent = self.ledger.sent[number].clone();
        let conversation = &self.visitors[sent.visitor].conversation;
        let path = format!("/api/conversations/{conversation}/invitations/{}/history", sent.id);
        let asked = json!({ "reason": "dispute", "reference": CASE });
        let grant = self.acts(MANAGERS_PLACE, &path, asked).await?.json();
        let (Some(submission), Some(key)) = (grant["submission"].as_str(), grant["key"].as_str()) else {
            return Ok(());
        };
        if !self.visitors[sent.visitor].closed {
            self.ledger.note(format!("form {number} was read as history while its conversation went on"));
        }
        let others = vec![By::Person(sent.agent)];
        if self.show_view(number, MANAGERS_PLACE, submission, key, others, true).await? {
            self.ledger.played.looked_back += 1;
            let view = self.ledger.views.len() - 1;
            self.reveal(view, false).await?;
            self.reveal(view, true).await?;
        }
        Ok(())
    }
}
