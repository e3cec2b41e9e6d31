//! Everybody of the demo, brought to work once: the first password changed, the code apps set up at the desk and at the vault.

use aside_base::Timestamp;
use serde::Serialize;

use super::DemoError;
use crate::house::{CodeApp, House, Role};
use crate::journey::{Agent, Setting};

/// Somebody to be played, with what that takes.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Person {
    pub(super) role: Role,
    pub(super) name: String,
    pub(super) display_name: String,
    pub(super) password: String,
    /// The secret of the code app for signing in, where the person has one.
    pub(super) sign_in: Option<CodeApp>,
    /// The secret of the code app for confirming at the vault, where the person has one.
    pub(super) confirm: Option<CodeApp>,
}

/// The codes of one moment, for the first page.
#[derive(Debug, Serialize)]
pub(super) struct Codes {
    /// Seconds until they change.
    pub(super) seconds: i64,
    /// By code app, in the order of the page.
    pub(super) codes: Vec<String>,
}

/// Whoever was not at work before signs in for the first time, in a browser that is then forgotten.
///
/// # Errors
/// When desk or vault refuses, or what somebody signs in with cannot be kept.
pub(super) async fn arrive(house: &House, setting: &Setting) -> Result<Vec<Person>, DemoError> {
    let mut people = Vec::new();
    for account in &house.accounts {
        let failed = |error| DemoError::Arrival { who: account.name.clone(), error };
        let settled = account.secrets().await.settled;
        if !settled {
            let mut agent = Agent::at_work(setting, account).await.map_err(failed)?;
            agent.logout().await.map_err(failed)?;
        }
        let mut secrets = account.secrets().await;
        if !settled {
            secrets.settled = true;
            account.keep(&secrets).map_err(|error| house.cannot_keep(error))?;
        }
        people.push(Person {
            role: account.role,
            name: account.name.clone(),
            display_name: account.display_name.clone(),
            password: secrets.password.clone(),
            sign_in: secrets.desk_code.clone(),
            confirm: secrets.vault_code.clone(),
        });
    }
    Ok(people)
}

/// What all code apps show at `now`.
pub(super) fn codes(people: &[Person], now: Timestamp) -> Codes {
    let apps = people.iter().flat_map(|person| [&person.sign_in, &person.confirm]).flatten();
    Codes { seconds: CodeApp::seconds_left(now), codes: apps.map(|app| spaced(&app.shown(now))).collect() }
}

/// Three and three, as apps show them.
pub(super) fn spaced(code: &str) -> String {
    let (first, second) = code.split_at(code.len() / 2);
    format!("{first} {second}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_come_in_the_order_of_the_page() {
        let app = |secret: &str| CodeApp::try_from(secret.to_owned()).ok();
        let rfc = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        let person = |sign_in, confirm| Person {
            role: Role::Agent,
            name: "dana".into(),
            display_name: "Dana".into(),
            password: "p".into(),
            sign_in,
            confirm,
        };
        let people = [person(app(rfc), None), person(None, None), person(app(rfc), app(rfc))];
        // RFC 6238 appendix B.
        let codes = codes(&people, Timestamp(59_000));
        assert_eq!((codes.seconds, codes.codes), (1, vec!["287 082".to_owned(); 3]));
    }
}
