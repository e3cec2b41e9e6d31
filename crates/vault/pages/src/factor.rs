//! The agent's second factors at the vault (A5), set up in the vault's own frame: the desk sees none of it.

use aside_base::{Origin, Timestamp};
use askama::Template;

use crate::icon::Icon;
use crate::shell::render;
use crate::viewer::Frame;
use crate::{Page, Pages, ending};

/// The factors that an agent has.
#[derive(Debug, Clone, Copy)]
pub struct Factors<'a> {
    /// Since when there is a code app.
    pub code: Option<Timestamp>,
    /// Since when there is each passkey.
    pub passkeys: &'a [Timestamp],
    /// Whether another one may be added now: there is none yet, or one was confirmed just now.
    pub open: bool,
    /// Whether one was set up just now.
    pub fresh: bool,
}

impl Factors<'_> {
    const fn any(&self) -> bool {
        self.code.is_some() || !self.passkeys.is_empty()
    }
}

/// A code app that is being set up.
pub struct CodeApp<'a> {
    /// Its secret in base32.
    pub secret: &'a str,
    /// The square to scan: `1` for dark, `0` for light, without a border.
    pub square: &'a [String],
    /// Whether the code that was typed did not match.
    pub wrong: bool,
}

/// A confirmation that is asked for before another factor is set up.
#[derive(Debug, Clone, Copy)]
pub struct Confirm {
    /// Whether there is a code app.
    pub code: bool,
    /// Whether there is a passkey.
    pub passkey: bool,
    /// What went wrong with the last try.
    pub trouble: Option<ConfirmTrouble>,
}

/// Why a confirmation was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConfirmTrouble {
    /// The code did not match; so many tries are left.
    Wrong {
        /// At least 1.
        left: u8,
    },
    /// Too many codes did not match.
    Locked {
        /// Until it can be tried again.
        seconds: u64,
    },
}

#[derive(Template)]
#[template(path = "factor.html")]
struct FactorPage<'a> {
    frame: Frame<'a>,
    factors: Factors<'a>,
    passkeys: Vec<String>,
    code: Option<String>,
    heading: String,
    lead: String,
    phone: Icon,
    fingerprint: Icon,
    plus: Icon,
    done: Icon,
}

#[derive(Template)]
#[template(path = "code-app.html")]
struct CodeAppPage<'a> {
    frame: Frame<'a>,
    app: &'a CodeApp<'a>,
    /// The secret in groups of four.
    secret: String,
    drawn: String,
    side: usize,
    alert: Icon,
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct ConfirmPage<'a> {
    frame: Frame<'a>,
    /// Where the code goes, where the page goes on, and where it goes back.
    code_to: &'static str,
    next: &'static str,
    back: &'static str,
    confirm: Confirm,
    icon: Icon,
    heading: String,
    text: String,
    fingerprint: Icon,
}

impl Pages {
    /// What an agent's code app and passkeys call the vault: another name than the desk's.
    #[must_use]
    pub fn issuer(&self, locale: &str, brand: &str) -> String {
        self.words(locale).tell("factor-issuer", &[("brand", brand.into())])
    }

    /// The agent's factors, and how to add one.
    #[must_use]
    pub fn factors(&self, locale: &str, desks: &[&Origin], factors: Factors<'_>) -> Page {
        let words = self.words(locale);
        let since = |at: &Timestamp| words.tell("factor-since", &[("date", (&ending::moment(*at).1).into())]);
        let (heading, lead) = match (factors.any(), factors.fresh) {
            (false, _) => ("factor-none", "factor-none-lead"),
            (true, true) => ("factor-fresh", "factor-fresh-lead"),
            (true, false) => ("factor-held", "factor-held-lead"),
        };
        let page = FactorPage {
            frame: Frame::new(words, desks, "factor").ready(factors.any()),
            factors,
            passkeys: factors.passkeys.iter().map(since).collect(),
            code: factors.code.as_ref().map(since),
            heading: words.say(heading),
            lead: words.say(lead),
            phone: Icon::PHONE,
            fingerprint: Icon::FINGERPRINT,
            plus: Icon::PLUS,
            done: Icon::DONE,
        };
        Frame::page(render(&page), false)
    }

