//! How long a refusal takes says nothing about who has an account (A3).
//!
//! Pairs of tries, one after the other, so that whatever else the machine does falls on both. Were the two alike, each would
//! be the slower one of a pair as often as a coin falls on heads: outside of 5 to 45 of 50 less than once in a billion runs.
//! A skipped hash, a write or a wait for one of them falls on the same side every time.
//! `cargo test -p aside-desk-http --test routes timing -- --nocapture` shows the figures.

use std::time::{Duration, Instant};

use aside_desk_http::password::Cost;
use serde_json::json;

use crate::actor::Anonymous;
use crate::house::{DESK, House};

const PAIRS: usize = 50;

#[expect(clippy::disallowed_methods, reason = "it measures")]
async fn refused(browser: &Anonymous, name: &str) -> Duration {
    let begun = Instant::now();
    let login = json!({"site": "northwind", "name": name, "password": "not the password 7"});
    let reply = browser.post("/api/login", login).await;
    let taken = begun.elapsed();
    assert_eq!(reply.refusal(), (401, "login_failed".into()));
    taken
}

#[tokio::test]
async fn an_unknown_name_takes_as_long_as_a_wrong_password() {
    let house = House::with_cost(Cost::LEAST).await;
    let browser = Anonymous::at(&house, DESK);
    let (mut known, mut unknown, mut slower) = (Vec::new(), Vec::new(), 0);
    for pair in 0..=PAIRS {
        // Long enough for the counters to forget.
        house.clock.advance_seconds(3_600);
        let nobody = format!("nobody{pair}");
        let (first, second) = if pair % 2 == 0 {
            let first = refused(&browser, "dana").await;
            (first, refused(&browser, &nobody).await)
        } else {
            let second = refused(&browser, &nobody).await;
            (refused(&browser, "dana").await, second)
        };
        // The first pair warms up.
        if pair > 0 {
            slower += usize::from(first > second);
            known.push(first);
            unknown.push(second);
        }
    }
    known.sort_unstable();
    unknown.sort_unstable();
    let millis = |times: &[Duration], part: usize| times[(times.len() - 1) * part / 4].as_secs_f64() * 1_000.0;
    let spread = |times: &[Duration]| (millis(times, 1), millis(times, 2), millis(times, 3));
    println!("quartiles in ms: wrong password {:.2?}, unknown name {:.2?}", spread(&known), spread(&unknown));
    println!("the wrong password took longer in {slower} of {PAIRS} pairs");
    assert!((5..=PAIRS - 5).contains(&slower), "{slower} of {PAIRS}");
    let ratio = millis(&known, 2) / millis(&unknown, 2);
    assert!((0.5..=2.0).contains(&ratio), "{ratio}");
}
