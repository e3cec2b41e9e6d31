//! What every parser that reads the network must survive, and what must be true of whatever it takes.
//!
//! A [`Target`] is a function of bytes that panics when something is wrong. `cargo test` replays the kept corpus and tries
//! thousands of inputs made from it; `cargo xtask fuzz` lets coverage guide it.

mod chain;
mod desk;
mod factor;
mod form;
mod kms;
mod names;
mod text;
mod web;
mod wire;

/// A parser with what must hold of it.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name: of the program, and of the corpus's folder.
    pub name: &'static str,
    /// Runs it on one input.
    pub run: fn(&[u8]),
}

macro_rules! targets {
    ($($name:ident = $run:path),+ $(,)?) => {
        /// All targets.
        pub const TARGETS: &[Target] = &[$(Target { name: stringify!($name), run: $run }),+];
    };
}

targets! {
    names = names::names,
    form_body = form::body,
    sealed_form = form::sealed,
    opened_form = form::opened,
    definition = form::definition,
    answers = form::answers,
    masking = text::masking,
    languages = text::languages,
    headers = web::headers,
    zone_json = wire::zone_json,
    codes = factor::codes,
    passkey_json = factor::json,
    passkey_attestation = factor::attestation,
    passkey_assertion = factor::assertion,
    export_line = chain::export_line,
    checkpoint = chain::checkpoint,
    kms_reply = kms::reply,
    desk_feed = desk::feed,
    desk_key = desk::key,
    captcha = desk::captcha,
}

/// Runs the target of this name, for the programs of the guided runs.
///
/// # Panics
/// When there is none, or when the target finds something.
pub fn run(name: &str, input: &[u8]) {
    let target = TARGETS.iter().find(|target| target.name == name);
    (target.unwrap_or_else(|| panic!("no target is called {name}")).run)(input);
}

/// The input as text, for parsers that are only ever given text.
fn text(input: &[u8]) -> Option<&str> {
    std::str::from_utf8(input).ok()
}
