//! An agent: a workspace, and the vault's viewer frame inside it.

use aside_wire::Channel;
use http::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Setting;
use super::browser::{Body, Browser, Initiator, JourneyError, Reply};
use super::feed::Feed;
use super::sign_in::{Session, set_up_at_vault, sign_in};
use super::viewer::View;
use crate::house::{Account, CodeApp};

/// A form that can be sent.
#[derive(Debug, Clone, Deserialize)]
pub struct Form {
    /// Its name: the definition's hash.
    pub hash: String,
    /// Its short name, such as `cardholder-data`.
    pub id: String,
    /// Its title.
    pub title: String,
}

/// An invitation as its sender gets it back.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The invitation's id.
    pub invitation: String,
    /// The link, on the link channel.
    pub link: Option<String>,
    /// The transcript's entry.
    pub entry: Value,
}

/// The right to look once: a submission's name and the `view` OTK.
#[derive(Clone, Deserialize)]
pub struct Granted {
    /// The submission.
    pub submission: String,
    /// The `view` OTK.
    pub key: String,
}

/// An agent at work, or anybody else who signs in to the workspace.
#[derive(Clone)]
pub struct Agent {
    /// The agent's browser.
    pub browser: Browser,
    /// The session's id.
    pub session: String,
    /// Who it is.
    pub account: Account,
    setting: Setting,
    enrolment: Option<String>,
    permissions: Vec<String>,
    vault_factor: Option<bool>,
}

