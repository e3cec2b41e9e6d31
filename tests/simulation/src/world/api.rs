//! The vault's API, as another program uses it with its key (V7).

use http::StatusCode;
use serde_json::{Value, json};

use super::{PAN, World};
use crate::browser::Browser;
use crate::house::{Failure, VAULT};
use crate::invariant;
use crate::ledger::marker;

impl World {
    /// The program reads every answer of a form by its token.
    pub(super) async fn detokenise(&mut self, number: usize) -> Result<(), Failure> {
        let Some(submission) = invariant::submission_of(self, number)? else { return Ok(()) };
        let (router, key) = (&self.house.vault.public, &self.house.api_key);
        let described = Browser::program(router, VAULT, key, &format!("/api/v1/submissions/{submission}"), None).await;
        let described = described.json();
        let text = |answer: &Value, name: &str| answer[name].as_str().unwrap_or_default().to_owned();
        let answers = described["answers"].as_array().cloned().unwrap_or_default();
        let tokens: Vec<_> = answers.iter().map(|answer| text(answer, "token")).collect();
        let asked = json!({ "tokens": tokens });
        let read = Browser::program(router, VAULT, key, "/api/v1/detokenise", Some(&asked)).await;
        if !read.is_done() {
            if !self.house.vault.sealed || read.status != StatusCode::SERVICE_UNAVAILABLE {
                self.ledger.note(format!("the answers of form {number} could not be read: {}", read.text));
            }
            return Ok(());
        }
        let (over, must) = (self.ledger.sent[number].over, self.must_be_there(number));
        let opened = read.json()["answers"].as_array().cloned().unwrap_or_default();
        self.ledger.played.detokenised += u32::from(opened.iter().any(|opened| !opened["value"].is_null()));
        for (answer, opened) in answers.iter().zip(&opened) {
            let question = text(answer, "question");
            let value = opened["value"].as_str();
            let clear = match question.as_str() {
                "name" | "note" => Some(marker(number)),
                "number" => Some(PAN.to_owned()),
                _ => None,
            };
            let wrong = match value {
                Some(_) if question == "cvv" => "was off the record, and was read",
                Some(_) if over => "was read after its end",
                Some(_) if self.house.vault.sealed => "was read while the keys were sealed",
                Some(value) if clear.is_some_and(|clear| clear != value) => "is not what was sent",
                None if must && question != "cvv" => "is kept, and was not read",
                _ => continue,
            };
            self.ledger.note(format!("the {question} of form {number} {wrong}: {opened}"));
        }
        Ok(())
    }
}
