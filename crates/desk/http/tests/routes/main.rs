//! The desk's routes over the real SQLite store in a temporary folder, with a vault that nobody started: what the desk
//! does by itself, and what it says while the vault is down. Both zones together are walked through in `tests/journey`.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "tests may panic")]

mod actor;
mod audit;
mod authorisation;
mod feed;
mod hosts;
mod house;
mod invitations;
mod locking;
mod lockout;
mod login;
mod logs;
mod messages;
mod passwords;
mod people;
mod privacy;
mod second_factor;
mod security;
mod tasks;
mod timing;
mod transfer;
