//! Signing in as a person does who has a code app at hand, with all that a site's policy asks for on the way: a first
//! password is changed at once, a second factor is set up, and given at each later sign-in (A2, A5).

use serde::Deserialize;
use serde_json::{Value, json};

use super::Setting;
use super::browser::{Browser, Initiator, JourneyError, Reply};
use super::page::{attribute, tags, unescaped};
use crate::house::{Account, CodeApp, Secrets, password};

/// A session as the desk tells it.
#[derive(Debug, Clone, Deserialize)]
pub struct Session {
    /// Its id.
    pub session: String,
    /// How far the sign-in has come.
    pub stage: Stage,
    /// What the person may do.
    pub permissions: Vec<String>,
    /// The key with which a browser becomes the session's viewer, while none has.
    pub enrolment: Option<String>,
    /// Whether the person has a second factor at the vault, where that is known.
    pub vault_factor: Option<bool>,
}

/// How far a sign-in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// A second factor is to be given.
    SecondFactor,
    /// The password is to be changed.
    NewPassword,
    /// A second factor is to be set up.
    SetUpFactor,
    /// Done.
    Ready,
}

/// Gives name and password in `browser`. What comes back may be unfinished.
///
/// # Errors
/// When the desk refuses.
pub async fn give_password(
    browser: &mut Browser,
    setting: &Setting,
    account: &Account,
    password: &str,
) -> Result<Session, JourneyError> {
    let credentials = json!({ "site": account.site, "name": account.name, "password": password });
    post(browser, setting, "/api/login", "login", &credentials).await?.json("login")
}

/// Signs in to the end.
///
/// # Errors
/// When the desk refuses.
pub(super) async fn sign_in(
    browser: &mut Browser,
    setting: &Setting,
    account: &Account,
) -> Result<Session, JourneyError> {
    let mut secrets = account.secrets().await;
    let mut session = match give_password(browser, setting, account, &secrets.password).await {
        // A change of the password whose answer was never seen: it may have come about.
        Err(error) if error.status() == Some(401) && secrets.next_password.is_some() => {
            secrets.password = secrets.next_password.take().unwrap_or_default();
            give_password(browser, setting, account, &secrets.password).await?
        }
        other => other?,
    };
    loop {
        session = match session.stage {
            Stage::Ready => return Ok(session),
            Stage::NewPassword => change_password(browser, setting, account, &mut secrets).await?,
            Stage::SecondFactor => {
                let app = secrets.desk_code.clone().ok_or_else(|| JourneyError::lacking("sign in", "a code app"))?;
                give_code(browser, setting, &app, "/api/session/code").await?.json("give the code")?
            }
            Stage::SetUpFactor => set_up_at_desk(browser, setting, account, &mut secrets).await?,
        };
    }
}

async fn change_password(
    browser: &mut Browser,
    setting: &Setting,
    account: &Account,
    secrets: &mut Secrets,
) -> Result<Session, JourneyError> {
    let fresh = password(&*setting.rng, &[&account.name, account.site.as_str()]);
    secrets.next_password = Some(fresh.clone());
    keep(account, secrets)?;
    let body = json!({ "current": secrets.password, "new": fresh });
    let reply = post(browser, setting, "/api/session/password", "change the password", &body).await?;
    secrets.password = fresh;
    secrets.next_password = None;
    keep(account, secrets)?;
    reply.json("change the password")
}

async fn set_up_at_desk(
    browser: &mut Browser,
    setting: &Setting,
    account: &Account,
    secrets: &mut Secrets,
) -> Result<Session, JourneyError> {
    let step = "set up a code app";
    let given: Value = post(browser, setting, "/api/factors/totp", step, &json!({})).await?.json(step)?;
    let app = app_of(given["secret"].as_str().unwrap_or_default(), step)?;
    secrets.desk_code = Some(app.clone());
    keep(account, secrets)?;
    let done: Value = give_code(browser, setting, &app, "/api/factors/totp/confirm").await?.json(step)?;
    serde_json::from_value(done["session"].clone()).map_err(|error| JourneyError::lacking(step, &error.to_string()))
}

/// Sets up a code app in the vault's frame, in which this browser is enrolled.
///
/// # Errors
/// When the vault refuses.
pub(super) async fn set_up_at_vault(
    browser: &mut Browser,
    setting: &Setting,
    account: &Account,
) -> Result<(), JourneyError> {
    let mut secrets = account.secrets().await;
    let step = "set up a code app at the vault";
    let vault = &setting.origins.vault;
    let from = Initiator::Page(vault);
    let page = browser.post_form(&format!("{vault}/factor/totp"), from, &[]).await?.expect(step, &[200])?.text();
    let app = app_of(&secret_of(&page).ok_or_else(|| JourneyError::lacking(step, "a secret"))?, step)?;
    secrets.vault_code = Some(app.clone());
    keep(account, &secrets)?;
    let code = app.next(&*setting.clock).await;
    let reply = browser.post_form(&format!("{vault}/factor/totp/confirm"), from, &[("code", &code)]).await?;
    reply.expect(step, &[200, 303]).map(drop)
}

/// The secret that the vault's page shows to be typed.
fn secret_of(page: &str) -> Option<String> {
    let tag = tags(page, "p").find(|tag| attribute(tag, "class").is_some_and(|class| class == "secret"))?;
    let text = page.split_once(tag)?.1.split_once('>')?.1.split_once('<')?.0;
    Some(unescaped(text))
}

fn app_of(secret: &str, step: &str) -> Result<CodeApp, JourneyError> {
    CodeApp::try_from(secret.to_owned()).map_err(|error| JourneyError::lacking(step, &error.to_string()))
}

/// Gives the desk a code, and the next one where the first came a moment too late.
async fn give_code(browser: &mut Browser, setting: &Setting, app: &CodeApp, path: &str) -> Result<Reply, JourneyError> {
    let code = app.next(&*setting.clock).await;
    match post(browser, setting, path, "give the code", &json!({ "code": code })).await {
        Err(error) if error.kind().as_deref() == Some("wrong_code") => {
            let code = app.next(&*setting.clock).await;
            post(browser, setting, path, "give the code", &json!({ "code": code })).await
        }
        other => other,
    }
}

fn keep(account: &Account, secrets: &Secrets) -> Result<(), JourneyError> {
    account
        .keep(secrets)
        .map_err(|error| JourneyError::NoAnswer { step: "keep what to sign in with".into(), reason: error.to_string() })
}

async fn post(
    browser: &mut Browser,
    setting: &Setting,
    path: &str,
    step: &str,
    body: &Value,
) -> Result<Reply, JourneyError> {
    let desk = &setting.origins.desk;
    browser.post_json(&format!("{desk}{path}"), Initiator::Page(desk), body).await?.expect(step, &[200, 201, 204])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_read_from_the_page_that_shows_it() {
        let page = r#"<h2>Scan</h2><p>or type</p><p class="secret" dir="ltr" translate="no">GEZD GNBV</p><label>"#;
        assert_eq!(secret_of(page).as_deref(), Some("GEZD GNBV"));
        assert_eq!(secret_of("<p class=lead>no</p>"), None);
    }
}
