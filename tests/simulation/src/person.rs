//! People: those of the desk, who sign in with all that it takes, and visitors with two devices.

use aside_base::Clock as _;
use aside_factor::TotpSecret;
use serde_json::{Value, json};

use crate::browser::{Browser, Reply};
use crate::house::{CHAT, DESK, Failure, House, PASSWORD, VAULT};

/// Somebody of the desk, with a browser and two code apps, one for each zone.
pub(crate) struct Person {
    pub(crate) name: &'static str,
    pub(crate) id: String,
    pub(crate) browser: Browser,
    /// Counts sign-ins: a right belongs to one of them.
    pub(crate) session: u32,
    pub(crate) signed_in: bool,
    desk_app: Option<TotpSecret>,
    vault_app: Option<TotpSecret>,
    vault_step: i64,
}

impl Person {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            id: String::new(),
            browser: Browser::default(),
            session: 0,
            signed_in: false,
            desk_app: None,
            vault_app: None,
            vault_step: 0,
        }
    }

    pub(crate) async fn desk(&mut self, house: &House, path: &str, body: Value) -> Reply {
        self.browser.call(&house.desk.router, DESK, path, body).await
    }

    /// Signs in, in a fresh browser: password, code, and the vault's viewer. A code works once, so the clock is moved on first.
    pub(crate) async fn sign_in(&mut self, house: &House) -> Result<(), Failure> {
        house.clock.advance_seconds(31);
        self.browser = Browser::default();
        self.signed_in = false;
        let login = json!({ "site": "northwind", "name": self.name, "password": PASSWORD });
        let mut reply = self.desk(house, "/api/login", login).await;
        loop {
            if !reply.is_done() {
                return Err(format!("{} could not sign in: {}", self.name, reply.text).into());
            }
            let session = reply.json();
            let session = if session["session"].is_object() { session["session"].clone() } else { session };
            match session["stage"].as_str() {
                Some("ready") => {
                    self.id = session["agent"]["id"].as_str().unwrap_or_default().to_owned();
                    break;
                }
                Some("set_up_factor") => {
                    let begun = self.desk(house, "/api/factors/totp", json!({})).await.json();
                    let app = TotpSecret::from_text(begun["secret"].as_str().unwrap_or_default())?;
                    let code = app.code(house.clock.now()).to_string();
                    self.desk_app = Some(app);
                    reply = self.desk(house, "/api/factors/totp/confirm", json!({ "code": code })).await;
                }
                Some("second_factor") => {
                    let app = self.desk_app.as_ref().ok_or("no code app")?;
                    let code = app.code(house.clock.now()).to_string();
                    reply = self.desk(house, "/api/session/code", json!({ "code": code })).await;
                }
                other => return Err(format!("{}: stage {other:?}: {}", self.name, reply.text).into()),
            }
        }
        self.signed_in = true;
        self.session += 1;
        Ok(())
    }

    /// Makes this browser the session's viewer, and sets a code app up at the vault the first time. False while the vault
    /// cannot be reached.
    pub(crate) async fn enrol(&mut self, house: &House) -> bool {
        let session = self.browser.get(&house.desk.router, DESK, "/api/session").await.json();
        let Some(key) = session["enrolment"].as_str() else { return false };
        let body = json!({ "key": key });
        let enrolled = self.browser.call(&house.vault.public, VAULT, "/viewer/enrol", body).await;
        if !enrolled.is_done() {
            return false;
        }
        if self.vault_app.is_none() {
            let page = self.vault(house, "/factor/totp", &[]).await;
            let secret = page.between("translate=\"no\">", "<").unwrap_or_default();
            let Ok(app) = TotpSecret::from_text(&secret) else { return false };
            let code = app.code(house.clock.now()).to_string();
            self.vault_app = Some(app);
            self.vault_step = house.clock.now().0 / 30_000;
            return self.vault(house, "/factor/totp/confirm", &[("code", &code)]).await.is_done();
        }
        true
    }

    /// Posts a form of the vault's own page.
    pub(crate) async fn vault(&mut self, house: &House, path: &str, fields: &[(&str, &str)]) -> Reply {
        self.browser.post(&house.vault.public, VAULT, VAULT, path, fields).await
    }

    /// What the vault's code app shows, once in thirty seconds.
    pub(crate) fn vault_code(&mut self, house: &House) -> Option<String> {
        let app = self.vault_app.as_ref()?;
        if self.vault_step == house.clock.now().0 / 30_000 {
            house.clock.advance_seconds(30);
        }
        self.vault_step = house.clock.now().0 / 30_000;
        Some(app.code(house.clock.now()).to_string())
    }

    /// Confirms a view with the vault's code app.
    pub(crate) async fn confirm(&mut self, house: &House, view: &str) {
        let Some(code) = self.vault_code(house) else { return };
        let body = json!({ "view": view, "code": code });
        self.browser.call(&house.vault.public, VAULT, "/view/confirm", body).await;
    }
}

/// A visitor with a phone and a laptop, both known to the desk as the same person.
pub(crate) struct Visitor {
    pub(crate) id: String,
    pub(crate) devices: [Browser; 2],
    pub(crate) conversation: String,
    /// Whether the desk closed the conversation.
    pub(crate) closed: bool,
    /// Whether the desk erased the visitor.
    pub(crate) erased: bool,
}

impl Visitor {
    /// Comes to the site and says something; the second device has the desk's cookie too, and none of the vault's.
    pub(crate) async fn visit(house: &House, fresh: &str, words: &str) -> Result<Self, Failure> {
        let mut phone = Browser::default();
        let router = &house.desk.router;
        let visit = phone.call(router, CHAT, "/api/visit", json!({ "site": "northwind" })).await.json();
        let id = visit["visitor"].as_str().unwrap_or_default().to_owned();
        let said = phone.call(router, CHAT, "/api/messages", json!({ "id": fresh, "text": words })).await;
        let conversation = said.json()["conversation"].as_str().map(str::to_owned);
        let conversation = conversation.ok_or_else(|| format!("a visitor could not write: {}", said.text))?;
        let mut devices = [phone.clone(), phone];
        for device in &mut devices {
            // The hidden first page, which sees that cookies stick.
            device.get(&house.vault.public, VAULT, "/begin").await;
        }
        Ok(Self { id, devices, conversation, closed: false, erased: false })
    }
}
