//! An authenticator app of somebody in the house: it shows one-time codes, and knows which it has given away, since a code
//! works once.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aside_base::{Clock, Timestamp};
use aside_factor::{STEP_SECONDS, TotpError, TotpSecret};
use serde::{Deserialize, Serialize};

/// Milliseconds of one step.
const STEP: i64 = STEP_SECONDS as i64 * 1000;
/// How long the former step's code must still be good to be worth giving away.
const STILL_GOOD: i64 = 8_000;

/// A code app with one secret. Clones are the same app.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CodeApp {
    secret: Arc<TotpSecret>,
    /// The last step whose code was given away.
    given: Arc<Mutex<i64>>,
}

impl TryFrom<String> for CodeApp {
    type Error = TotpError;

    fn try_from(text: String) -> Result<Self, TotpError> {
        Ok(Self { secret: Arc::new(TotpSecret::from_text(&text)?), given: Arc::default() })
    }
}

impl From<CodeApp> for String {
    fn from(app: CodeApp) -> Self {
        app.text()
    }
}

impl fmt::Debug for CodeApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeApp(…)")
    }
}

impl CodeApp {
    /// The secret as a person types it into an app.
    #[must_use]
    pub fn text(&self) -> String {
        self.secret.to_text().to_string()
    }

    /// The code that the app shows at `now`.
    #[must_use]
    pub fn shown(&self, now: Timestamp) -> String {
        self.secret.code(now).to_string()
    }

    /// Seconds until the app shows another code, 1 to 30.
    #[must_use]
    pub fn seconds_left(now: Timestamp) -> i64 {
        (STEP - now.0.rem_euclid(STEP) + 999) / 1000
    }

    /// A code that was not given away before. Servers take the code before and the code after the one that is shown, so
    /// three are to be had at once; for a fourth it waits for the next step, as a person would have to.
    pub async fn next(&self, clock: &dyn Clock) -> String {
        loop {
            match self.take(clock.now()) {
                Ok(code) => return code,
                Err(wait) => tokio::time::sleep(wait).await,
            }
        }
    }

    fn take(&self, now: Timestamp) -> Result<String, Duration> {
        let mut given = self.given.lock().unwrap_or_else(PoisonError::into_inner);
        let (step, left) = (now.0.div_euclid(STEP), STEP - now.0.rem_euclid(STEP));
        let oldest = if left > STILL_GOOD { step - 1 } else { step };
        let next = oldest.max(*given + 1);
        if next > step + 1 {
            return Err(Duration::from_millis(left.unsigned_abs()));
        }
        *given = next;
        Ok(self.shown(Timestamp(next * STEP)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> CodeApp {
        CodeApp::try_from("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned()).unwrap()
    }

    #[test]
    fn three_codes_are_to_be_had_at_once_and_none_twice() {
        let (app, now) = (app(), Timestamp(1_795_348_810_000));
        let codes: Vec<String> = (0..3).map(|_| app.take(now).unwrap()).collect();
        let step = now.0 / STEP;
        let expected: Vec<String> = (step - 1..=step + 1).map(|step| app.shown(Timestamp(step * STEP))).collect();
        assert_eq!(codes, expected);
        assert_eq!(app.clone().take(now), Err(Duration::from_millis(20_000)));
        let later = Timestamp(now.0 + 20_000);
        assert_eq!(app.take(later), Ok(app.shown(Timestamp(later.0 + STEP))));
    }

    #[test]
    fn a_code_that_is_about_to_die_is_not_given_away() {
        let (app, now) = (app(), Timestamp(1_795_348_833_000));
        assert_eq!(CodeApp::seconds_left(now), 27);
        let dying = Timestamp(1_795_348_833_000 + 23_000);
        assert_eq!(app.take(dying), Ok(app.shown(dying)));
    }

    #[test]
    fn an_app_is_written_as_its_secret() {
        assert_eq!(serde_json::to_string(&app()).unwrap(), "\"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ\"");
        assert!(serde_json::from_str::<CodeApp>("\"short\"").is_err());
        assert_eq!(format!("{:?}", app()), "CodeApp(…)");
    }
}