impl Agent {
    /// Signs in, in a fresh browser, with all that the site asks for: a first password is changed, a code app set up and
    /// its code given.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn login(setting: &Setting, account: &Account) -> Result<Self, JourneyError> {
        Self::login_in(Browser::new()?, setting, account).await
    }

    /// Signs in, in a given browser.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn login_in(mut browser: Browser, setting: &Setting, account: &Account) -> Result<Self, JourneyError> {
        let session = sign_in(&mut browser, setting, account).await?;
        Ok(Self {
            browser,
            session: session.session,
            account: account.clone(),
            setting: setting.clone(),
            enrolment: session.enrolment,
            permissions: session.permissions,
            vault_factor: session.vault_factor,
        })
    }

    /// Signs in and makes the browser the session's viewer, as the workspace does at once, for whoever may view.
    ///
    /// # Errors
    /// When the desk or the vault refuses.
    pub async fn at_work(setting: &Setting, account: &Account) -> Result<Self, JourneyError> {
        let mut agent = Self::login(setting, account).await?;
        if agent.permissions.iter().any(|permission| permission == "use_secure_forms") {
            agent.enrol().await?;
        }
        Ok(agent)
    }

    /// Redeems the enrolment key: this browser becomes the one that may view in this session (S4). The first time, the
    /// person's code app for the vault is set up in it.
    ///
    /// # Errors
    /// When there is no key, or the vault refuses it.
    pub async fn enrol(&mut self) -> Result<String, JourneyError> {
        let key = match self.enrolment.take() {
            Some(key) => key,
            None => self.enrolment_key().await?.ok_or_else(|| JourneyError::lacking("enrol", "an enrolment key"))?,
        };
        self.enrol_with(&key).await?;
        if self.vault_factor == Some(false) {
            set_up_at_vault(&mut self.browser, &self.setting, &self.account).await?;
            self.vault_factor = Some(true);
        }
        Ok(key)
    }

    /// Redeems `key` in this browser.
    ///
    /// # Errors
    /// When the vault refuses it.
    pub async fn enrol_with(&mut self, key: &str) -> Result<(), JourneyError> {
        let vault = &self.setting.origins.vault;
        let url = format!("{vault}/viewer/enrol");
        let reply = self.browser.post_json(&url, Initiator::Page(vault), &json!({ "key": key })).await?;
        reply.expect("enrol", &[200, 204]).map(drop)
    }

    /// Asks the desk for the session, and so for a fresh enrolment key while no viewer is enrolled.
    ///
    /// # Errors
    /// When the session is over.
    pub async fn enrolment_key(&mut self) -> Result<Option<String>, JourneyError> {
        let session: Session = self.get("/api/session", "ask for the session").await?.json("ask for the session")?;
        self.vault_factor = session.vault_factor;
        Ok(session.enrolment)
    }

    /// The forms that can be sent.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn forms(&mut self) -> Result<Vec<Form>, JourneyError> {
        self.get("/api/forms", "list the forms").await?.json("list the forms")
    }

    /// The form with this short name.
    ///
    /// # Errors
    /// When there is none.
    pub async fn form(&mut self, id: &str) -> Result<Form, JourneyError> {
        let forms = self.forms().await?;
        forms.into_iter().find(|form| form.id == id).ok_or_else(|| JourneyError::lacking("list the forms", id))
    }

    /// The site's conversations.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn conversations(&mut self) -> Result<Vec<Value>, JourneyError> {
        self.get("/api/conversations", "list the conversations").await?.json("list the conversations")
    }

    /// The entries of a conversation, as this agent sees them.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn entries(&mut self, conversation: &str) -> Result<Vec<Value>, JourneyError> {
        let step = "read the conversation";
        let whole: Value = self.get(&format!("/api/conversations/{conversation}"), step).await?.json(step)?;
        whole["entries"].as_array().cloned().ok_or_else(|| JourneyError::lacking(step, "entries"))
    }

    /// An invitation as this agent sees it in the conversation.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn invitation(&mut self, conversation: &str, invitation: &str) -> Result<Value, JourneyError> {
        let entries = self.entries(conversation).await?;
        let found = entries.into_iter().find(|entry| entry["invitation"]["id"] == invitation);
        found
            .map(|mut entry| entry["invitation"].take())
            .ok_or_else(|| JourneyError::lacking("read the conversation", "it"))
    }

    /// Writes a message.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn say(&mut self, conversation: &str, text: &str) -> Result<Value, JourneyError> {
        let body = json!({ "id": self.setting.fresh_id(), "text": text });
        self.post(&format!("/api/conversations/{conversation}/messages"), "say", &body).await?.json("say")
    }

    /// Sends a form: step 1.
    ///
    /// # Errors
    /// When the desk or the vault refuses.
    pub async fn invite(&mut self, conversation: &str, form: &str, channel: Channel) -> Result<Sent, JourneyError> {
        let id = self.setting.fresh_id();
        self.invite_as(&id, conversation, form, channel).await
    }

    /// Sends a form under a chosen id; again under the same id it is the same invitation.
    ///
    /// # Errors
    /// When the desk or the vault refuses.
    pub async fn invite_as(
        &mut self,
        id: &str,
        conversation: &str,
        form: &str,
        channel: Channel,
    ) -> Result<Sent, JourneyError> {
        let body = json!({ "id": id, "form": form, "channel": channel });
        let path = format!("/api/conversations/{conversation}/invitations");
        let mut sent: Value = self.post(&path, "send the form", &body).await?.json("send the form")?;
        let link = sent["link"].as_str().map(str::to_owned);
        Ok(Sent { invitation: id.to_owned(), link, entry: sent["entry"].take() })
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// When the desk or the vault refuses.
    pub async fn cancel(&mut self, invitation: &str) -> Result<(), JourneyError> {
        self.post(&format!("/api/invitations/{invitation}/cancel"), "cancel", &json!({})).await.map(drop)
    }

    /// Voids the link and offers the form again (S14).
    ///
    /// # Errors
    /// When the desk or the vault refuses.
    pub async fn reissue(&mut self, invitation: &str) -> Result<Option<String>, JourneyError> {
        let fresh: Value = self
            .post(&format!("/api/invitations/{invitation}/reissue"), "re-issue", &json!({}))
            .await?
            .json("re-issue")?;
        Ok(fresh["link"].as_str().map(str::to_owned))
    }

    /// Asks to look: step 6.
    ///
    /// # Errors
    /// When the desk or the vault refuses.
    pub async fn grant(&mut self, invitation: &str) -> Result<Granted, JourneyError> {
        self.post(&format!("/api/invitations/{invitation}/view"), "ask to view", &json!({})).await?.json("ask to view")
    }

    /// Looks, in this browser: step 7.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn look(&mut self, granted: &Granted) -> Result<View, JourneyError> {
        View::open(&mut self.browser, &self.setting.origins.vault, &granted.submission, &granted.key).await
    }

    /// Reveals one answer of a view, confirming with the code app where the vault asks for that (S4). Of several windows of
    /// one session one confirms, for all.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn reveal(&mut self, view: &View, answer: &str) -> Result<String, JourneyError> {
        let wants = |revealed: &Result<String, JourneyError>| {
            revealed.as_ref().is_err_and(|error| error.kind().as_deref() == Some("confirm"))
        };
        let revealed = view.reveal(&mut self.browser, answer).await;
        if !wants(&revealed) {
            return revealed;
        }
        let account = self.account.clone();
        let secrets = account.secrets().await;
        let again = view.reveal(&mut self.browser, answer).await;
        if !wants(&again) {
            return again;
        }
        self.confirm_with(view, secrets.vault_code.as_ref()).await?;
        view.reveal(&mut self.browser, answer).await
    }

    /// Confirms at the vault with the code app, so that answers of `view` can be revealed.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn confirm(&mut self, view: &View) -> Result<(), JourneyError> {
        let account = self.account.clone();
        let secrets = account.secrets().await;
        self.confirm_with(view, secrets.vault_code.as_ref()).await
    }

    async fn confirm_with(&mut self, view: &View, app: Option<&CodeApp>) -> Result<(), JourneyError> {
        let app = app.ok_or_else(|| JourneyError::lacking("confirm", "a code app for the vault"))?;
        let code = app.next(&*self.setting.clock).await;
        match view.confirm(&mut self.browser, &code).await {
            // The first came a moment too late.
            Err(error) if error.kind().as_deref() == Some("wrong_code") => {
                let code = app.next(&*self.setting.clock).await;
                view.confirm(&mut self.browser, &code).await
            }
            other => other,
        }
    }

    /// Closes a conversation.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn close(&mut self, conversation: &str) -> Result<(), JourneyError> {
        self.post(&format!("/api/conversations/{conversation}/close"), "close", &json!({})).await.map(drop)
    }

    /// Logs out: everything this session might have viewed is gone for good (S8).
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn logout(&mut self) -> Result<(), JourneyError> {
        self.post("/api/logout", "log out", &json!({})).await.map(drop)
    }

    /// The agent's feed.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn feed(&self, after: Option<i64>) -> Result<Feed, JourneyError> {
        Feed::open(&self.browser, &self.setting.origins.desk, after).await
    }

    /// Asks the desk's API as this person, whatever it answers.
    ///
    /// # Errors
    /// When nothing answers.
    pub async fn ask(&mut self, method: Method, path: &str, body: Option<&Value>) -> Result<Reply, JourneyError> {
        let desk = &self.setting.origins.desk;
        let json = body.map(Value::to_string);
        let body = json.as_deref().map_or(Body::Empty, Body::Json);
        self.browser.send(method, &format!("{desk}{path}"), Initiator::Page(desk), body).await
    }

    async fn get(&mut self, path: &str, step: &str) -> Result<Reply, JourneyError> {
        let desk = &self.setting.origins.desk;
        self.browser.get(&format!("{desk}{path}"), Initiator::Page(desk)).await?.expect(step, &[200])
    }

    async fn post(&mut self, path: &str, step: &str, body: &Value) -> Result<Reply, JourneyError> {
        let desk = &self.setting.origins.desk;
        let reply = self.browser.post_json(&format!("{desk}{path}"), Initiator::Page(desk), body).await?;
        reply.expect(step, &[200, 201, 204])
    }
}
