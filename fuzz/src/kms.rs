//! What a cloud's key service answers: the one conversation that a vault begins itself.

use aside_vault_keys_kms::fuzzing::replies;
use http::StatusCode;

/// The status in the first line, the body behind it. Only a 200 seals, opens or describes; and whatever is said of a reply that does
/// not goes to our log: one line, and short.
pub(crate) fn reply(input: &[u8]) {
    let Some(end) = input.iter().position(|byte| *byte == b'\n') else { return };
    let Ok(status) = StatusCode::from_bytes(&input[..end]) else { return };
    let body = &input[end + 1..];
    let replies = replies(status, body);
    for held in [&replies.sealed, &replies.opened] {
        assert!(*held != Ok(0), "nothing was taken for something");
        assert!(held.as_ref().is_ok_and(|bytes| *bytes <= body.len()) || held.is_err(), "more came out than went in");
    }
    let [sealed, opened] = [replies.sealed, replies.opened].map(|held| held.map(|_| ()));
    for taken in [sealed, opened, replies.usable] {
        match taken {
            Ok(()) => assert_eq!(status, StatusCode::OK, "a refusal was taken for an answer"),
            Err(error) => {
                let said = error.to_string();
                assert!(said.len() < 300 && !said.contains(char::is_control), "{said:?} would be logged");
            }
        }
    }
}
