//! The vault's two faces on the real store, keys and memory, with a clock and randomness of the tests' own.
#![expect(clippy::unwrap_used, reason = "tests may panic")]

mod api;
mod audit;
mod authorisation;
mod browser;
mod factor;
mod form;
mod headers;
mod history;
mod house;
mod keeping;
mod keys;
mod life;
mod memory;
mod mutual_tls;
mod reopening;
mod revocation;
mod sealing;
mod view;
mod zone;
