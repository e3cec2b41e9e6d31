//! The vault's viewer inside the workspace: a page of masked answers, revealed one by one, alive as long as the right is.

use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use tokio::time::timeout;

use super::browser::{Browser, Initiator, JourneyError};
use super::page::{attribute, tags};

/// An open view.
#[derive(Clone)]
pub struct View {
    /// The view's name.
    pub id: String,
    /// The names of the answers that can be revealed.
    pub answers: Vec<String>,
    /// The page itself.
    pub html: String,
    vault: String,
}

#[derive(Deserialize)]
struct Revealed {
    text: String,
}

impl View {
    /// Redeems a `view` OTK together with the browser's viewer cookie.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn open(browser: &mut Browser, vault: &str, submission: &str, key: &str) -> Result<Self, JourneyError> {
        let step = "view";
        let fields = [("submission", submission), ("otk", key)];
        let reply = browser.post_form(&format!("{vault}/view"), Initiator::Page(vault), &fields).await?;
        let html = reply.expect(step, &[200])?.text();
        let id = tags(&html, "body")
            .chain(tags(&html, "main"))
            .find_map(|tag| attribute(tag, "data-view"))
            .ok_or_else(|| JourneyError::lacking(step, "the view's name"))?;
        let answers = revealable(&html);
        Ok(Self { id, answers, html, vault: vault.to_owned() })
    }

    /// Reveals one answer.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn reveal(&self, browser: &mut Browser, answer: &str) -> Result<String, JourneyError> {
        let url = format!("{}/view/reveal", self.vault);
        let body = json!({ "view": self.id, "answer": answer });
        let reply = browser.post_json(&url, Initiator::Page(&self.vault), &body).await?;
        Ok(reply.expect("reveal", &[200])?.json::<Revealed>("reveal")?.text)
    }

    /// Confirms with a code, so that answers can be revealed for a while (S4).
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn confirm(&self, browser: &mut Browser, code: &str) -> Result<(), JourneyError> {
        let url = format!("{}/view/confirm", self.vault);
        let body = json!({ "view": self.id, "code": code });
        browser.post_json(&url, Initiator::Page(&self.vault), &body).await?.expect("confirm", &[200]).map(drop)
    }

    /// Closes the view, as its *done* button does.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn done(&self, browser: &mut Browser) -> Result<(), JourneyError> {
        let url = format!("{}/view/done", self.vault);
        let reply = browser.post_json(&url, Initiator::Page(&self.vault), &json!({ "view": self.id })).await?;
        reply.expect("close the view", &[200, 204]).map(drop)
    }

    /// Listens to whether the right still lives.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn live(&self, browser: &mut Browser) -> Result<LiveView, JourneyError> {
        let url = format!("{}/view/live/{}", self.vault, self.id);
        let response = browser.stream(&url, Initiator::Page(&self.vault)).await?;
        let status = response.status();
        if status != 200 {
            let headers = response.headers().clone();
            let body = response.bytes().await.map(|bytes| bytes.to_vec()).unwrap_or_default();
            let reply = Box::new(super::Reply { status, headers, body });
            return Err(JourneyError::Refused { step: "listen to the view".into(), reply });
        }
        Ok(LiveView { response, text: String::new() })
    }
}

/// The answers whose row carries a button to reveal them.
fn revealable(html: &str) -> Vec<String> {
    let rows: Vec<&str> = html.split(" data-answer=").skip(1).collect();
    let masked = rows.iter().filter(|row| row.contains(" data-reveal"));
    masked.filter_map(|row| attribute(&format!("a={row}"), "a")).collect()
}

/// The view's stream of events.
pub struct LiveView {
    response: reqwest::Response,
    text: String,
}

impl LiveView {
    /// What the next event says; nothing when the stream has ended.
    ///
    /// # Errors
    /// When the stream breaks.
    pub async fn next(&mut self) -> Result<Option<String>, JourneyError> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let name =
                    event.lines().find_map(|line| line.strip_prefix("event:")).map(|name| name.trim().to_owned());
                self.text = rest.to_owned();
                match name {
                    Some(name) => return Ok(Some(name)),
                    None => continue,
                }
            }
            match self.response.chunk().await {
                Ok(Some(bytes)) => self.text.push_str(&String::from_utf8_lossy(&bytes)),
                Ok(None) => return Ok(None),
                Err(error) => {
                    return Err(JourneyError::NoAnswer {
                        step: "listen to the view".into(),
                        reason: super::browser::reason(&error),
                    });
                }
            }
        }
    }

    /// Waits until the vault says that the view is closed, or ends the stream.
    ///
    /// # Errors
    /// When it does neither within `limit`.
    pub async fn closed_within(mut self, limit: Duration) -> Result<(), JourneyError> {
        let wait = async {
            loop {
                match self.next().await {
                    Ok(Some(said)) if said != "closed" => {}
                    _ => return,
                }
            }
        };
        timeout(limit, wait)
            .await
            .map_err(|_| JourneyError::Silence { step: "the view closes".into(), seconds: limit.as_secs() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_masked_answers_can_be_revealed() {
        let html = r#"<div class="row" data-answer="name"><span>Ada</span></div>
            <div class="row" data-answer="number" data-card="yes"><button data-reveal data-show="x">Reveal</button></div>"#;
        assert_eq!(revealable(html), ["number"]);
    }
}
