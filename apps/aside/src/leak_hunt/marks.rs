//! What the hunt plants: the same few words at the head of every answer, so that one search finds any of thousands.

use aside_base::Rng;

use crate::leak::Mark;

/// How every planted name begins.
const NAME: &str = "Quexolotl Brandywine";
/// How every planted note begins.
const NOTE: &str = "zybvander: the blue door, 3rd & last";
/// Published test numbers; nobody's cards. The last is mistyped on purpose.
pub(super) const CARDS: [&str; 5] =
    ["4111111111111111", "5555555555554444", "4012888888881881", "6011111111111117", "5105105105105100"];
/// One digit off: refused, and searched for all the same.
pub(super) const MISTYPED: &str = "4111111111111112";
/// How every planted security code begins.
const CODE: &str = "73";

/// The answers to one form.
pub(super) struct Answers {
    pub(super) name: String,
    pub(super) number: &'static str,
    pub(super) code: String,
    pub(super) note: String,
}

impl Answers {
    pub(super) fn make_up(rng: &dyn Rng) -> Self {
        let [a, b, c, d] = rng.bytes::<4>();
        let tail: String = [a, b, c].map(|byte| char::from(b'a' + byte % 26)).into_iter().collect();
        Self {
            name: format!("{NAME} {tail}"),
            number: CARDS[usize::from(d) % CARDS.len()],
            code: format!("{CODE}{}", a % 10),
            note: format!("{NOTE} {tail}"),
        }
    }

    pub(super) fn card(&self) -> [(&'static str, &str); 4] {
        [("name", &self.name), ("number", self.number), ("expiry", "04/39"), ("cvv", &self.code)]
    }
}

/// What must lie nowhere.
pub(super) fn all() -> Vec<Mark> {
    let mut marks = vec![
        Mark::text("a name", NAME),
        Mark::text("a note", NOTE),
        Mark::card_number("a mistyped card number", MISTYPED),
        // Three digits are everywhere; with their field before them they are a submission.
        Mark::text("a security code as it was sent", &format!("q-cvv={CODE}")),
        Mark::text("a security code in JSON", &format!("\"q-cvv\":\"{CODE}")),
    ];
    marks.extend(CARDS.iter().map(|number| Mark::card_number("a card number", number)));
    marks
}
