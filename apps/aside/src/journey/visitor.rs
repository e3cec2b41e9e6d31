//! A visitor: the widget on a brand's page, the vault's form page inside it, or a link followed from elsewhere.

use std::sync::Arc;

use aside_base::SiteId;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Setting;
use super::browser::{Browser, Initiator, JourneyError, Reply};
use super::feed::Feed;
use super::page::FormPage;
use super::sealing::FormKey;

/// What a click on an invitation brings: step 2.
#[derive(Clone, Deserialize)]
pub struct OpenKey {
    /// The `open` OTK.
    pub key: String,
    /// Where it is POSTed.
    pub action: String,
    /// Where the form is once this device has opened it.
    pub form: String,
}

/// Posts an `open` OTK from a page of `from`, wherever it came from, and does not go on.
///
/// # Errors
/// When the vault refuses.
pub async fn press(browser: &mut Browser, vault: &str, from: Initiator<'_>, key: &str) -> Result<Reply, JourneyError> {
    let reply = browser.post_form(&format!("{vault}/open"), from, &[("otk", key)]).await?;
    reply.expect("open", &[200, 303])
}

/// A visitor of one site.
#[derive(Clone)]
pub struct Visitor {
    /// The visitor's browser.
    pub browser: Browser,
    setting: Setting,
}