    /// A code app that is being set up. The page holds its secret.
    #[must_use]
    pub fn code_app(&self, locale: &str, desks: &[&Origin], app: &CodeApp<'_>) -> Page {
        let page = CodeAppPage {
            frame: Frame::new(self.words(locale), desks, "factor-step"),
            app,
            secret: in_fours(app.secret),
            drawn: drawn(app.square),
            side: app.square.len() + 2 * BORDER,
            alert: Icon::ALERT,
        };
        Frame::page(render(&page), true)
    }

    /// Asks for a factor that is there before another one is set up.
    #[must_use]
    pub fn confirm(&self, locale: &str, desks: &[&Origin], confirm: Confirm) -> Page {
        let ways = ["/factor/confirm", "/factor", "/factor"];
        self.confirmation(locale, desks, confirm, "factor-step", ["factor-first", "factor-first-lead"], ways)
    }

    /// Asks for a factor before what is stored is handed out.
    #[must_use]
    pub fn confirm_export(&self, locale: &str, desks: &[&Origin], confirm: Confirm) -> Page {
        let ways = ["/export/confirm", "/export", "/viewer"];
        self.confirmation(locale, desks, confirm, "viewing", ["export-confirm", "export-confirm-lead"], ways)
    }

    fn confirmation(
        &self,
        locale: &str,
        desks: &[&Origin],
        confirm: Confirm,
        tell: &'static str,
        said: [&str; 2],
        [code_to, next, back]: [&'static str; 3],
    ) -> Page {
        let words = self.words(locale);
        let (icon, heading, text) = match confirm.trouble {
            None => (Icon::LOCK, words.say(said[0]), words.say(said[1])),
            Some(ConfirmTrouble::Wrong { left }) => {
                let shown = left.to_string();
                let args = [("count", u64::from(left).into()), ("shown", (&shown).into())];
                (Icon::ALERT, words.say("viewer-code-wrong"), words.tell("viewer-code-wrong-lead", &args))
            }
            Some(ConfirmTrouble::Locked { seconds }) => {
                let minutes = seconds.div_ceil(60);
                let shown = minutes.to_string();
                let args = [("count", minutes.into()), ("shown", (&shown).into())];
                (Icon::ALERT, words.tell("viewer-code-locked", &args), words.say("viewer-code-locked-lead"))
            }
        };
        let frame = Frame::new(words, desks, tell);
        let fingerprint = Icon::FINGERPRINT;
        let page = ConfirmPage { frame, code_to, next, back, confirm, icon, heading, text, fingerprint };
        Frame::page(render(&page), false)
    }
}

impl ConfirmPage<'_> {
    const fn is_wrong(&self) -> bool {
        matches!(self.confirm.trouble, Some(ConfirmTrouble::Wrong { .. }))
    }

    const fn is_locked(&self) -> bool {
        matches!(self.confirm.trouble, Some(ConfirmTrouble::Locked { .. }))
    }
}

/// The light border that scanners need, in dots (ISO/IEC 18004).
const BORDER: usize = 4;

/// The dark dots as one path, each run of a row one stroke of it.
fn drawn(square: &[String]) -> String {
    let mut path = String::new();
    for (y, row) in square.iter().enumerate() {
        let mut x = 0;
        for run in row.as_bytes().chunk_by(|one, next| one == next) {
            if run[0] == b'1' {
                path.push_str(&format!("M{} {}h{}v1h-{}z", x + BORDER, y + BORDER, run.len(), run.len()));
            }
            x += run.len();
        }
    }
    path
}

fn in_fours(secret: &str) -> String {
    let characters: Vec<char> = secret.chars().collect();
    characters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_is_drawn_in_runs_inside_its_border() {
        let square = ["1101".to_owned(), "0001".to_owned()];
        assert_eq!(drawn(&square), "M4 4h2v1h-2zM7 4h1v1h-1zM7 5h1v1h-1z");
        assert_eq!(in_fours("GEZDGNBVG"), "GEZD GNBV G");
    }
}