impl Visitor {
    /// Comes to a site whose page carries the widget.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn visit(setting: &Setting, site: &SiteId) -> Result<Self, JourneyError> {
        Self::visit_in(Browser::new()?, setting, site).await
    }

    /// Comes to a site in a given browser.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn visit_in(browser: Browser, setting: &Setting, site: &SiteId) -> Result<Self, JourneyError> {
        let mut visitor = Self { browser, setting: setting.clone() };
        visitor.post("/api/visit", "visit", &json!({ "site": site })).await?;
        Ok(visitor)
    }

    /// A second device that has followed nothing yet: another browser without this one's cookies.
    #[must_use]
    pub fn another_device(&self) -> Self {
        Self { browser: self.browser.another(), setting: self.setting.clone() }
    }

    /// Writes a message; the first one begins the conversation. Tells the conversation's id.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn say(&mut self, text: &str) -> Result<String, JourneyError> {
        let body = json!({ "id": self.setting.fresh_id(), "text": text });
        let entry: Value = self.post("/api/messages", "say", &body).await?.json("say")?;
        entry["conversation"].as_str().map(str::to_owned).ok_or_else(|| JourneyError::lacking("say", "conversation"))
    }

    /// The entries of the conversation, as the visitor sees them.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn entries(&mut self) -> Result<Vec<Value>, JourneyError> {
        let step = "read the conversation";
        let chat = &self.setting.origins.chat;
        let reply = self.browser.get(&format!("{chat}/api/conversation"), Initiator::Page(chat)).await?;
        let whole: Value = reply.expect(step, &[200])?.json(step)?;
        whole["entries"].as_array().cloned().ok_or_else(|| JourneyError::lacking(step, "entries"))
    }

    /// Tells that an invitation is on the screen.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn receive(&mut self, invitation: &str) -> Result<(), JourneyError> {
        self.post(&format!("/api/invitations/{invitation}/received"), "receive", &json!({})).await.map(drop)
    }

    /// Clicks on an invitation: step 2, its first half.
    ///
    /// # Errors
    /// When the desk or the vault refuses.
    pub async fn click(&mut self, invitation: &str) -> Result<OpenKey, JourneyError> {
        self.post(&format!("/api/invitations/{invitation}/open"), "click", &json!({})).await?.json("click")
    }

    /// Asks for a new form.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn ask(&mut self, invitation: &str) -> Result<(), JourneyError> {
        self.post(&format!("/api/invitations/{invitation}/ask"), "ask", &json!({})).await.map(drop)
    }

    /// Loads the vault's first tiny page, which sees whether cookies stick.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn begin(&mut self) -> Result<(), JourneyError> {
        let Self { browser, setting } = self;
        let reply =
            browser.get(&format!("{}/begin", setting.origins.vault), Initiator::Page(&setting.origins.chat)).await?;
        reply.expect("begin", &[200]).map(drop)
    }

    /// Posts the `open` OTK from the widget and follows to the form: step 2, its second half.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn load(&mut self, open: &OpenKey) -> Result<FormPage, JourneyError> {
        let invitation = open.form.rsplit('/').next().unwrap_or_default().to_owned();
        let chat = self.setting.origins.chat.clone();
        let reply = self.browser.post_form(&open.action, Initiator::Page(&chat), &[("otk", &open.key)]).await?;
        let reply = reply.expect("open", &[200, 303])?;
        self.follow(reply, &invitation).await
    }

    /// Clicks, begins and loads: the whole of step 2.
    ///
    /// # Errors
    /// When desk or vault refuses.
    pub async fn open(&mut self, invitation: &str) -> Result<FormPage, JourneyError> {
        let key = self.click(invitation).await?;
        self.begin().await?;
        self.load(&key).await
    }

    /// Follows a link and presses its button.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn open_link(&mut self, link: &str, invitation: &str) -> Result<FormPage, JourneyError> {
        let landing = self.browser.get(link, Initiator::Person).await?.expect("follow the link", &[200])?;
        let key =
            super::hidden_key(&landing.text()).ok_or_else(|| JourneyError::lacking("follow the link", "a button"))?;
        let vault = self.setting.origins.vault.clone();
        let reply = press(&mut self.browser, &vault, Initiator::Page(&vault), &key).await?;
        self.follow(reply, invitation).await
    }

    /// Comes back to a form that this device has opened.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn come_back(&mut self, invitation: &str) -> Result<FormPage, JourneyError> {
        let vault = self.setting.origins.vault.clone();
        let reply = self.browser.get(&format!("{vault}/form/{invitation}"), Initiator::Page(&vault)).await?;
        FormPage::read(invitation, reply.expect("load the form", &[200])?.text())
    }

    /// Sends the answers: step 3. The fields are named without their `q-`.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn submit(&mut self, page: &FormPage, answers: &[(&str, &str)]) -> Result<Reply, JourneyError> {
        let names: Vec<String> = answers.iter().map(|(name, _)| format!("q-{name}")).collect();
        let mut fields = vec![("otk", page.key.as_str())];
        fields.extend(names.iter().map(String::as_str).zip(answers.iter().map(|(_, answer)| *answer)));
        let vault = &self.setting.origins.vault;
        let url = format!("{vault}/form/{}", page.invitation);
        let reply = self.browser.post_form(&url, Initiator::Page(vault), &fields).await?;
        reply.expect("submit", &[200, 303])
    }

    /// Sends the answers sealed to the vault's key, as the page's script does.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn submit_sealed(&mut self, page: &FormPage, answers: &[(&str, &str)]) -> Result<Reply, JourneyError> {
        let vault = self.setting.origins.vault.clone();
        let key = FormKey::ask(&mut self.browser, &vault).await?;
        let names: Vec<String> = answers.iter().map(|(name, _)| format!("q-{name}")).collect();
        let fields: Vec<_> = names.iter().map(String::as_str).zip(answers.iter().map(|(_, answer)| *answer)).collect();
        let sealed = key.seal(&vault, page, &fields, Arc::clone(&self.setting.rng))?;
        let url = format!("{vault}/form/{}", page.invitation);
        let fields = [("otk", page.key.as_str()), ("key", &key.id), ("sealed", &sealed)];
        self.browser.post_form(&url, Initiator::Page(&vault), &fields).await?.expect("submit", &[200, 303])
    }

    /// Chooses not to answer.
    ///
    /// # Errors
    /// When the vault refuses.
    pub async fn decline(&mut self, page: &FormPage) -> Result<Reply, JourneyError> {
        let vault = &self.setting.origins.vault;
        let url = format!("{vault}/form/{}/decline", page.invitation);
        let reply = self.browser.post_form(&url, Initiator::Page(vault), &[("otk", &page.key)]).await?;
        reply.expect("decline", &[200, 303])
    }

    /// The visitor's feed.
    ///
    /// # Errors
    /// When the desk refuses.
    pub async fn feed(&self, after: Option<i64>) -> Result<Feed, JourneyError> {
        Feed::open(&self.browser, &self.setting.origins.chat, after).await
    }

    async fn follow(&mut self, reply: Reply, invitation: &str) -> Result<FormPage, JourneyError> {
        if reply.status == 200 {
            return FormPage::read(invitation, reply.text());
        }
        let path = reply.location().ok_or_else(|| JourneyError::lacking("open", "a place to go on"))?;
        if path.rsplit('/').next() != Some(invitation) {
            return Err(JourneyError::lacking("open", "the right place to go on"));
        }
        self.come_back(invitation).await
    }

    async fn post(&mut self, path: &str, step: &str, body: &Value) -> Result<Reply, JourneyError> {
        let chat = &self.setting.origins.chat;
        let reply = self.browser.post_json(&format!("{chat}{path}"), Initiator::Page(chat), body).await?;
        reply.expect(step, &[200, 201, 204])
    }
}
